"""What makers are to pay of cars that have no bill yet: looked after before the customer signs."""

from __future__ import annotations

from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from workshop.catalogue.models import Payer
from workshop.db import session
from workshop.orders.models import RepairOrder
from workshop.shop.models import Branch
from workshop.steps.quotation.models import Decision, Quotation, QuotationLine, QuotationState
from workshop.steps.quotation.taking_off.models import TakeOff, TakeOffLine
from workshop.steps.quotation.taking_off.rules import TakeOffState
from workshop.steps.settlement import balances
from workshop.steps.settlement.models import Settlement

_MAKERS = tuple(each for each in Payer if each.is_maker)
_COUNTS = (QuotationState.DRAFT, QuotationState.OFFERED, QuotationState.SIGNED)


@dataclass(frozen=True)
class Ahead:
    """A quotation with lines for the maker; they can be corrected while it is written."""

    quotation: Quotation
    lines: list[QuotationLine] = field(default_factory=list)

    @property
    def order(self) -> RepairOrder:
        """The car it is about."""
        return self.quotation.order

    @property
    def work(self) -> list[QuotationLine]:
        """What is to be done, without its parts."""
        return [each for each in self.lines if each.parent_line_id is None]

    @property
    def fen(self) -> int:
        """What the maker is to pay."""
        return sum(each.total_fen for each in self.lines)


def list_ahead(branch: Branch) -> list[Ahead]:
    """Every quotation without a bill of which the maker is to pay a part, the oldest car first."""
    found: dict[int, Ahead] = {}
    for line, quotation in session.execute(_lines_of(branch)).unique():
        found.setdefault(quotation.id, Ahead(quotation)).lines.append(line)
    return list(found.values())


def _lines_of(branch: Branch) -> sa.Select[QuotationLine, Quotation]:
    billed = select(Settlement.id).where(Settlement.order_id == RepairOrder.id, balances.is_live())
    gone = (
        select(TakeOffLine.id)
        .join(TakeOff, TakeOff.id == TakeOffLine.take_off_id)
        .where(
            TakeOffLine.quotation_line_id == QuotationLine.id,
            TakeOff.state == TakeOffState.AGREED,
        )
    )
    return (
        select(QuotationLine, Quotation)
        .join(Quotation, Quotation.id == QuotationLine.quotation_id)
        .join(RepairOrder, RepairOrder.id == Quotation.order_id)
        .options(contains_eager(Quotation.order), joinedload(Quotation.order, RepairOrder.vehicle))
        .where(
            RepairOrder.here(branch.id),
            ~billed.exists(),
            Quotation.state.in_(_COUNTS),
            QuotationLine.payer.in_(_MAKERS),
            QuotationLine.decision != Decision.DECLINED,
            ~gone.exists(),
        )
        .order_by(RepairOrder.id, Quotation.id, QuotationLine.position)
    )
