"""Who may change the work of an order, and when."""

from __future__ import annotations

from workshop.errors import N_, Missing
from workshop.orders import gates as orders
from workshop.orders.flow import Action, permits
from workshop.orders.models import RepairOrder
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.quotation import queries as quotation

# The advisor does it; whoever plans the work stands in.
MAY_CHANGE = (Permission.QUOTE, Permission.SCHEDULE)


def missing_to_take_off(order: RepairOrder) -> list[Missing]:
    """Why nothing can be taken off now."""
    return _missing_stage(order, Action.TAKE_OFF_WORK) or _missing_signature(order)


def missing_to_stop(order: RepairOrder) -> list[Missing]:
    """Why the order cannot be stopped now."""
    return _missing_stage(order, Action.STOP_ORDER) or _missing_signature(order)


def _missing_stage(order: RepairOrder, action: Action) -> list[Missing]:
    if permits(order.stage, action):
        return []
    return [orders.missing_stage(order, action)]


def _missing_signature(order: RepairOrder) -> list[Missing]:
    if quotation.find_signed(order) is not None:
        return []
    return [Missing(N_("The service authorisation is not signed."), "quotation_signed")]


def require_right(by: User) -> None:
    """Raise NotAllowed for who may not change the work."""
    staff.require_one_of(by, MAY_CHANGE)
