"""What an order still needs before all its work is planned."""

from __future__ import annotations

from workshop.errors import N_, Missing
from workshop.orders import ticks
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.orders.rows import Phase
from workshop.orders.ticks import Tick
from workshop.steps.quotation import queries as quotation
from workshop.steps.scheduling import queries


def missing(order: RepairOrder) -> list[Missing]:
    """What is missing in scheduling before the order can go on."""
    if order.stage.phase is Phase.INTAKE:
        return [Missing(N_("The service authorisation is not signed."), "authorisation")]
    if order.stage is not Stage.AUTHORISED:
        return []
    unplanned = queries.list_unplanned(order)
    if not unplanned:
        return []
    message = N_("Jobs without technician, bay and time: %(count)s.")
    return [Missing(message, "unplanned", {"count": len(unplanned)})]


def tick(order: RepairOrder) -> Tick:
    """How far the step is: done when every job of the authorised work has its time."""
    if order.stage.phase is Phase.INTAKE or queries.list_unplanned(order):
        return ticks.OPEN
    if not quotation.list_live_jobs(order):
        return ticks.not_needed(N_("There is no work to plan."))
    return ticks.DONE
