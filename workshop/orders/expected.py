"""The one honest time of each car: every page, the screen and the link ask here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from datetime import datetime
from typing import Protocol

from sqlalchemy import select

from workshop import db, together
from workshop.db import session
from workshop.orders.flow import Stage
from workshop.orders.models import Job, JobKind, JobState, OrderForecast, RepairOrder
from workshop.orders.rules import Expected, Forecast, expect, why_moved

_ORDERS = RepairOrder.__table__


class Promised(Protocol):
    """An order, or as much of one as a screen may know."""

    @property
    def id(self) -> int: ...
    @property
    def stage(self) -> Stage: ...
    @property
    def promised_at(self) -> datetime | None: ...
    @property
    def first_promised_at(self) -> datetime | None: ...
    @property
    def ready_at(self) -> datetime | None: ...


def of(order: Promised, at: datetime) -> Expected:
    """When this car will be ready, seen from `at`."""
    forecast = together.read(_ORDERS, order.id, "forecast", _forecasts)
    later = together.read(_ORDERS, order.id, "later work", _later_work)
    return _expect(order, forecast, later or set(), at)


def on_page(order: RepairOrder, at: datetime) -> Expected:
    """The same, told once for all the places of a page that name this car."""
    if not db.only_reads():
        return of(order, at)
    return db.remember(("expected", order.id), _ALL, lambda: of(order, at))


_ALL = frozenset({db.Model})


def of_all(orders: Iterable[Promised], at: datetime) -> dict[int, Expected]:
    """When each car will be ready, by order id; read at once."""
    found = list(orders)
    ids = [each.id for each in found]
    forecasts, later = _forecasts(ids), _later_work(ids)
    return {
        each.id: _expect(each, forecasts.get(each.id), later.get(each.id, set()), at)
        for each in found
    }


def _expect(
    order: Promised, forecast: Forecast | None, later: Set[JobKind], at: datetime
) -> Expected:
    return expect(
        order.promised_at,
        order.first_promised_at,
        is_over=_is_over(order),
        forecast=None if _is_over(order) else forecast,
        changed=why_moved(
            order.first_promised_at,
            order.promised_at,
            has_addition=JobKind.ADDITION in later,
            has_rework=JobKind.REWORK in later,
        ),
        now=at,
    )


def _is_over(order: Promised) -> bool:
    """One that was let go has no promise to keep."""
    is_let_go = order.stage is Stage.DECLINED or not order.stage.is_here
    return order.ready_at is not None or is_let_go


def _forecasts(ids: Sequence[int]) -> dict[int, Forecast]:
    query = select(OrderForecast).where(OrderForecast.order_id.in_(ids))
    return {
        each.order_id: Forecast(each.expected_at, each.why, each.at)
        for each in session.scalars(query)
    }


def _later_work(ids: Sequence[int]) -> dict[int, set[JobKind]]:
    """The kinds of work that came after the promise, by order."""
    query = select(Job.order_id, Job.kind).where(
        Job.order_id.in_(ids),
        Job.kind.in_((JobKind.ADDITION, JobKind.REWORK)),
        Job.state != JobState.CANCELLED,
    )
    found: dict[int, set[JobKind]] = defaultdict(set)
    for order_id, kind in session.execute(query):
        found[order_id].add(kind)
    return found
