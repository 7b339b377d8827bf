"""What a signed paper says of the names that it was signed under."""

from __future__ import annotations

from collections.abc import Callable

from reportlab.platypus import Flowable

from workshop import paper
from workshop.errors import N_
from workshop.orders.models import RepairOrder
from workshop.orders.signed.models import SignedNames


def todays_name(order: RepairOrder, names: SignedNames, say: Callable[..., str]) -> list[Flowable]:
    """A note for who looks for the car today, where the paper calls it otherwise.

    `say` translates.
    """
    today = order.vehicle.called
    if today == names.called:
        return []
    return [paper.note(say(N_("This car is called %(car)s today."), car=today))]
