"""What a database holds, in figures: rows, sums of money, and whether its files are whole."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from workshop.migrations import schemas

_MONEY = "_fen"
_REVISION = "alembic_version"
_AT_ONCE = 50


@dataclass(frozen=True)
class Figures:
    """Rows by table; sums by "table.column" of what is money; kept files, and those not whole."""

    rows: dict[str, int] = field(default_factory=dict)
    sums: dict[str, int] = field(default_factory=dict)
    files: int = 0
    broken_files: int = 0

    @property
    def all_rows(self) -> int:
        """Rows of all tables."""
        return sum(self.rows.values())

    def as_json(self) -> dict[str, Any]:
        """For the manifest of an archive."""
        return asdict(self)

    def differences(self, other: Figures) -> list[str]:
        """What is not the same, a line each: "repair_order: 12 → 11"."""
        mine, theirs = self._lines(), other._lines()
        return [
            f"{key}: {mine.get(key, '–')} → {theirs.get(key, '–')}"
            for key in sorted(mine.keys() | theirs.keys())
            if mine.get(key) != theirs.get(key)
        ]

    def _lines(self) -> dict[str, int]:
        return {**self.rows, **self.sums, "files": self.files, "broken files": self.broken_files}


def read(connection: Connection) -> Figures:
    """Count everything, as this transaction sees it; each kept file is compared with its hash."""
    inspector = sa.inspect(connection)
    rows: dict[str, int] = {}
    sums: dict[str, int] = {}
    files = broken = 0
    for name in sorted(schemas.list_tables(connection) - {_REVISION}):
        columns = inspector.get_columns(name)
        table = sa.table(name, *(sa.column(each["name"], each["type"]) for each in columns))
        money = [each.name for each in table.c if each.name.endswith(_MONEY)]
        wanted = [sa.func.coalesce(sa.func.sum(table.c[each]), 0) for each in money]
        count, *found = connection.execute(
            sa.select(sa.func.count(), *wanted).select_from(table)
        ).one()
        rows[name] = count
        sums |= {f"{name}.{each}": int(value) for each, value in zip(money, found, strict=True)}
        whole, damaged = _look_at_files(connection, table)
        files, broken = files + whole + damaged, broken + damaged
    return Figures(rows, sums, files, broken)


def _look_at_files(connection: Connection, table: sa.TableClause) -> tuple[int, int]:
    """How many of the files in a table are what their hash says, and how many are not."""
    if not {"id", "sha256", "data"} <= set(table.c.keys()):
        return 0, 0
    count = {True: 0, False: 0}
    query = sa.select(table.c.data, table.c.sha256).execution_options(yield_per=_AT_ONCE)
    for data, wanted in connection.execute(query):
        count[hashlib.sha256(data).hexdigest() == wanted] += 1
    return count[True], count[False]
