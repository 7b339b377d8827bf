"""What the laying of one kind of rows tells: how many came, how many stay and why."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from workshop.db import Model, session
from workshop.errors import N_
from workshop.setup.starter.contents import Group
from workshop.shop.models import Branch

CHANGED = N_("was changed here")
USED = N_("is in use: %(where)s")

# What people call the tables in which a row may stand.
_PLACES = {
    "appointment_operation": N_("appointments"),
    "deferred_work": N_("deferred work"),
    "operation_part": N_("operations of your own"),
    "package_item": N_("packages of your own"),
    "quotation_line": N_("quotations"),
}
ON_THE_SHELF = N_("parts of this kind")


@dataclass(frozen=True)
class Kept:
    """A row of the set that is not taken back, and why."""

    record: Any
    reason: str
    where: str = ""


@dataclass
class Result:
    """What an act did with one kind of rows."""

    number: int = 0
    kept: list[Kept] = field(default_factory=list)


@dataclass(frozen=True)
class Count:
    """How many rows of the set there are now, and how many nobody has looked at."""

    laid: int
    unchecked: int
    listed: int


@dataclass(frozen=True)
class Kind:
    """One kind of rows that the set brings: its words, and how they come and go.

    `lay` takes the branch, the groups that were chosen and the time, and leaves own rows of the
    same code as they are; `take_back` lets go what is unused and unchanged.
    """

    name: str
    label: str
    lay: Callable[[Branch, Collection[Group], datetime], Result]
    take_back: Callable[[Branch], Result]
    count: Callable[[], Count]
    endpoint: str = ""


def count_rows(model: Any, listed: int) -> Count:
    """The rows of a model that came from the set."""
    from_set = model.starter_version.is_not(None)
    rows = list(session.scalars(select(model).where(from_set)))
    return Count(len(rows), sum(each.is_unchecked for each in rows), listed)


def codes_of(model: Any) -> set[str]:
    """The codes that rows of a model have, whoever made them."""
    return set(session.scalars(select(model.code)))


def take_back_rows(
    model: Any, own_tables: Collection[str], held: Callable[[Any], str] = lambda _row: ""
) -> Result:
    """Delete the rows of the set that nobody changed and nothing refers to.

    `own_tables` hold pieces of a row, which go with it; `held` says by which words something
    holds a row without a key of the database.
    """
    result = Result()
    query = select(model).where(model.starter_version.is_not(None)).order_by(model.code)
    for row in session.scalars(query).all():
        where = held(row) or next(_users(row, own_tables), "")
        if row.changed_at is not None:
            result.kept.append(Kept(row, CHANGED))
        elif where:
            result.kept.append(Kept(row, USED, where))
        else:
            session.delete(row)
            result.number += 1
    session.flush()
    return result


def _users(row: Any, own_tables: Collection[str]) -> Iterator[str]:
    """Where something refers to a row, in words, place after place."""
    key = row.__table__.c.id
    for other in Model.metadata.sorted_tables:
        for column in other.columns:
            refers = any(each.column is key for each in column.foreign_keys)
            if refers and other.name not in own_tables:
                used = select(sa.literal(1)).select_from(other).where(column == row.id)
                if session.execute(used.limit(1)).first() is not None:
                    yield _PLACES.get(other.name, N_("other records"))
