"""The kept faults, read from `rows.toml`, and the ten of a day."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROWS = Path(__file__).with_name("rows.toml")


@dataclass(frozen=True)
class Mutant:
    """One fault: in which file what text becomes what, and which tests are nearest to it."""

    name: str
    kind: str
    file: str
    old: str
    new: str
    near: tuple[str, ...]

    @property
    def engine(self) -> str:
        """For `pytest -k`: SQLite alone, and PostgreSQL for a fault in its own SQL."""
        return "postgresql" if self.file.endswith(".postgresql.sql") else "not postgresql"


class LostText(Exception):
    """The program has changed: the row's old text is not there exactly once."""


def read() -> list[Mutant]:
    """All kept faults, in the order of the file."""
    rows = tomllib.loads(ROWS.read_text(encoding="utf-8"))["mutant"]
    return [Mutant(**row | {"near": tuple(row["near"])}) for row in rows]


def choose_ten(rows: list[Mutant], day: int) -> list[Mutant]:
    """About ten of all kinds for this day; in turn every row has its day."""
    days = -(-len(rows) // 10)
    return rows[day % days :: days]


def apply(row: Mutant, root: Path) -> str:
    """Put the fault into a tree; returns the file's text before. Raises LostText."""
    path = root / row.file
    before = path.read_text(encoding="utf-8") if path.is_file() else ""
    if before.count(row.old) != 1:
        raise LostText(f"{row.name}: {before.count(row.old)} times in {row.file}: {row.old!r}")
    path.write_text(before.replace(row.old, row.new), encoding="utf-8")
    return before
