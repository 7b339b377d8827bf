"""What the customer still has of ours while the order is cancelled."""

from __future__ import annotations

from workshop.errors import N_
from workshop.orders.effects import Effect
from workshop.orders.models import RepairOrder
from workshop.steps.lounge import queries


def list_of_order(order: RepairOrder) -> list[Effect]:
    """A loan car that is out."""
    departure = queries.find_departure(order)
    if departure is None or not departure.loaner_plate or departure.loaner_returned_at is not None:
        return []
    words = N_("The courtesy car %(plate)s has to come back.")
    return [Effect(words, {"plate": departure.loaner_plate})]
