"""What the customer's page stands on, asked in one query: as long as it stays, so does the page.

A phone asks four times a minute. Whatever the page tells of an order grows with it: versions are
raised, moves, checks and payments are added. So a few numbers found by their indexes say whether
anything is new, and only then is the page made again.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from workshop.db import session
from workshop.orders.models import Job, JobKind, JobState, OrderForecast, RepairOrder, StageChange
from workshop.orders.rules import Forecast, expect
from workshop.shop.models import Branch
from workshop.steps.handover.models import Handover, Wash
from workshop.steps.quotation.models import Quotation, QuotationState
from workshop.steps.quotation.taking_off.models import TakeOff
from workshop.steps.reception.models import DamageMark, Walkaround
from workshop.steps.repair.models import Inspection
from workshop.steps.settlement.models import Payment, Settlement
from workshop.track import rules
from workshop.track.models import TrackLink


@dataclass(frozen=True)
class Standing:
    """What has been written of the order, and the honest time that follows from it at a moment."""

    order_id: int
    zone: str
    written: tuple[Any, ...]
    decides: bool


def find(token: str, at: datetime, known: Collection[int]) -> Standing | None:
    """Where the order of a link that opens something stands; None for any other link."""
    row = session.execute(_QUERY, {"token_hash": rules.hash_token(token)}).one_or_none()
    if row is None:
        return None
    is_retired = row.state is QuotationState.SUPERSEDED and row.order_id not in known
    if not rules.is_open(row.expires_at, row.stage, at, is_retired=is_retired):
        return None
    is_over = row.ready_at is not None or not row.stage.is_here
    seen = row.forecast_seen_at
    # The same arithmetic as on the page; why a promise has moved is in what was written.
    honest = expect(
        row.promised_at,
        row.first_promised_at,
        is_over=is_over,
        forecast=Forecast(row.forecast_at, row.forecast_why, seen) if seen else None,
        changed=None,
        now=at,
    )
    return Standing(row.order_id, row.zone, (*row[:-3], honest), bool(row.undecided))


def _newest(column: sa.orm.InstrumentedAttribute[int], model: Any) -> sa.ScalarSelect[Any]:
    return _of_order(model, sa.func.max(column))


def _versions(model: Any) -> sa.ScalarSelect[Any]:
    """Grows whenever a row is added or written."""
    return _of_order(model, sa.func.sum(model.version + 1))


def _of_order(model: Any, what: Any, *where: Any) -> sa.ScalarSelect[Any]:
    return (
        select(what)
        .where(model.order_id == RepairOrder.id, *where)
        .correlate(RepairOrder)
        .scalar_subquery()
    )


_LATER_WORK = (Job.kind.in_((JobKind.ADDITION, JobKind.REWORK)), Job.state != JobState.CANCELLED)
_IS_OFFERED = Quotation.state == QuotationState.OFFERED
_QUERY = (
    select(
        RepairOrder.id.label("order_id"),
        RepairOrder.version,
        RepairOrder.stage,
        RepairOrder.promised_at,
        RepairOrder.first_promised_at,
        RepairOrder.ready_at,
        TrackLink.expires_at,
        Branch.zone,
        Quotation.state,
        _newest(StageChange.id, StageChange),
        _versions(Quotation),
        _versions(TakeOff),
        _versions(Settlement),
        _versions(Handover),
        _newest(Payment.id, Payment),
        _newest(Inspection.id, Inspection),
        _newest(Wash.id, Wash),
        _of_order(Job, sa.func.count(Job.id)),
        _of_order(Job, sa.func.count(Job.id), *_LATER_WORK),
        _of_order(Job, sa.func.max(Job.started_at)),
        _of_order(Walkaround, sa.func.max(Walkaround.edition)),
        _of_order(DamageMark, sa.func.count(DamageMark.id), DamageMark.removed_at.is_(None)),
        _of_order(Quotation, sa.func.count(Quotation.id), _IS_OFFERED).label("undecided"),
        OrderForecast.expected_at.label("forecast_at"),
        OrderForecast.why.label("forecast_why"),
        OrderForecast.at.label("forecast_seen_at"),
    )
    .select_from(TrackLink)
    .join(RepairOrder, RepairOrder.id == TrackLink.order_id)
    .join(Branch, Branch.id == RepairOrder.branch_id)
    .outerjoin(Quotation, Quotation.id == TrackLink.quotation_id)
    .outerjoin(OrderForecast, OrderForecast.order_id == RepairOrder.id)
    .where(
        TrackLink.token_hash == sa.bindparam("token_hash"),
        TrackLink.revoked_at.is_(None),
    )
)
