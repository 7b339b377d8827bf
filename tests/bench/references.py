"""What long searches have found, kept in `references.json`, so that they need not be run again.

Each entry is the objective of the best plan known of a seed, as the seven levels in order.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import astuple
from pathlib import Path

from workshop.planner.problem import Objective

FILE = Path(__file__).with_name("references.json")


class References:
    """The file, or with `is_measured` searches of one's own, which `is_kept` writes there."""

    def __init__(self, *, is_measured: bool, is_kept: bool) -> None:
        self.is_measured = is_measured
        self.is_kept = is_kept
        self._known = json.loads(FILE.read_text("utf-8")) if FILE.exists() else {}

    def of(self, name: str, seed: int, search: Callable[[], Objective]) -> Objective | None:
        """What the long search finds; without one the best that any has found, if any has."""
        known = self._find(name, seed)
        if not self.is_measured:
            return known
        found = search()
        if self.is_kept and (known is None or found < known):
            self._keep(name, seed, found)
        return found

    def _find(self, name: str, seed: int) -> Objective | None:
        levels = self._known.get(name, {}).get(str(seed))
        return None if levels is None else Objective(*levels)

    def _keep(self, name: str, seed: int, found: Objective) -> None:
        self._known.setdefault(name, {})[str(seed)] = astuple(found)
        text = json.dumps(self._known, indent=1, sort_keys=True)
        FILE.write_text(text + "\n", "utf-8")
