"""Cancelling an order that will not be carried out. Nothing is deleted; the number stays used."""

from __future__ import annotations

from datetime import datetime

from workshop.errors import N_, Invalid, require
from workshop.orders import effects, gates, history
from workshop.orders import service as orders
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission


def cancel_order(order: RepairOrder, reason: str, *, by: User, at: datetime) -> None:
    """Cancel with a reason, and take back each effect that the order has had (`effects`).

    Raises NotAllowed without the right, Invalid without a reason, RuleBroken when parts are
    issued or work has begun.
    """
    staff.require_permission(by, Permission.CANCEL_ORDER)
    if not reason.strip():
        raise Invalid(N_("Say why the order is cancelled."), field="reason")
    orders.lock(order)
    require(gates.missing_to_cancel(order))
    for effect in reversed(effects.list_effects(order)):
        if effect.take_back is not None:
            effect.take_back(by, at)
    history.reopen_sold(order)
    order.move_to(Stage.CANCELLED, by, at, reason.strip())
    audit.write(by, "orders.cancel", order, at, reason=reason.strip())
