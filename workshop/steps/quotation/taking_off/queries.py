"""Which signed lines are off, what is billed of them, and what the customer is asked now."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import select

from workshop.catalogue.models import Payer
from workshop.db import remember, session
from workshop.errors import N_, NotFound
from workshop.orders.models import RepairOrder
from workshop.steps.quotation.models import Quotation, QuotationLine
from workshop.steps.quotation.taking_off.models import TakeOff, TakeOffLine
from workshop.steps.quotation.taking_off.rules import TakeOffState


def list_versions(order: RepairOrder) -> list[TakeOff]:
    """All new versions of the order's authorisation, also those that were dropped, oldest first."""
    query = select(TakeOff).where(TakeOff.order_id == order.id)
    return list(session.scalars(query.order_by(TakeOff.id)))


def find_asked(order: RepairOrder) -> TakeOff | None:
    """What the customer has been asked to agree to, and has not answered."""
    query = select(TakeOff).where(TakeOff.order_id == order.id, TakeOff.state == TakeOffState.ASKED)
    return session.scalars(query).one_or_none()


def get_version(order: RepairOrder, take_off_id: int) -> TakeOff:
    """A new version of this order's authorisation; raises NotFound."""
    found = session.get(TakeOff, take_off_id)
    if found is None or found.order_id != order.id:
        raise NotFound(N_("There is no such change of the work."))
    return found


def list_off(order: RepairOrder) -> list[TakeOffLine]:
    """The lines that are carried out no more, in the order of the quotations."""
    query = (
        select(TakeOffLine)
        .join(QuotationLine, QuotationLine.id == TakeOffLine.quotation_line_id)
        .join(Quotation, Quotation.id == QuotationLine.quotation_id)
        .where(Quotation.order_id == order.id)
        .order_by(Quotation.id, QuotationLine.position, QuotationLine.id)
    )
    key = ("lines taken off", order.id)
    return list(remember(key, {TakeOffLine}, lambda: session.scalars(query).all()))


def list_lines(version: TakeOff) -> list[TakeOffLine]:
    """What one version took off."""
    query = select(TakeOffLine).where(TakeOffLine.take_off_id == version.id)
    return list(session.scalars(query.order_by(TakeOffLine.id)))


def billed_fen(order: RepairOrder) -> int:
    """What the customer still pays of the lines that are off, in fen."""
    mine = (each for each in list_off(order) if each.line.payer is Payer.CUSTOMER)
    return sum(each.billed_fen for each in mine)


def is_off(quotation_line_id: int) -> bool:
    """Whether the customer took this line off."""
    query = select(TakeOffLine.id).where(TakeOffLine.quotation_line_id == quotation_line_id)
    return session.scalar(query) is not None


def kept_milli(quotation_line_id: int) -> int:
    """How much of a part stays in the car though its work is off, in thousandths."""
    query = select(sa.func.coalesce(sa.func.sum(TakeOffLine.done), 0)).where(
        TakeOffLine.quotation_line_id == quotation_line_id
    )
    return int(session.scalar(query) or 0)


def find_no_check(order: RepairOrder) -> TakeOff | None:
    """The stop that says why what was done needs no check."""
    agreed = (each for each in list_versions(order) if each.is_agreed and each.no_check_reason)
    return next(agreed, None)
