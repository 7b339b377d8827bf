"""What the customer's concerns still need before the car may leave."""

from __future__ import annotations

from workshop.errors import N_, Missing, Way
from workshop.orders.models import RepairOrder
from workshop.steps.repair.concerns import queries


def missing(order: RepairOrder) -> list[Missing]:
    """Which concerns end in nothing so far: neither a job, nor a finding, nor a recorded no."""
    count = len(queries.list_open(order))
    if not count:
        return []
    words = N_("Concerns of the customer without an answer: %(count)s.")
    way = Way("repair.concerns", N_("Answer the concerns"), {"no": order.no})
    return [Missing(words, "concerns", {"count": count}, way)]
