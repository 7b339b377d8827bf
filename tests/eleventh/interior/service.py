"""The acts of the step."""

from __future__ import annotations

from datetime import datetime

from workshop.steps.interior import gates
from workshop.steps.interior.models import InteriorCleaning

from workshop.db import session
from workshop.errors import require
from workshop.orders import service as orders
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission


def begin(order: RepairOrder, *, by: User, at: datetime) -> None:
    """Take a finally checked car to be cleaned inside."""
    _prepare(order, by)
    order.move_to(Stage.INTERIOR, by, at)
    audit.write(by, "interior.begin", order, at)


def clean(order: RepairOrder, *, by: User, at: datetime) -> None:
    """Record that the inside of the car is clean."""
    _prepare(order, by)
    session.add(InteriorCleaning(order_id=order.id, cleaned_at=at, by_id=by.id))
    audit.write(by, "interior.clean", order, at)


def finish(order: RepairOrder, *, by: User, at: datetime) -> None:
    """Let the car go on to its wash; raises RuleBroken before it is clean."""
    _prepare(order, by)
    require(gates.missing(order))
    order.move_to(Stage.WASH, by, at)
    audit.write(by, "interior.finish", order, at)


def play(order: RepairOrder, at: datetime) -> None:
    """What the demo does while a car waits here: the order's advisor cleans it."""
    session.add(InteriorCleaning(order_id=order.id, cleaned_at=at, by_id=order.advisor_id))
    session.flush()
    require(gates.missing(order))
    order.move_to(Stage.WASH, order.advisor, at)


def _prepare(order: RepairOrder, by: User) -> None:
    staff.require_permission(by, Permission.CLEAN_INTERIOR)
    orders.lock(order)
