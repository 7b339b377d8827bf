"""The customer's link of an order that is cancelled."""

from __future__ import annotations

from datetime import datetime

from workshop.errors import N_
from workshop.orders.effects import Effect
from workshop.orders.models import RepairOrder
from workshop.staff.models import User
from workshop.track import service


def list_of_order(order: RepairOrder) -> list[Effect]:
    """A link that was handed out and not ended."""

    def end(_by: User, at: datetime) -> None:
        service.end_links(order, at)

    has_link = service.has_live_link(order)
    return [Effect(N_("The customer's link ends."), {}, end)] if has_link else []
