"""Taking a finished car back to where work is added and taken off, until it is handed over."""

from __future__ import annotations

from datetime import datetime

from workshop.errors import N_, Invalid, require
from workshop.orders import service as orders
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.handover.reopening import effects, gates
from workshop.steps.settlement import queries as settlement


def reopen(order: RepairOrder, reason: str, *, by: User, at: datetime) -> None:
    """Take back each effect of the car's being finished (`effects`); the final check comes again.

    Raises NotAllowed without the right to change work, or to take this bill back, Invalid without
    a reason, RuleBroken in another stage, and while a credit is being decided.
    """
    staff.require_permission(by, Permission.QUOTE)
    orders.lock(order)
    require(gates.missing_to_reopen(order))
    if not reason.strip():
        raise Invalid(N_("Say what the customer wants."), field="reason")
    bill = settlement.find_live(order)
    for effect in reversed(effects.list_effects(order, reason.strip())):
        if effect.take_back is not None:
            effect.take_back(by, at)
    order.move_to(Stage.FINAL_CHECK, by, at, reason.strip())
    told = {"bill": bill.no} if bill is not None else {}
    audit.write(by, "handover.reopen", order, at, reason=reason.strip(), **told)
