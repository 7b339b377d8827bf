"""A shop with several times as much of everything: each record copied within its own branch.

People, bays, cars, orders, parts, suppliers and operations are multiplied together, so copies
hang on copies. Times stay as they are: the copied cars stand in copied bays at the same hours.
"""

from __future__ import annotations

import sqlalchemy as sa

from tests.twin import asleep_guards
from workshop import db
from workshop.db import session

# So far above the first keys that no copy meets another.
_KEYS = 10_000_000
# A shop has one of each, or no page shows them.
_ONCE = frozenset(
    {
        "branch",
        "role",
        "skill",
        "known_permission",
        "online_rules",
        "opening_hours",
        "calendar_day",
        "letterhead",
        "search_word",
        "setting",
    }
    | {"audit_entry", "applied_action", "number_series", "day_close", "call_list", "touched_thing"}
)


def fill(times: int) -> None:
    """Copy every record so many times, guards asleep meanwhile."""
    session.flush()
    with asleep_guards():
        # The first ones are copied each time, and the copies are not.
        tables = [each for each in db.Model.metadata.sorted_tables if each.name not in _ONCE]
        for number in range(1, times + 1):
            for table in tables:
                session.execute(sa.text(_copy(table, number)))
    session.expire_all()


def _copy(table: sa.Table, number: int) -> str:
    unique = _to_be_told_apart(table)
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    values = ", ".join(_value(each, number, is_unique=each in unique) for each in table.columns)
    first = " AND ".join(f'"{each.name}" < {_KEYS}' for each in table.primary_key if _is_key(each))
    return f'INSERT INTO "{table.name}" ({names}) SELECT {values} FROM "{table.name}" WHERE {first}'


def _value(column: sa.Column[object], number: int, *, is_unique: bool) -> str:
    name = f'"{column.name}"'
    if _is_key(column) or (is_unique and isinstance(column.type, sa.Integer)):
        return f"{name} + {_KEYS * number}"
    return f"{name} || '-x{number}'" if is_unique else name


def _to_be_told_apart(table: sa.Table) -> set[sa.Column[object]]:
    """One column of each uniqueness that no key of a copy keeps already."""
    rules = [each.columns for each in table.constraints if isinstance(each, sa.UniqueConstraint)]
    rules += [each.columns for each in table.indexes if each.unique]
    bare = [list(columns) for columns in rules if not any(map(_is_key, columns))]
    return {
        next(each for each in reversed(columns) if not each.foreign_keys) for columns in bare
    } - set(table.primary_key)


def _is_key(column: sa.Column[object]) -> bool:
    targets = {key.column.table.name for key in column.foreign_keys if key.column.name == "id"}
    return bool(targets - _ONCE) if column.foreign_keys else column.name in ("id", "record_id")
