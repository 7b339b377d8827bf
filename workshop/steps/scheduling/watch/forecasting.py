"""The watch tells everybody when it sees each car ready: the one honest time reads it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from workshop import events
from workshop.db import session
from workshop.orders.models import JobKind, JobState, OrderChanged, OrderForecast
from workshop.orders.rows import Phase
from workshop.orders.rules import Why
from workshop.steps.scheduling.watch.outlook import CarForecast, Outlook

# People think in steps of five minutes; a time that moves each minute is none.
_STEP_SECONDS = 300
# So often a forecast that says the same is written again, as it holds for a while only.
_RENEW = timedelta(minutes=5)


def keep(seen: Outlook) -> None:
    """Keep when each car in work will be ready; who shows it hears when it has moved."""
    ids = [car.order.id for car in seen.cars]
    query = select(OrderForecast).where(OrderForecast.order_id.in_(ids))
    known = {each.order_id: each for each in session.scalars(query)}
    for car in seen.cars:
        _keep_one(known.get(car.order.id), car, seen)


def _keep_one(kept: OrderForecast | None, car: CarForecast, seen: Outlook) -> None:
    order, expected_at, why = car.order, _ready_at(car), _why(car, seen)
    is_same = kept is not None and (kept.expected_at, kept.why) == (expected_at, why)
    if kept is not None and is_same and seen.at - kept.at < _RENEW:
        return
    if kept is None:
        kept = OrderForecast(order_id=order.id)
        session.add(kept)
    kept.expected_at, kept.why, kept.at = expected_at, why, seen.at
    if not is_same:
        events.record(OrderChanged(order.id, order.branch_id, seen.at))


def _ready_at(car: CarForecast) -> datetime:
    """After the work come the check, the wash and the papers (N2)."""
    is_washed_now = car.order.stage.phase is Phase.FINISH
    minutes = 0 if is_washed_now else car.order.branch.delivery_minutes
    ready = int((car.finish_at + timedelta(minutes=minutes)).timestamp())
    return datetime.fromtimestamp(-(-ready // _STEP_SECONDS) * _STEP_SECONDS, UTC)


def _why(car: CarForecast, seen: Outlook) -> Why | None:
    """Why the promise is not kept; None while it is."""
    if not car.is_at_risk:
        return None
    jobs = [job for job in seen.jobs.values() if job.order_id == car.order.id]
    if car.order.id in seen.expected and not any(job.state is JobState.RUNNING for job in jobs):
        return Why.PART
    if car.cause is not None and car.cause.order_id != car.order.id:
        return Why.BEFORE
    kinds = {job.kind for job in jobs}
    if JobKind.REWORK in kinds:
        return Why.QUALITY
    return Why.ADDITION if JobKind.ADDITION in kinds else Why.LONGER
