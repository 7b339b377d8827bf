"""A delivered order with its planned call."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.factories import AT, make_order
from workshop.db import session
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.steps.followup import service as followup
from workshop.steps.followup.models import FollowUp

# The questions that every shop begins with.
QUESTIONS = ("on_time", "price_as_told", "explanation", "cleanliness", "advisor")
GOOD = dict.fromkeys(QUESTIONS, 5)


def make_delivered(**values: Any) -> RepairOrder:
    """An order that was delivered two days ago."""
    order = make_order(Stage.READY, **values)
    order.ready_at = order.delivered_at = AT - timedelta(days=2)
    session.flush()
    order.move_to(Stage.DELIVERED, order.advisor, order.delivered_at)
    session.flush()
    return order


def make_follow_up(order: RepairOrder | None = None) -> FollowUp:
    """The planned call of a delivered order."""
    return followup.plan_call(order or make_delivered(), AT)
