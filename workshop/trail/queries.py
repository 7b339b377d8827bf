"""Finding lines of the trail: by person, group, record and day; and which order a record is of."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from workshop.characters import to_half_width
from workshop.customers.models import Customer, Vehicle
from workshop.db import Model, session
from workshop.errors import N_, Invalid
from workshop.orders.models import RepairOrder
from workshop.staff.models import AuditEntry, User
from workshop.stock.models import Part

# From a record upwards; what many records share leads to none of them.
_NO_WAY_THROUGH = {
    "attachment",
    "bay",
    "branch",
    "customer",
    "operation",
    "package",
    "part",
    "role",
    "skill",
    "technician",
    "user",
    "vehicle",
}
_LONGEST_WAY = 4


@dataclass(frozen=True)
class Wanted:
    """What the page asks for; nothing set means everything of the branch.

    `by_id` 0 stands for what the program did itself; `ends_at` is the first moment that is out.
    """

    branch_id: int
    by_id: int | None = None
    group: str = ""
    record: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def find(wanted: Wanted) -> sa.Select[AuditEntry]:
    """The lines, the newest first. Raises Invalid for a record that nothing is called."""
    query = sa.select(AuditEntry).options(joinedload(AuditEntry.by))
    for condition in _conditions(wanted):
        query = query.where(condition)
    return query.order_by(AuditEntry.at.desc(), AuditEntry.id.desc())


def list_people(branch_id: int) -> list[User]:
    """Everybody of the branch, also who has left."""
    query = sa.select(User).where(User.branch_id == branch_id)
    return list(session.scalars(query.order_by(User.active.desc(), User.display_name, User.id)))


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = [_is_of_branch(wanted.branch_id)]
    if wanted.by_id is not None:
        found.append(AuditEntry.by_id == wanted.by_id if wanted.by_id else _BY_NOBODY)
    if wanted.group:
        found.append(AuditEntry.action.startswith(f"{wanted.group}.", autoescape=True))
    if wanted.starts_at:
        found.append(AuditEntry.at >= wanted.starts_at)
    if wanted.ends_at:
        found.append(AuditEntry.at < wanted.ends_at)
    if wanted.record.strip():
        found.append(_is_about(wanted.record, wanted.branch_id))
    return found


_BY_NOBODY = AuditEntry.by_id.is_(None)


def _is_of_branch(branch_id: int) -> sa.ColumnElement[bool]:
    colleagues = sa.select(User.id).where(User.branch_id == branch_id)
    return sa.or_(AuditEntry.by_id.in_(colleagues), _BY_NOBODY)


# ---- Records ----


def _is_about(text: str, branch_id: int) -> sa.ColumnElement[bool]:
    """Whether a line is about the order, customer, vehicle or part of that number or name."""
    plain = to_half_width(text).strip()
    found = [
        *_about(RepairOrder, _orders(plain, branch_id)),
        *_about(Part, list(session.scalars(sa.select(Part.id).where(Part.no == plain.upper())))),
    ]
    if not found:
        raise Invalid(
            N_("No order, customer, vehicle or part is called “%(record)s”."),
            field="record",
            record=plain[:40],
        )
    return sa.or_(*found, *_about_customers(plain))


def _orders(plain: str, branch_id: int) -> list[int]:
    vehicles, customers = _vehicles(plain), _customers(plain)
    query = sa.select(RepairOrder.id).where(
        RepairOrder.branch_id == branch_id,
        sa.or_(
            RepairOrder.no == plain.upper(),
            RepairOrder.vehicle_id.in_(vehicles),
            RepairOrder.customer_id.in_(customers),
        ),
    )
    return list(session.scalars(query))


def _vehicles(plain: str) -> list[int]:
    code = plain.upper().replace(" ", "").replace("·", "")
    query = sa.select(Vehicle.id).where(sa.or_(Vehicle.plate == code, Vehicle.vin == code))
    return list(session.scalars(query))


def _customers(plain: str) -> list[int]:
    query = sa.select(Customer.id).where(
        sa.or_(Customer.name == plain, Customer.phone == plain.replace(" ", ""))
    )
    return list(session.scalars(query))


def _about_customers(plain: str) -> list[sa.ColumnElement[bool]]:
    return [*_about(Customer, _customers(plain)), *_about(Vehicle, _vehicles(plain))]


def _about(kind: type[Model], ids: Sequence[int]) -> list[sa.ColumnElement[bool]]:
    """Whether a line is about one of these records, or about one that hangs below it."""
    if not ids:
        return []
    target = kind.__table__.name  # type: ignore[attr-defined]
    direct = sa.and_(AuditEntry.subject == target, AuditEntry.subject_id.in_(ids))
    below = [
        sa.and_(AuditEntry.subject == table, AuditEntry.subject_id.in_(_below(way, ids)))
        for table, way in ways_to(target).items()
    ]
    return [direct, *below]


Way = tuple[sa.Column[Any], ...]


@cache
def ways_to(target: str) -> dict[str, Way]:
    """For each table whose rows belong to one of the target's: the columns that lead up to it."""
    ways: dict[str, Way] = {}
    tables = Model.metadata.tables
    for _ in range(_LONGEST_WAY):
        for name, table in tables.items():
            if name in ways or name == target or name in _NO_WAY_THROUGH:
                continue
            for column in sorted(table.columns, key=lambda each: each.nullable or False):
                upper = _refers_to(column)
                if upper == target:
                    ways[name] = (column,)
                elif upper in ways and upper != name:
                    ways.setdefault(name, (column, *ways[upper]))
    return ways


def _refers_to(column: sa.Column[Any]) -> str:
    keys = [key for key in column.foreign_keys if len(key.constraint.columns) == 1]  # type: ignore[union-attr]
    return keys[0].column.table.name if keys else ""


def _below(way: Way, ids: Sequence[int]) -> Any:
    first = way[0].table
    return _walk(way, sa.select(first.c.id)).where(way[-1].in_(ids))


def _walk(way: Way, query: Any) -> Any:
    joined: Any = way[0].table
    for lower, upper in itertools.pairwise(way):
        joined = joined.join(upper.table, lower == upper.table.c.id)
    return query.select_from(joined)


def numbers_of(subject: str, ids: Iterable[int]) -> dict[int, str]:
    """The records' own numbers, where their kind has them."""
    table = Model.metadata.tables.get(subject)
    if table is None or "no" not in table.c or "id" not in table.c:
        return {}
    query = sa.select(table.c.id, table.c.no).where(table.c.id.in_(sorted(set(ids))))
    return {row[0]: str(row[1]) for row in session.execute(query)}


def orders_of(subject: str, ids: Iterable[int]) -> dict[int, str]:
    """The order's number for each of these records that belongs to one."""
    wanted = sorted(set(ids))
    if subject == "repair_order":
        query = sa.select(RepairOrder.id, RepairOrder.no).where(RepairOrder.id.in_(wanted))
        return {row[0]: row[1] for row in session.execute(query)}
    way = ways_to("repair_order").get(subject)
    if way is None:
        return {}
    own = way[0].table.c.id
    chain = _walk(way, sa.select(own, way[-1])).where(own.in_(wanted)).subquery()
    numbers = sa.select(chain.c[0], RepairOrder.no).join(RepairOrder, RepairOrder.id == chain.c[1])
    return {row[0]: row[1] for row in session.execute(numbers)}
