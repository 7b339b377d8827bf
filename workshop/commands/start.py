"""The command line's entry: it says what takes a while, and loads no more than is needed."""

from __future__ import annotations

import sys
from importlib import import_module

_FIRST_WORDS = {"demo": "Opening the demo shop: the program is being loaded …"}
# These know no shop, so they are loaded without it.
_ALONE = {"plan": ("workshop.commands.plan", "print_plan")}


def main() -> None:
    """Run the command in the arguments."""
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command in _FIRST_WORDS and "--help" not in sys.argv:
        sys.stderr.write(_FIRST_WORDS[command] + "\n")
        sys.stderr.flush()
    if command in _ALONE:
        module, name = _ALONE[command]
        getattr(import_module(module), name).main(sys.argv[2:], prog_name=f"workshop {command}")
    import_module("workshop.cli").main()
