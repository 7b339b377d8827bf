"""What the customer takes along: the bill and what was paid, guarantee, next service, papers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from workshop.db import session
from workshop.errors import N_
from workshop.orders.models import Guarantee, RepairOrder
from workshop.shop import calendar
from workshop.shop.rules import Span
from workshop.steps.handover import queries as handover
from workshop.steps.handover.models import Handover
from workshop.steps.reception import queries as reception
from workshop.steps.settlement import queries as settlement
from workshop.steps.settlement.models import Payment, Settlement


@dataclass(frozen=True)
class Bill:
    """The bill that counts with the money that came for it; `open_fen` is still to be paid."""

    bill: Settlement
    payments: list[Payment]
    open_fen: int


def find_bill(order: RepairOrder) -> Bill | None:
    """The order's bill as its customer sees it; None before there is one."""
    found = settlement.find_live(order)
    if found is None:
        return None
    payments = settlement.list_payments(order)
    received = settlement.received_fen(order)
    return Bill(found, payments, max(0, found.customer_fen - received))


def list_guarantees(order: RepairOrder) -> list[Guarantee]:
    """What we answer for after this visit."""
    query = select(Guarantee).where(Guarantee.order_id == order.id).order_by(Guarantee.id)
    return list(session.scalars(query))


def find_next(order: RepairOrder) -> Handover | None:
    """The record that says when the next service is due, once it was told."""
    found = handover.find_handover(order)
    return found if found is not None and found.next_due_on is not None else None


def list_opening(order: RepairOrder, at: datetime) -> list[Span]:
    """When the shop is open today, for a car that waits to be collected."""
    if order.ready_at is None or order.delivered_at is not None:
        return []
    return calendar.opening(order.branch, calendar.local_day(order.branch, at))


def list_papers(order: RepairOrder) -> list[tuple[str, str]]:
    """The papers that the customer may have beside what they signed: name of each, and title."""
    walk = reception.find_walkaround(order)
    found = [
        ("walkaround", N_("Walk-around sheet"), walk is not None and walk.signed_at is not None),
        ("settlement", N_("Settlement list"), settlement.find_live(order) is not None),
        ("handover", N_("Handover sheet"), order.delivered_at is not None),
    ]
    return [(name, title) for name, title, is_there in found if is_there]
