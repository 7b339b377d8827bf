"""Which tag hangs on the key of a car, and where the car stands."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from workshop import db
from workshop.db import session
from workshop.errors import N_, RuleBroken
from workshop.orders import service as orders
from workshop.orders.models import RepairOrder
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission


def put(order: RepairOrder, key_tag: str, parked_at: str, *, by: User, at: datetime) -> None:
    """Note the tag and the place, empty for none. Raises RuleBroken for a tag of another car."""
    staff.require_permission(by, Permission.VIEW_ORDERS)
    tag, place = key_tag.strip()[:20].upper(), parked_at.strip()[:40]
    db.lock("keys", order.branch_id)
    other = find_by_tag(order.branch_id, tag)
    if other is not None and other.id != order.id:
        raise RuleBroken(
            N_("Tag %(tag)s hangs on the key of %(plate)s."),
            code="tag",
            tag=tag,
            plate=other.vehicle.called,
        )
    was = {"key_tag": order.key_tag, "parked_at": order.parked_at}
    order.key_tag, order.parked_at = tag, place
    audit.write(by, "orders.put_key", order, at, key_tag=tag, parked_at=place, was=was)
    orders.announce(order, at)


def find_by_tag(branch_id: int, key_tag: str) -> RepairOrder | None:
    """The car in the shop whose key has this tag, if any."""
    if not key_tag:
        return None
    query = select(RepairOrder).where(RepairOrder.here(branch_id), RepairOrder.key_tag == key_tag)
    found: RepairOrder | None = session.scalars(query.order_by(RepairOrder.id)).first()
    return found
