"""Shortages: what was ordered for whom, when it is expected, and whether the customer knows."""

from __future__ import annotations

from datetime import datetime

from workshop.db import session
from workshop.errors import N_, Invalid, RuleBroken
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.stock.models import Backorder, Part
from workshop.stock.shelf import Order


def note(
    part: Part,
    order: Order,
    quantity_milli: int,
    expected_at: datetime | None,
    *,
    by: User,
    at: datetime,
) -> Backorder:
    """Write down what is missing on the shelf for an order and when it is expected."""
    if quantity_milli <= 0:
        raise Invalid(N_("The quantity must be more than zero."), field="quantity")
    backorder = Backorder(
        branch_id=order.branch_id,
        part_id=part.id,
        order_id=order.id,
        quantity_milli=quantity_milli,
        expected_at=expected_at,
        noted_at=at,
        noted_by_id=by.id,
    )
    session.add(backorder)
    session.flush()
    return backorder


def change(
    backorder: Backorder, expected_at: datetime, purchase_no: str, *, by: User, at: datetime
) -> None:
    """Set what the supplier said. A later arrival has to be told to the customer again.

    Raises NotAllowed without the right, RuleBroken when the parts are here already, Invalid when
    the arrival lies in the past.
    """
    staff.require_permission(by, Permission.PICK_PARTS)
    _require_waiting(backorder)
    if expected_at < at:
        raise Invalid(N_("The parts cannot be expected in the past."), field="expected_at")
    was = backorder.expected_at
    if was is not None and expected_at > was:
        backorder.customer_told_at = None
    backorder.expected_at = expected_at
    backorder.purchase_no = purchase_no.strip()
    told = {"expected_at": expected_at.isoformat(), "was": was.isoformat() if was else None}
    audit.write(by, "stock.change_backorder", backorder, at, **told)
    session.flush()


def mark_told(backorder: Backorder, *, by: User, at: datetime) -> None:
    """The customer knows of the shortage and of the expected arrival; the advisor says so."""
    staff.require_permission(by, Permission.QUOTE)
    _require_waiting(backorder)
    backorder.customer_told_at = at
    audit.write(by, "stock.tell_customer", backorder, at)
    session.flush()


def _require_waiting(backorder: Backorder) -> None:
    if backorder.arrived_at is not None or backorder.cancelled_at is not None:
        raise RuleBroken(N_("Nobody waits for this shortage any more."), code="not_waiting")
