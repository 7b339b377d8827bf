"""What an order still needs before it leaves the step."""

from __future__ import annotations

from workshop.steps.interior import queries

from workshop.errors import N_, Missing
from workshop.orders import ticks
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.orders.ticks import Tick


def missing(order: RepairOrder) -> list[Missing]:
    """What the step still needs; nothing before and after it."""
    if order.stage is not Stage.INTERIOR or queries.find_cleaning(order) is not None:
        return []
    return [Missing(N_("The inside of the car is not cleaned yet."), "interior")]


def tick(order: RepairOrder) -> Tick:
    """How far the step is: done once the car was cleaned inside."""
    return ticks.DONE if queries.find_cleaning(order) is not None else ticks.OPEN
