"""Every column that points at a customer or a vehicle, found by walking the tables themselves.

A further table with a `customer_id` or `vehicle_id` goes over without a word here. What stays says
why, and is read through the records that were joined.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from workshop import db
from workshop.db import session
from workshop.errors import N_, RuleBroken, Way

# Written once, so nothing rewrites them; readers look at the joined records too. And the joinings
# themselves speak of the records as they were.
STAYS = {
    ("odometer_reading", "vehicle_id"),
    ("owner_change", "vehicle_id"),
    ("owner_change", "owner_id"),
    ("customer", "merged_into_id"),
    ("vehicle", "merged_into_id"),
    ("customer_merge", "gone_id"),
    ("customer_merge", "kept_id"),
    ("vehicle_merge", "gone_id"),
    ("vehicle_merge", "kept_id"),
}
_JOININGS = {"customer_merge", "vehicle_merge"}
LABELS = {
    "appointment": N_("Appointments"),
    "case": N_("Cases"),
    "consent": N_("Consents"),
    "customer_contact": N_("Contacts"),
    "customer_number": N_("Numbers in an old system"),
    "deferred_work": N_("Deferred work"),
    "guarantee": N_("Guarantees"),
    "past_visit": N_("Past visits"),
    "plate_change": N_("Former plates"),
    "repair_order": N_("Repair orders with their bills and balances"),
    "vehicle": N_("Vehicles"),
}


def list_columns(kind: str) -> list[sa.Column[Any]]:
    """The columns of all tables that point at this table's id."""
    return [
        column
        for table in db.Model.metadata.sorted_tables
        for column in table.columns
        if any(key.target_fullname == f"{kind}.id" for key in column.foreign_keys)
    ]


def list_moving(kind: str) -> list[sa.Column[Any]]:
    """Those of them that go over when two records are joined."""
    return [each for each in list_columns(kind) if (each.table.name, each.name) not in STAYS]


def count(kind: str, record_id: int) -> list[tuple[str, int]]:
    """What would go over: the words for each kind of record, and how many."""
    found: dict[str, int] = {}
    for column in list_moving(kind):
        query = sa.select(sa.func.count()).select_from(column.table).where(column == record_id)
        words = LABELS.get(column.table.name, column.table.name)
        found[words] = found.get(words, 0) + (session.scalar(query) or 0)
    return [(words, number) for words, number in found.items() if number]


def move(kind: str, gone_id: int, kept_id: int) -> dict[str, Any]:
    """Let everything point at the record that is kept; the ids that went over, by column.

    Raises RuleBroken where both have what there may be once.
    """
    moved = {}
    for column in list_moving(kind):
        ids = list(session.scalars(sa.select(column.table.c.id).where(column == gone_id)))
        if ids:
            _point(column, ids, kept_id, _page_of(kind, gone_id))
            moved[_key(column)] = ids
    return moved


def move_back(kind: str, moved: dict[str, Any], gone_id: int) -> None:
    """Let what went over point at its own record again."""
    for column in list_moving(kind):
        if ids := moved.get(_key(column)):
            _point(column, ids, gone_id, _page_of(kind, gone_id))


def newest(kind: str) -> dict[str, Any]:
    """The newest id of each table that may point at such a record."""
    tables = {column.table.name: column.table for column in list_columns(kind)}
    return {
        name: session.scalar(sa.select(sa.func.max(table.c.id))) or 0
        for name, table in tables.items()
        if name not in _JOININGS
    }


def list_new(kind: str, kept_id: int, known: dict[str, Any]) -> list[str]:
    """The words for what came to the record since then."""
    found = []
    for column in list_columns(kind):
        name = column.table.name
        if name in _JOININGS or column.name == "merged_into_id":
            continue
        query = sa.select(sa.func.count()).select_from(column.table)
        query = query.where(column == kept_id, column.table.c.id > known.get(name, 0))
        if session.scalar(query):
            found.append(LABELS.get(name, name))
    return found


def _point(column: sa.Column[Any], ids: list[int], record_id: int, page: Way) -> None:
    table = column.table
    change = table.update().where(table.c.id.in_(ids)).values({column.name: record_id})
    try:
        with session.begin_nested():
            session.execute(change)
    except IntegrityError as error:
        raise RuleBroken(
            N_("Both have %(what)s that there may be only once. Settle that first."),
            code="once",
            way=page,
            what=LABELS.get(table.name, table.name),
        ) from error


def _page_of(kind: str, record_id: int) -> Way:
    """The record's own page, where what hangs on it can be moved or cancelled."""
    if kind == "customer":
        return Way("booking.show_customer", N_("Open the customer"), {"customer_id": record_id})
    return Way("booking.show_vehicle", N_("Open the vehicle"), {"vehicle_id": record_id})


def _key(column: sa.Column[Any]) -> str:
    return f"{column.table.name}.{column.name}"
