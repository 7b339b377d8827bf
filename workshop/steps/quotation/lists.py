"""The lists of the step: what needs doing next, the longest waiting first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from workshop.db import session
from workshop.orders.flow import PERMITS, Action
from workshop.orders.models import RepairOrder, StageChange
from workshop.shop import calendar
from workshop.shop.models import Branch
from workshop.steps.quotation.models import (
    STILL_OPEN,
    Decision,
    Quotation,
    QuotationKind,
    QuotationLine,
    QuotationState,
)

_LATE_MINUTES = 60


@dataclass(frozen=True)
class Row:
    """One order in a list: since when it waits, how many minutes, its quotation and price in fen.

    What was declined is not in the price.
    """

    order: RepairOrder
    quotation: Quotation | None
    since: datetime
    minutes: int
    fen: int | None

    @property
    def is_signed(self) -> bool:
        return self.quotation is not None and self.quotation.is_signed

    @property
    def is_late(self) -> bool:
        """Whether it waits so long that somebody should go on with it now."""
        return not self.is_signed and self.minutes >= _LATE_MINUTES


_PRICE = (
    select(sa.func.sum(QuotationLine.total_fen))
    .where(QuotationLine.quotation_id == Quotation.id, QuotationLine.decision != Decision.DECLINED)
    .scalar_subquery()
)


class Lists:
    """The branch's quotations by what has to happen next."""

    def __init__(self, branch_id: int, at: datetime) -> None:
        self._branch_id = branch_id
        self._at = at

    def _row(
        self,
        order: RepairOrder,
        quotation: Quotation | None,
        since: datetime | None,
        fen: int | None,
    ) -> Row:
        since = since or self._at
        minutes = max(0, int((self._at - since).total_seconds() // 60))
        return Row(order, quotation, since, minutes, fen)

    def to_quote(self) -> list[Row]:
        """Cars that were looked at and have no offer yet; a draft may be begun."""
        since = (
            select(sa.func.max(StageChange.at))
            .where(
                StageChange.order_id == RepairOrder.id,
                StageChange.to_stage.in_(PERMITS[Action.EDIT_QUOTATION]),
            )
            .correlate(RepairOrder)
            .scalar_subquery()
        )
        main = sa.and_(
            Quotation.order_id == RepairOrder.id,
            Quotation.state.in_((QuotationState.DRAFT, QuotationState.OFFERED)),
            Quotation.kind == QuotationKind.MAIN,
        )
        query = (
            select(RepairOrder, Quotation, since.label("since"), _PRICE)
            .outerjoin(Quotation, main)
            .where(
                RepairOrder.here(self._branch_id, PERMITS[Action.EDIT_QUOTATION]),
                sa.or_(Quotation.id.is_(None), Quotation.state == QuotationState.DRAFT),
            )
            .order_by(sa.literal_column("since"), RepairOrder.id)
        )
        return [self._row(*each) for each in session.execute(query)]

    def to_decide(self) -> list[Row]:
        """Offers and additional work that wait for the customer."""
        return self._list(
            Quotation.offered_at,
            Quotation.state.in_(STILL_OPEN),
            Quotation.state == QuotationState.OFFERED,
            Quotation.offered_at.is_not(None),
        )

    def approved_today(self) -> list[Row]:
        """What was signed since midnight in the shop, the newest first."""
        branch = session.get_one(Branch, self._branch_id)
        midnight, _ = calendar.day_span(branch, calendar.local_day(branch, self._at))
        rows = self._list(
            Quotation.signed_at,
            Quotation.state == QuotationState.SIGNED,
            Quotation.signed_at >= midnight,
        )
        return rows[::-1]

    def _list(
        self,
        since: InstrumentedAttribute[datetime | None],
        *conditions: sa.ColumnElement[bool],
    ) -> list[Row]:
        query = (
            select(RepairOrder, Quotation, since, _PRICE)
            .join(Quotation, Quotation.order_id == RepairOrder.id)
            .where(RepairOrder.branch_id == self._branch_id, *conditions)
            .order_by(since, Quotation.id)
        )
        return [self._row(*each) for each in session.execute(query)]
