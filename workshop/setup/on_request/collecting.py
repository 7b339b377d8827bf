"""Everything that is kept of one customer, as plain values, and nothing of anybody else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from workshop import db
from workshop.customers.identity.models import OwnerChange
from workshop.customers.models import Customer, Vehicle
from workshop.db import session
from workshop.orders.models import Attachment, RepairOrder
from workshop.setup.on_request import reach
from workshop.staff.models import AuditEntry, User

_EVER, _NEVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
# What a former owner may still read of the car: what it is, not what became of it.
_FORMER_CAR = ("id", "make", "model", "vin", "energy")
_CHUNK = 500


@dataclass
class Kept:
    """What is kept: the ids of the person's own rows by table, and the time of each car."""

    customer: Customer
    ids: dict[str, set[int]] = field(default_factory=dict)
    spans: dict[int, tuple[datetime, datetime]] = field(default_factory=dict)
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def orders(self) -> list[RepairOrder]:
        """The person's own orders, the first first."""
        ids = sorted(self.ids.get("repair_order", ()))
        return [session.get_one(RepairOrder, each) for each in ids]

    @property
    def pictures(self) -> list[Attachment]:
        """The pictures and signatures of these orders."""
        orders = self.ids.get("repair_order", set())
        query = select(Attachment).where(Attachment.order_id.in_(orders))
        return list(session.scalars(query.order_by(Attachment.id)))


def collect(customer: Customer) -> Kept:
    """Read all of it; the records that were joined to this one are the same person."""
    kept = Kept(customer)
    for name, owners in reach.list_tables().items():
        _read(kept, name, _mine(kept, name, owners))
    _read_cars(kept)
    for name, owners in reach.list_below_cars().items():
        _read(kept, name, _mine(kept, name, owners))
    return kept


def _mine(kept: Kept, name: str, owners: tuple[sa.Column[Any], ...]) -> sa.ColumnElement[bool]:
    table = db.Model.metadata.tables[name]
    if name == "customer":
        return table.c.id.in_(_joined(kept.customer))
    return sa.or_(*(each.in_(kept.ids.get(reach.parent_of(each), set())) for each in owners))


def _joined(customer: Customer) -> set[int]:
    found, ahead = {customer.id}, {customer.id}
    while ahead:
        query = select(Customer.id).where(Customer.merged_into_id.in_(ahead))
        ahead = set(session.scalars(query)) - found
        found |= ahead
    return found


def _read(kept: Kept, name: str, condition: sa.ColumnElement[bool]) -> None:
    table = db.Model.metadata.tables[name]
    columns = [each for each in table.columns if each.name not in reach.HIDDEN]
    query = select(*columns).where(condition)
    found = session.execute(query.order_by(*table.primary_key.columns)).mappings().all()
    if not found:
        return
    if "id" in table.c:
        kept.ids.setdefault(name, set()).update(row["id"] for row in found)
    kept.rows[name] = [_plain(kept, table, dict(row)) for row in found]


# ---- Cars: only the person's own time ----


def _read_cars(kept: Kept) -> None:
    people = kept.ids["customer"]
    now = set(session.scalars(select(Vehicle.id).where(Vehicle.customer_id.in_(people))))
    ended = select(OwnerChange).where(OwnerChange.owner_id.in_(people))
    former = {each.vehicle_id: each.until for each in session.scalars(ended)}
    for car in now | set(former):
        until = _NEVER if car in now else former[car]
        kept.spans[car] = (_since(car, people, until), until)
    rows = [_car(kept, each, each in now) for each in sorted(kept.spans)]
    if rows:
        kept.rows["vehicle"], kept.ids["vehicle"] = rows, set(kept.spans)
    for name, column in reach.OF_CAR.items():
        if column:
            _read(kept, name, _in_own_time(kept, name, column))


def _since(car: int, people: Iterable[int], until: datetime) -> datetime:
    """When the car came to the person: when it left the owner before."""
    query = select(sa.func.max(OwnerChange.until)).where(
        OwnerChange.vehicle_id == car,
        OwnerChange.owner_id.not_in(list(people)),
        OwnerChange.until < until,
    )
    return session.scalar(query) or _EVER


def _car(kept: Kept, car: int, is_own: bool) -> dict[str, Any]:
    table = db.Model.metadata.tables["vehicle"]
    row = session.execute(select(table).where(table.c.id == car)).mappings().one()
    shown = {key: row[key] for key in (row if is_own else _FORMER_CAR) if key not in reach.HIDDEN}
    return _plain(kept, table, shown)


def _in_own_time(kept: Kept, name: str, column: str) -> sa.ColumnElement[bool]:
    """What was written of the car in its time, and under the person's own orders."""
    table = db.Model.metadata.tables[name]
    own = [
        sa.and_(table.c.vehicle_id == car, table.c[column] >= since, table.c[column] < until)
        for car, (since, until) in kept.spans.items()
    ]
    if "order_id" not in table.c:
        return sa.or_(sa.false(), *own)
    mine = table.c.order_id.in_(kept.ids.get("repair_order", set()))
    return sa.or_(mine, sa.and_(table.c.order_id.is_(None), sa.or_(sa.false(), *own)))


# ---- The trail ----


def list_trail(kept: Kept) -> list[dict[str, Any]]:
    """The lines of the trail about these records; of a car only those of the person's time."""
    found: list[AuditEntry] = []
    for name, ids in kept.ids.items():
        for chunk in _chunks(sorted(ids)):
            query = select(AuditEntry).where(
                AuditEntry.subject == name, AuditEntry.subject_id.in_(chunk)
            )
            found += [each for each in session.scalars(query) if _is_own_line(kept, each)]
    return [
        {
            "at": _value(each.at),
            "by": each.by.display_name if each.by else None,
            "action": each.action,
            "record": f"{each.subject} {each.subject_id}",
            "details": each.details,
        }
        for each in sorted(found, key=lambda each: each.id)
    ]


def _is_own_line(kept: Kept, line: AuditEntry) -> bool:
    if line.subject != "vehicle" or line.subject_id is None:
        return True
    since, until = kept.spans[line.subject_id]
    # The line of a change of owner stands at its border and names the other one.
    return since < line.at < until


def _chunks(ids: list[int]) -> Iterable[list[int]]:
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))


# ---- Values ----


def _plain(kept: Kept, table: sa.Table, row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _shown(kept, table.c[key], value) for key, value in row.items()}


def _shown(kept: Kept, column: sa.Column[Any], value: Any) -> Any:
    parent = reach.parent_of(column)
    if value is not None and parent == "user":
        return session.get_one(User, value).display_name
    speaks_of_people = parent in reach.list_tables() or parent == "vehicle"
    if value is not None and speaks_of_people and value not in kept.ids.get(parent, {value}):
        return None
    return _value(value)


def _value(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return None if isinstance(value, bytes) else value
