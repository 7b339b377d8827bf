"""The one honest time of each car: every page, the screen and the link ask here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from sqlalchemy import select

from workshop.db import session
from workshop.orders.flow import Stage
from workshop.orders.models import Job, JobKind, JobState, OrderForecast
from workshop.orders.rules import Expected, Forecast, expect, why_moved


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
    return of_all([order], at)[order.id]


def of_all(orders: Iterable[Promised], at: datetime) -> dict[int, Expected]:
    """When each car will be ready, by order id; read at once."""
    found = list(orders)
    forecasts = _forecasts([each.id for each in found if not _is_over(each)])
    moved = [each.id for each in found if each.first_promised_at != each.promised_at]
    added, reworked = _list_with(moved, JobKind.ADDITION), _list_with(moved, JobKind.REWORK)
    return {
        each.id: expect(
            each.promised_at,
            each.first_promised_at,
            is_over=_is_over(each),
            forecast=forecasts.get(each.id),
            changed=why_moved(
                each.first_promised_at,
                each.promised_at,
                has_addition=each.id in added,
                has_rework=each.id in reworked,
            ),
            now=at,
        )
        for each in found
    }


def _is_over(order: Promised) -> bool:
    """One that was let go has no promise to keep."""
    is_let_go = order.stage is Stage.DECLINED or not order.stage.is_here
    return order.ready_at is not None or is_let_go


def _forecasts(ids: list[int]) -> dict[int, Forecast]:
    if not ids:
        return {}
    query = select(OrderForecast).where(OrderForecast.order_id.in_(ids))
    return {
        each.order_id: Forecast(each.expected_at, each.why, each.at)
        for each in session.scalars(query)
    }


def _list_with(ids: list[int], kind: JobKind) -> set[int]:
    if not ids:
        return set()
    alive = (Job.kind == kind, Job.state != JobState.CANCELLED)
    return set(session.scalars(select(Job.order_id).where(Job.order_id.in_(ids), *alive)))
