"""Put each fault into a copy of the tree and see whether its nearest tests notice.

    python -m tests.mutants               all of them
    python -m tests.mutants --ten         ten, other ones every day
    python -m tests.mutants NAME ...      these

It ends with 1 when fewer than nine of ten were noticed.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.mutants import rows
from tests.mutants.rows import Mutant

FLOOR = 0.9
_COPIED = ("workshop", "templates", "static", "tests", "docs", ".build")
# What the one database does not notice, the other does not either, guards apart.
_SQLITE_ALONE = ("-k", "not postgresql")
# pytest's own: all passed; some failed. Anything else means that the tests could not run.
_PASSED, _FAILED = 0, 1


def main() -> int:
    """Try the chosen faults one after the other; returns the exit status."""
    parser = argparse.ArgumentParser(prog="tests.mutants", description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--ten", action="store_true", help="ten of them, by the day")
    wanted = parser.parse_args()
    chosen = [each for each in rows.read() if not wanted.names or each.name in wanted.names]
    if wanted.ten:
        chosen = rows.choose_ten(chosen, int(time.time() // 86_400))
    with tempfile.TemporaryDirectory(prefix="workshop-mutants-") as folder:
        root = Path(folder)
        _copy(root)
        caught = sum(_try(row, root) for row in chosen)
    print(f"{caught} of {len(chosen)} caught")
    return 0 if chosen and caught >= FLOOR * len(chosen) else 1


def _copy(root: Path) -> None:
    for name in _COPIED:
        shutil.copytree(
            rows.ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__", "vendor")
        )
    (root / "static" / "vendor").symlink_to(rows.ROOT / "static" / "vendor")
    for path in rows.ROOT.glob("*.*"):
        if path.is_file():
            shutil.copy(path, root / path.name)


def _try(row: Mutant, root: Path) -> bool:
    began = time.monotonic()
    before = rows.apply(row, root)
    path = root / row.file
    try:
        is_caught = _notice(row, root)
    finally:
        path.write_text(before, encoding="utf-8")
        # Its time and size may be those of the mutant.
        Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)
    word = "caught" if is_caught else "SURVIVED"
    print(f"{word:9}{time.monotonic() - began:6.1f} s  {row.kind:20}{row.name}", flush=True)
    return is_caught


def _notice(row: Mutant, root: Path) -> bool:
    path = root / row.file
    Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)
    which = () if row.kind == "guard" else _SQLITE_ALONE
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", *which, *row.near],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
    )
    if done.returncode not in (_PASSED, _FAILED):
        raise RuntimeError(f"{row.name}: the tests did not run\n{done.stdout[-2000:]}")
    return done.returncode == _FAILED


if __name__ == "__main__":
    sys.exit(main())
