"""How a state stands in a condition: written out, as the partial indexes have it.

A partial index holds only what is not over. A database takes it for a query whose condition it
can see to be the index's own, and it cannot see into a bound parameter. So an enumeration's
values in a condition are part of the statement, in one order; there are few of them, and none
comes from outside.
"""

from __future__ import annotations

import enum
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import operators


def values_of(kind: type[enum.Enum]) -> list[str]:
    """What the database keeps of an enumeration."""
    return [str(member.value) for member in kind]


class WrittenEnum(sa.Enum):
    """An enumeration as text, whose values are written into conditions."""

    cache_ok = True

    class Comparator(sa.Enum.Comparator):
        """Compares with values as they stand."""

        def operate(self, op: Any, *other: Any, **kwargs: Any) -> Any:
            """Write out members of an enumeration, leave all else as it is."""
            if op in (operators.eq, operators.ne) and isinstance(other[0], enum.Enum):
                other = (_written(other[0], self.type), *other[1:])
            elif op in (operators.in_op, operators.not_in_op) and _is_members(other[0]):
                other = (_written(in_order(other[0]), self.type), *other[1:])
            return super().operate(op, *other, **kwargs)

    comparator_factory = Comparator

    def _resolve_for_python_type(
        self, python_type: Any, matched_on: Any, matched_on_flattened: Any
    ) -> WrittenEnum | None:
        # SQLAlchemy makes a plain Enum for each enumeration that a model names.
        found: Any = super()._resolve_for_python_type(python_type, matched_on, matched_on_flattened)
        return None if found is None else found.adapt(WrittenEnum)


def one_of(column: str, members: Collection[enum.Enum]) -> str:
    """The condition of a partial index over the rows in these states."""
    values = [f"'{member.value}'" for member in in_order(members)]
    return f"{column} = {values[0]}" if len(values) == 1 else f"{column} IN ({', '.join(values)})"


def few(key: Any, *conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """That the conditions of a partial index hold, and so the row is one of few.

    SQLite does not know how few an index has in it that was empty when it counted, and begins a
    join with a table of all years. Named by their keys these come first. PostgreSQL knows it from
    the conditions themselves.
    """
    named = key.in_(sa.select(key).where(*conditions).correlate(None))
    return sa.and_(*conditions, named)


def flagged(name: str, *columns: str, flag: str) -> sa.Index:
    """A partial index over the rows that have a mark, in the words of each engine."""
    return sa.Index(
        name,
        *columns,
        sqlite_where=sa.text(f"{flag} IS 1"),
        postgresql_where=sa.text(f"{flag} IS TRUE"),
    )


def in_order(members: Collection[enum.Enum]) -> list[enum.Enum]:
    """Members as every condition names them."""
    return sorted(members, key=lambda member: str(member.value))


def _written(value: object, kind: sa.types.TypeEngine[Any]) -> sa.BindParameter[Any]:
    return sa.bindparam(
        None, value, type_=kind, literal_execute=True, expanding=isinstance(value, list)
    )


def _is_members(values: object) -> bool:
    return (
        isinstance(values, Collection)
        and bool(values)
        and all(isinstance(each, enum.Enum) for each in values)
    )
