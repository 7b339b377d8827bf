"""Which signed lines are off, what is billed of them, and what the customer is asked now."""

from __future__ import annotations

from sqlalchemy import Select, select

from workshop import together
from workshop.catalogue.models import Payer
from workshop.db import session
from workshop.errors import N_, NotFound
from workshop.orders.models import RepairOrder
from workshop.steps.quotation.models import Quotation, QuotationLine
from workshop.steps.quotation.taking_off.models import TakeOff, TakeOffLine
from workshop.steps.quotation.taking_off.rules import TakeOffState


def list_versions(order: RepairOrder) -> list[TakeOff]:
    """All new versions of the order's authorisation, also those that were dropped, oldest first."""
    return together.list_of(
        order.id, "take-offs", lambda: select(TakeOff).order_by(TakeOff.id), TakeOff.order_id
    )


def find_asked(order: RepairOrder) -> TakeOff | None:
    """What the customer has been asked to agree to, and has not answered."""
    asked = (each for each in list_versions(order) if each.state is TakeOffState.ASKED)
    return next(asked, None)


def get_version(order: RepairOrder, take_off_id: int) -> TakeOff:
    """A new version of this order's authorisation; raises NotFound."""
    found = session.get(TakeOff, take_off_id)
    if found is None or found.order_id != order.id:
        raise NotFound(N_("There is no such change of the work."))
    return found


def list_off(order: RepairOrder) -> list[TakeOffLine]:
    """The lines that are carried out no more, in the order of the quotations."""
    column, kinds = Quotation.order_id, {TakeOffLine}
    return together.list_of(order.id, "lines taken off", _lines_off, column, kinds)


def _lines_off() -> Select[TakeOffLine]:
    return (
        select(TakeOffLine)
        .join(QuotationLine, QuotationLine.id == TakeOffLine.quotation_line_id)
        .join(Quotation, Quotation.id == QuotationLine.quotation_id)
        .order_by(Quotation.id, QuotationLine.position, QuotationLine.id)
    )


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
    return _find_done(quotation_line_id) is not None


def kept_milli(quotation_line_id: int) -> int:
    """How much of a part stays in the car though its work is off, in thousandths."""
    return _find_done(quotation_line_id) or 0


def _find_done(quotation_line_id: int) -> int | None:
    """How much of a line that is off was done; None for a line that is not off."""
    column = TakeOffLine.quotation_line_id
    done = together.list_of(
        quotation_line_id, "done of lines off", lambda: select(TakeOffLine.done), column
    )
    return sum(done) if done else None


def find_no_check(order: RepairOrder) -> TakeOff | None:
    """The stop that says why what was done needs no check."""
    agreed = (each for each in list_versions(order) if each.is_agreed and each.no_check_reason)
    return next(agreed, None)
