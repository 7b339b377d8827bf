"""Taking a finished car back to where work is agreed on, until it is handed over."""

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
from workshop.steps.quotation import versions
from workshop.steps.settlement import queries as settlement


def reopen(order: RepairOrder, reason: str, *, by: User, at: datetime) -> None:
    """Take back each effect of the car's being finished (`effects`).

    Signed work comes to the final check again; where all was declined a new version of the
    quotation is begun, for the customer to sign.

    Raises NotAllowed without the right to change work, or to take this bill back, Invalid without
    a reason, RuleBroken in another stage, and while a credit is being decided.
    """
    staff.require_permission(by, Permission.QUOTE)
    orders.lock(order)
    require(gates.missing_to_reopen(order))
    if not reason.strip():
        raise Invalid(N_("Say what the customer wants."), field="reason")
    bill, declined = settlement.find_live(order), gates.find_declined(order)
    for effect in reversed(effects.list_effects(order, reason.strip())):
        if effect.take_back is not None:
            effect.take_back(by, at)
    order.move_to(Stage.QUOTED if declined else Stage.FINAL_CHECK, by, at, reason.strip())
    told = {"bill": bill.no} if bill is not None else {}
    if declined is not None:
        told = {"quotation": versions.revise(declined, by=by, at=at).no}
    audit.write(by, "handover.reopen", order, at, reason=reason.strip(), **told)
