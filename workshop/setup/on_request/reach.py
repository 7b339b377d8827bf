"""Which tables speak of a customer, and how a row of each leads to whose it is.

A further table that refers to a customer, an order, an appointment or a case comes along without
a word here. What stays says why.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa

from workshop import db

# Whose row it is where a table has several owners at once: the one that this column names.
OWNER = {
    "owner_change": "owner_id",
    "deferred_work": "order_id",
    "guarantee": "order_id",
    "case": "customer_id",
    "appointment": "customer_id",
    "repair_order": "customer_id",
    "customer_contact": "customer_id",
    "consent": "customer_id",
    "customer_merge": "kept_id",
}
# Of a car only what was written in the person's own time is theirs (`collecting`).
OF_CAR = {
    "vehicle": "",
    "odometer_reading": "at",
    "plate_change": "until",
    "past_visit": "arrived_at",
}
STAYS = {
    "goods_receipt": "what a supplier delivered; the customer's share is the line of the bill",
    "stock_entry": "the shelf's own ledger",
    "reservation": "the shelf's own ledger",
    "quarantine": "defective pieces of the shop",
    "vehicle_merge": "two records of one car; the record that is kept says what counts",
    "plan_step": "a proposal of the planner, which names no person",
    "place_pin": "where the board must not move a job",
    "watch_alarm": "an alarm of the shop about its own plan",
    "attachment": "comes along as a file beside the record",
}
# Secrets, what only the program counts by, and what comes as a file of its own.
HIDDEN = frozenset({"version", "token_hash", "client_id", "pick_up_code", "data", "device"})


@cache
def list_tables() -> dict[str, tuple[sa.Column[Any], ...]]:
    """Each table that speaks of a person, with the columns that say whose a row is.

    A table stands after those that it hangs on. A column that is never empty decides alone; where
    all may be empty, any of them will do.
    """
    return _in_turn(_names({"customer"}))


@cache
def list_below_cars() -> dict[str, tuple[sa.Column[Any], ...]]:
    """The same of the tables that hang on what was written of a car, such as a line of a visit."""
    of_car = set(OF_CAR) - {"vehicle"}
    known = _names(of_car) - set(list_tables()) - of_car
    return {
        each.name: _owners(each, (known | of_car) - {each.name})
        for each in db.Model.metadata.sorted_tables
        if each.name in known
    }


def _in_turn(known: set[str]) -> dict[str, tuple[sa.Column[Any], ...]]:
    tables = [each for each in db.Model.metadata.sorted_tables if each.name in known]
    return {each.name: _owners(each, known - {each.name}) for each in tables}


def _names(first: set[str]) -> set[str]:
    found = first
    further = found
    while further:
        further = {
            table.name
            for table in db.Model.metadata.sorted_tables
            if table.name not in found | set(STAYS) | set(OF_CAR) and _owners(table, found)
        }
        found = found | further
    return found


def _owners(table: sa.Table, known: set[str]) -> tuple[sa.Column[Any], ...]:
    if table.name == "customer":
        return ()
    if table.name in OWNER:
        column = table.c[OWNER[table.name]]
        return (column,) if parent_of(column) in known else ()
    columns = [each for each in table.columns if parent_of(each) in known]
    certain = [each for each in columns if not each.nullable]
    return (certain[0],) if certain else tuple(columns)


def parent_of(column: sa.Column[Any]) -> str:
    """The table that a column refers to by its id; empty for any other column."""
    keys = [key for key in column.foreign_keys if len(key.constraint.columns) == 1]  # type: ignore[union-attr]
    return keys[0].column.table.name if keys else ""
