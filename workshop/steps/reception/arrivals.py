"""Cars that come without an appointment: stamped when they come, not when the order is opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workshop import events
from workshop.customers import rules as customer_rules
from workshop.db import session
from workshop.errors import N_, RuleBroken
from workshop.shop.models import Branch
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.reception.models import WalkIn


@dataclass(frozen=True)
class WalkInChanged(events.Event):
    """A car came without an appointment, or drove away again."""

    branch_id: int
    at: datetime


def register_walk_in(
    branch: Branch, plate: str, *, by: User, at: datetime, note: str = ""
) -> WalkIn:
    """Stamp the arrival of a car without an appointment; it may have no plate."""
    staff.require_permission(by, Permission.REGISTER_ARRIVAL)
    walk_in = WalkIn(
        branch_id=branch.id,
        plate=customer_rules.normalise_plate(plate)[:16],
        note=note.strip()[:200],
        arrived_at=at,
        by_id=by.id,
    )
    session.add(walk_in)
    audit.write(by, "reception.register_walk_in", walk_in, at)
    events.record(WalkInChanged(branch.id, at))
    return walk_in


def dismiss(walk_in: WalkIn, *, by: User, at: datetime) -> None:
    """The car drove away again. Raises RuleBroken when an order was opened for it."""
    staff.require_permission(by, Permission.REGISTER_ARRIVAL)
    if walk_in.order_id is not None:
        raise RuleBroken(N_("This car is already in reception."), code="received")
    walk_in.left_at = at
    audit.write(by, "reception.dismiss_walk_in", walk_in, at)
    events.record(WalkInChanged(walk_in.branch_id, at))
