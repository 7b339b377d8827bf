"""What customer care still needs."""

from __future__ import annotations

from workshop.errors import N_, Missing, Way
from workshop.orders import ticks
from workshop.orders.flow import PERMITS, Action
from workshop.orders.models import RepairOrder
from workshop.orders.ticks import Tick
from workshop.steps.lounge import queries
from workshop.steps.lounge.enums import CareKind
from workshop.steps.quotation import queries as quotation


def missing(order: RepairOrder) -> list[Missing]:
    """What customer care still needs; nothing once the car is ready or gone."""
    if order.stage not in PERMITS[Action.CARE] or order.ready_at is not None:
        return []
    if order.stays is None:
        way = Way("lounge.show", N_("Open customer care"), {"no": order.no})
        words = N_("Ask whether the customer waits here or leaves.")
        return [Missing(words, "stay_unknown", way=way)]
    if order.stays:
        count = len(CareKind) - len(queries.list_acts(order))
        left = N_("Care acts still to do for the waiting customer: %(count)s.")
        return [Missing(left, "care_open", {"count": count})] if count else []
    if queries.find_departure(order) is None:
        return [Missing(N_("The departure information sheet is not filled in."), "no_departure")]
    return []


def tick(order: RepairOrder) -> Tick:
    """How far the step is: all six acts, or the sheet of who left; over once the car is ready."""
    acts = len(queries.list_acts(order)) if order.stays else 0
    if acts == len(CareKind) or (order.stays is False and queries.find_departure(order)):
        return ticks.DONE
    if quotation.wants_nothing(order):
        return ticks.not_needed(N_("Nothing was authorised."))
    if order.ready_at is None:
        return ticks.OPEN
    if order.stays is None:
        return ticks.skipped(N_("Nobody asked whether the customer waits here or leaves."))
    if order.stays:
        words = N_("Care acts that were done: %(count)s of %(all)s.")
        return ticks.skipped(words, count=acts, all=len(CareKind))
    return ticks.skipped(N_("The departure information sheet is not filled in."))
