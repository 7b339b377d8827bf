"""Many rows at once: the tables are spoken to without a record object for each row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from workshop import db
from workshop.db import session

# So many values SQLite takes in one statement, with room to spare.
MOST_KEYS = 500


def insert(table: sa.Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows; a column that a row does not name has its plain default.

    Each value is made ready once, by its column's own type, and handed to the driver as it is: half
    of the time of the usual way.
    """
    for names, some in _alike(rows).items():
        given, blanks = ", ".join(f'"{name}"' for name in names), ", ".join(_mark() for _ in names)
        by_column = zip(*(row.values() for row in some), strict=True)
        ready = [_ready(table.c[name], each) for name, each in zip(names, by_column, strict=True)]
        session.connection().exec_driver_sql(
            f'INSERT INTO "{table.name}" ({given}) VALUES ({blanks})',
            list(zip(*ready, strict=True)),
        )


def _alike(rows: Iterable[Mapping[str, Any]]) -> dict[tuple[str, ...], list[Mapping[str, Any]]]:
    """Rows that name the same columns, together: one statement takes only such."""
    groups: dict[tuple[str, ...], list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[tuple(row)].append(row)
    return groups


def defaults_of(table: sa.Table) -> dict[str, Any]:
    """What stands in the columns of a new row that nobody names."""
    defaults: dict[str, Any] = {column.name: column.default for column in table.columns}
    return {
        name: default.arg
        for name, default in defaults.items()
        if default is not None and default.is_scalar
    }


def _mark() -> str:
    return "?" if db.is_sqlite() else "%s"


def _ready(column: sa.Column[Any], values: Sequence[Any]) -> Sequence[Any]:
    """The values of a column as the driver takes them."""
    dialect = db.db.engine.dialect
    make = column.type.dialect_impl(dialect).bind_processor(dialect)
    if make is None:
        return values
    if isinstance(column.type, sa.JSON):
        return [make(value) for value in values]
    # Days and choices are few.
    known = {value: make(value) for value in set(values)}
    return [known[value] for value in values]


def read_rows(
    table: sa.Table, ids: Iterable[int], columns: Iterable[str]
) -> dict[int, dict[str, Any]]:
    """These columns of the rows that are there, by id."""
    wanted = list(columns)
    found: dict[int, dict[str, Any]] = {}
    for some in portions(list(ids), MOST_KEYS):
        query = sa.select(table.c.id, *(table.c[each] for each in wanted))
        for row in session.execute(query.where(table.c.id.in_(some))):
            found[row[0]] = dict(zip(wanted, row[1:], strict=True))
    return found


def write(statement: sa.Update | sa.Delete) -> int:
    """Carry out a statement on many rows; gives how many it was."""
    result = session.execute(statement.execution_options(synchronize_session=False))
    assert isinstance(result, sa.CursorResult)
    return int(result.rowcount)


def portions(rows: Sequence[Any], most: int) -> Iterator[Sequence[Any]]:
    """The rows, so many at a time."""
    for start in range(0, len(rows), most):
        yield rows[start : start + most]
