"""The money of an order while it is cancelled."""

from __future__ import annotations

from workshop import money
from workshop.errors import N_
from workshop.orders.effects import Effect
from workshop.orders.models import RepairOrder
from workshop.steps.settlement import queries


def list_of_order(order: RepairOrder) -> list[Effect]:
    """What was received has to be given back, the way it came."""
    received = queries.received_by_tender(order)
    words = N_("%(amount)s received by %(tender)s has to be given back.")
    return [
        Effect(words, {"amount": money.format_fen(fen), "tender": tender})
        for tender, fen in received.items()
    ]
