"""What the customer may still sign while the order is cancelled."""

from __future__ import annotations

from datetime import datetime

from workshop.db import session
from workshop.errors import N_
from workshop.orders.effects import Effect
from workshop.orders.models import RepairOrder
from workshop.staff.models import User
from workshop.steps.quotation import queries
from workshop.steps.quotation.models import Quotation, QuotationState
from workshop.steps.quotation.taking_off import queries as taking_off
from workshop.steps.quotation.taking_off.models import TakeOff
from workshop.steps.quotation.taking_off.rules import TakeOffState


def list_of_order(order: RepairOrder) -> list[Effect]:
    """Drafts and offers that wait for an answer, and a question about less work."""
    found = [_offer(each) for each in queries.list_quotations(order) if each.is_open]
    asked = taking_off.find_asked(order)
    return [*found, _asked(asked)] if asked is not None else found


def _offer(offered: Quotation) -> Effect:
    def end(_by: User, _at: datetime) -> None:
        offered.state = QuotationState.SUPERSEDED
        session.flush()

    return Effect(N_("Quotation %(no)s cannot be signed any more."), {"no": offered.no}, end)


def _asked(version: TakeOff) -> Effect:
    def end(_by: User, _at: datetime) -> None:
        version.state = TakeOffState.DROPPED
        session.flush()

    return Effect(N_("The customer is not asked about less work any more."), {}, end)
