"""What a signed paper says of the names that it was signed under."""

from __future__ import annotations

from flask_babel import gettext
from reportlab.platypus import Flowable

from workshop import paper
from workshop.orders.models import RepairOrder
from workshop.orders.signed.models import SignedNames


def todays_name(order: RepairOrder, names: SignedNames) -> list[Flowable]:
    """A note for who looks for the car today, where the paper calls it otherwise."""
    today = order.vehicle.called
    if today == names.called:
        return []
    return [paper.note(gettext("This car is called %(car)s today.", car=today))]
