"""What an order still needs before it leaves the step."""

from __future__ import annotations

from workshop.steps.interior import queries

from workshop.errors import N_, Missing
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder


def missing(order: RepairOrder) -> list[Missing]:
    """What the step still lacks; nothing before and after it."""
    if order.stage is not Stage.INTERIOR or queries.find_cleaning(order) is not None:
        return []
    return [Missing(N_("The inside of the car is not cleaned yet."), "interior")]
