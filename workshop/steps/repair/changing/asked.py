"""What the customer reads of less work that they are asked to sign for."""

from __future__ import annotations

from dataclasses import dataclass

from workshop.orders.models import RepairOrder
from workshop.steps.quotation.models import QuotationLine
from workshop.steps.quotation.taking_off import queries as taking_off
from workshop.steps.quotation.taking_off.models import TakeOff
from workshop.steps.repair.changing import foresight
from workshop.steps.repair.changing import taking_off as changing


@dataclass(frozen=True)
class Asked:
    """A new version of the authorisation that waits, with the work that goes."""

    version: TakeOff
    lines: list[QuotationLine]


def show_asked(order: RepairOrder) -> Asked | None:
    """What waits for the customer's signature; None when nothing does."""
    version = taking_off.find_asked(order)
    if version is None:
        return None
    wishes = changing.wishes_of(version)
    change = foresight.foresee(order, wishes, version.asked_at, stops=version.stops)
    return Asked(version, [each.group.head for each in change.off])
