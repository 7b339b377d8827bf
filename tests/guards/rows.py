"""Rows of any table, with no service between: what the guards of the database are tried with."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from types import EllipsisType
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Table, text
from sqlalchemy.exc import DatabaseError

from tests.factories import AT
from workshop import db
from workshop.db import session

DAY = date(2026, 11, 23)
_count = itertools.count(1)


class Another:
    """A parent row of its own, where `...` takes the one that is there."""


ANOTHER = Another()
Values = Mapping[str, Any]

# What a check of the table asks for, in columns that may be empty or that belong together.
ALSO_NEEDED: dict[str, dict[str, Any]] = {
    "absence": {"ends_at": AT + timedelta(hours=1)},
    "allocation": {
        "ends_at": AT + timedelta(minutes=45),
        "blocked_until": AT + timedelta(minutes=60),
    },
    # Every shop begins with lists whose versions are frozen.
    "checklist_item": {"version_id": ANOTHER},
    "checklist_version": {"checklist_id": ANOTHER},
    "concern_answer": {"job_id": ...},
    "hand_over": {"from_id": ANOTHER},
    "customer_merge": {"kept_id": ANOTHER},
    "vehicle_merge": {"kept_id": ANOTHER},
    "day_close": {"ends_at": AT + timedelta(hours=1)},
    "lounge_check": {"is_ok": True},
    "opening_hours": {"closes": time(18)},
    # What a file did is written while it is taken over.
    "import_batch": {"state": "applying"},
    "deferred_work": {"order_id": ...},
    "guarantee": {"order_id": ...},
    "labour_price": {"fen": 24_000},
    "operation_part": {"part_id": ...},
    "place_pin": {"keeps_bay": True},
    "plan_step": {"before": {}},
    "quotation_line": {"book_minutes": 60},
    "road_test": {"from_km": 0},
    "shift": {"ends": time(18)},
    "thread_message": {"words": "?"},
    "touched_thing": {"appointment_id": ...},
}
# An inspection of a job is a self-check, an internal rework has a job: so `...` for the job.
ALSO_NEEDED |= {"inspection": {"job_id": ...}, "rework_order": {"job_id": ...}}


def table_of(name: str) -> Table:
    """The table of this name."""
    return db.Model.metadata.tables[name]


def put(name: str, /, **values: Any) -> int:
    """Insert a row with these values, some values where one must be, and parents for it."""
    return _insert(name, values, ...)


def put_apart(name: str, /, **values: Any) -> int:
    """Insert a row that shares no parent with any other row."""
    return _insert(name, values, ANOTHER)


def _insert(name: str, values: Values, parent: EllipsisType | Another) -> int:
    table = table_of(name)
    given = {**ALSO_NEEDED.get(name, {}), **values}
    for column in table.columns:
        if not column.nullable and not column.primary_key and column.name not in given:
            given[column.name] = parent
    # What is there comes first: another one must not become it.
    order = sorted(given.items(), key=lambda item: isinstance(item[1], Another))
    keyed = {key: resolve(table.columns[key], value) for key, value in order}
    return int(session.execute(table.insert().values(keyed)).inserted_primary_key[0])


def make_row(name: str) -> None:
    """Put some row into the table if there is none yet."""
    if session.execute(sa.select(table_of(name)).limit(1)).first() is None:
        put(name)


def resolve(column: sa.Column[Any], value: Any) -> Any:
    """`...` and ANOTHER as what they stand for, an enum's value as its member."""
    if isinstance(value, Another):
        keys = [key for key in column.foreign_keys if len(key.constraint.columns) == 1]
        return put_apart(keys[0].column.table.name) if keys else some(column)
    if isinstance(value, EllipsisType):
        return some(column)
    if isinstance(value, str) and isinstance(column.type, sa.Enum) and column.type.enum_class:
        return column.type.enum_class(value)
    return value


def some(column: sa.Column[Any]) -> Any:
    """Some value of the column's kind; the parent's, where it refers to one."""
    for key in column.foreign_keys:
        if len(key.constraint.columns) > 1:
            continue
        make_row(key.column.table.name)
        return session.scalar(sa.select(key.column).order_by(key.column).limit(1))
    if column.default is not None and column.default.is_scalar:
        return column.default.arg
    if isinstance(column.type, sa.Enum):
        return column.type.enums[0] if column.type.enum_class is None else _first(column.type)
    if isinstance(column.type, db.UtcDateTime):
        return AT
    if isinstance(column.type, sa.JSON):
        return {}
    plain: dict[type, Any] = {
        str: _word(next(_count)),
        int: 1,
        bool: False,
        bytes: f"x{next(_count)}".encode(),
        date: DAY + timedelta(days=next(_count)),
        datetime: AT,
        time: time(8),
    }
    return plain[column.type.python_type]


def _word(number: int) -> str:
    """A short text of its own for each number: some columns hold six characters."""
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    word = ""
    while number:
        number, digit = divmod(number, len(digits))
        word = digits[digit] + word
    return f"x{word}"


def _first(kind: sa.Enum) -> Any:
    assert kind.enum_class is not None
    return next(iter(kind.enum_class))  # type: ignore[call-overload]


def change(name: str, row: int, /, **values: Any) -> None:
    """Update one row by SQL."""
    table = table_of(name)
    keyed = {key: resolve(table.columns[key], value) for key, value in values.items()}
    session.execute(table.update().where(table.c.id == row).values(keyed))


def read(name: str, row: int, columns: Iterable[str]) -> dict[str, Any]:
    """What stands in these columns of one row."""
    table = table_of(name)
    query = sa.select(*(table.c[each] for each in columns)).where(table.c.id == row)
    return dict(session.execute(query).mappings().one())


@contextmanager
def rolled_back() -> Iterator[None]:
    """What is written inside is forgotten afterwards."""
    session.flush()
    nested = session.begin_nested()
    try:
        yield
    finally:
        nested.rollback()


@contextmanager
def refused(words: str) -> Iterator[None]:
    """The database must refuse what is done inside, in these words (a pattern)."""
    with pytest.raises(DatabaseError, match=words), session.begin_nested():
        yield


def refuses(statement: str, words: str = "") -> None:
    """Run raw SQL that the database must not take."""
    session.flush()
    with refused(words):
        session.execute(text(statement))
