"""Put each fault into a copy of the tree and see whether its nearest tests notice.

    python -m tests.mutants               all of them
    python -m tests.mutants --ten         about ten, other ones every day
    python -m tests.mutants NAME ...      these

It ends with 1 when fewer than nine of ten were noticed.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import queue
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.mutants import rows
from tests.mutants.rows import Mutant

FLOOR = 0.9
_COPIED = ("workshop", "templates", "static", "tests", "docs", ".build")
# pytest's own: all passed; some failed. Anything else means that the tests could not run.
_PASSED, _FAILED = 0, 1
_FIRST_FAILED = re.compile(r"^(?:FAILED|ERROR|SUBFAILED).*?(tests/\S+)", re.MULTILINE)


def main() -> int:
    """Try the chosen faults; returns the exit status."""
    parser = argparse.ArgumentParser(prog="tests.mutants", description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--ten", action="store_true", help="about ten of them, by the day")
    parser.add_argument("--at-once", type=int, default=2, help="how many are tried side by side")
    wanted = parser.parse_args()
    chosen = [each for each in rows.read() if not wanted.names or each.name in wanted.names]
    if wanted.ten:
        chosen = rows.choose_ten(chosen, int(time.time() // 86_400))
    caught = _try_all(chosen, wanted.at_once)
    print(f"{caught} of {len(chosen)} caught")
    return 0 if chosen and caught >= FLOOR * len(chosen) else 1


def _try_all(chosen: list[Mutant], at_once: int) -> int:
    with tempfile.TemporaryDirectory(prefix="workshop-mutants-") as folder:
        trees: queue.Queue[Path] = queue.Queue()
        for number in range(at_once):
            _copy(Path(folder) / str(number))
            trees.put(Path(folder) / str(number))
        with ThreadPoolExecutor(at_once) as pool:
            return sum(pool.map(lambda row: _try_in_one(row, trees), chosen))


def _copy(root: Path) -> None:
    for name in _COPIED:
        # With what Python has compiled, or each tree would compile everything again.
        shutil.copytree(rows.ROOT / name, root / name, ignore=shutil.ignore_patterns("vendor"))
    (root / "static" / "vendor").symlink_to(rows.ROOT / "static" / "vendor")
    for path in rows.ROOT.glob("*.*"):
        if path.is_file():
            shutil.copy(path, root / path.name)


def _try_in_one(row: Mutant, trees: queue.Queue[Path]) -> bool:
    root = trees.get()
    try:
        return _try(row, root)
    finally:
        trees.put(root)


def _try(row: Mutant, root: Path) -> bool:
    began = time.monotonic()
    before = rows.apply(row, root)
    path = root / row.file
    try:
        noticed_by = _notice(row, root)
    finally:
        path.write_text(before, encoding="utf-8")
        # Its time and size may be those of the mutant.
        Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)
    word = "caught" if noticed_by else "SURVIVED"
    took = time.monotonic() - began
    print(f"{word:9}{took:6.1f} s  {row.kind:12} {row.name}  {noticed_by}", flush=True)
    return bool(noticed_by)


def _notice(row: Mutant, root: Path) -> str:
    """The test that noticed, or nothing. The tests make their database from the fault's own SQL."""
    path = root / row.file
    Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", "-k", row.engine, *row.near],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
    )
    if done.returncode not in (_PASSED, _FAILED):
        raise RuntimeError(f"{row.name}: the tests did not run\n{done.stdout[-2000:]}")
    if done.returncode == _PASSED:
        return ""
    found = _FIRST_FAILED.search(done.stdout)
    return found[1] if found else "a test"


if __name__ == "__main__":
    sys.exit(main())
