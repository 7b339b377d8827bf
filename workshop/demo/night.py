"""The end of the day in the running demo: people go home, and the clock jumps to the morning."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy import select

from workshop import clock
from workshop.db import session
from workshop.demo.timeline import Enough
from workshop.orders.models import Job, JobState, RepairOrder
from workshop.shop import calendar
from workshop.shop.models import Branch
from workshop.steps.repair import queries as repair_queries
from workshop.steps.repair import work
from workshop.steps.repair.rules import PauseReason

log = structlog.get_logger(__name__)

# Whoever watches sees the evening for so long before the clock jumps, and the shop open.
_AFTER_CLOSING = timedelta(minutes=15)
_BEFORE_OPENING = timedelta(minutes=5)


def is_open(branch: Branch, at: datetime) -> bool:
    """Whether the shop is open at this moment."""
    day = calendar.local_day(branch, at)
    return any(opens <= at < closes for opens, closes in calendar.opening(branch, day))


def list_running(branch: Branch) -> list[int]:
    """Jobs on which somebody works, by id."""
    query = select(Job.id).join(RepairOrder, RepairOrder.id == Job.order_id)
    return list(
        session.scalars(
            query.where(RepairOrder.branch_id == branch.id, Job.state == JobState.RUNNING)
        )
    )


def go_home(job: Job, at: datetime) -> None:
    """The technician stops the clock for the night."""
    running = repair_queries.find_open_session(job)
    if running is None:
        raise Enough
    work.pause(job, PauseReason.BREAK, running.technician.user, at)


def sleep_over(branch: Branch, at: datetime) -> None:
    """After closing, when nobody is at work any more, let the clock jump to the next morning."""
    day = calendar.local_day(branch, at)
    is_morning = any(at < opens for opens, _ in calendar.opening(branch, day))
    opening = calendar.opening(branch, day if is_morning else calendar.next_open_day(branch, day))
    wakes_at = opening[0][0] - _BEFORE_OPENING
    if not is_open(branch, at) and at < wakes_at and not is_open(branch, at - _AFTER_CLOSING):
        clock.run_from(wakes_at, clock.speed())
        log.info("the shop is closed; its clock goes on in the morning", wakes_at=wakes_at)
