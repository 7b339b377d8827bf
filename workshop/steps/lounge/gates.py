"""What customer care still needs."""

from __future__ import annotations

from workshop.errors import N_, Missing
from workshop.orders.flow import PERMITS, Action
from workshop.orders.models import RepairOrder
from workshop.steps.lounge import queries
from workshop.steps.lounge.enums import CareKind


def missing(order: RepairOrder) -> list[Missing]:
    """What customer care still needs; nothing once the car is ready or gone."""
    if order.stage not in PERMITS[Action.CARE] or order.ready_at is not None:
        return []
    if order.stays is None:
        return [Missing(N_("Ask whether the customer waits here or leaves."), "stay_unknown")]
    if order.stays:
        count = len(CareKind) - len(queries.list_acts(order))
        words = N_("Care acts still to do for the waiting customer: %(count)s.")
        return [Missing(words, "care_open", {"count": count})] if count else []
    if queries.find_departure(order) is None:
        return [Missing(N_("The departure information sheet is not filled in."), "no_departure")]
    return []
