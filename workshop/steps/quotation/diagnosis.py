"""What a customer who wants no work done still signs for: finding out what is wrong."""

from __future__ import annotations

from datetime import datetime

from workshop import events
from workshop.db import session
from workshop.errors import N_, Invalid, RuleBroken
from workshop.orders import service as orders
from workshop.orders.flow import Stage
from workshop.orders.models import OrderChanged, RepairOrder
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.quotation import answers, draft, lines, queries
from workshop.steps.quotation.models import (
    Decision,
    LineKind,
    Quotation,
    QuotationKind,
    QuotationState,
)


def charge(
    order: RepairOrder,
    price_fen: int,
    answer: answers.Answer,
    *,
    by: User,
    at: datetime,
) -> Quotation:
    """Sign a charge for the diagnosis alone, after the quotation was declined (domain.md §4).

    It is a version of the quotation like any other: frozen, printed, and the most that is billed.
    Raises RuleBroken for an order that is not declined or has one, Invalid without a price or a
    signature.
    """
    staff.require_permission(by, Permission.QUOTE)
    orders.lock(order)
    if order.stage is not Stage.DECLINED:
        raise RuleBroken(
            N_("Only a declined order is charged for its diagnosis alone."), code="not_declined"
        )
    if price_fen <= 0:
        raise Invalid(N_("Enter what the diagnosis costs."), field="price")
    declined = queries.find_current(order)
    made = draft.begin(order, QuotationKind.MAIN, by=by, at=at, replaces=declined)
    session.flush()
    # Bilingual data of a record, not words of a page: both are kept side by side.
    fee = lines.add_charge(made, LineKind.DIAGNOSIS, "诊断费", price_fen)
    fee.title_en, fee.decision = "Diagnosis charge", Decision.ACCEPTED
    made.state, made.offered_at, made.offered_by_id = QuotationState.OFFERED, at, by.id
    answers.sign(made, answer, by, at)
    order.authorised_at = at
    events.record(OrderChanged(order.id, order.branch_id, at))
    return made
