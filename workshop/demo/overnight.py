"""The end of the day in the running demo: when all are gone, the clock jumps to the morning."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from workshop import clock
from workshop.shop import calendar
from workshop.shop.models import Branch

log = structlog.get_logger(__name__)

# Whoever watches sees the evening for so long before the clock jumps, and the shop open.
_AFTER_CLOSING = timedelta(minutes=15)
_BEFORE_OPENING = timedelta(minutes=5)


def is_open(branch: Branch, at: datetime) -> bool:
    """Whether the shop is open at this moment."""
    day = calendar.local_day(branch, at)
    return any(opens <= at < closes for opens, closes in calendar.opening(branch, day))


def sleep_over(branch: Branch, at: datetime) -> None:
    """After closing, when nobody is at work any more, let the clock jump to the next morning."""
    day = calendar.local_day(branch, at)
    is_morning = any(at < opens for opens, _ in calendar.opening(branch, day))
    opening = calendar.opening(branch, day if is_morning else calendar.next_open_day(branch, day))
    wakes_at = opening[0][0] - _BEFORE_OPENING
    if not is_open(branch, at) and at < wakes_at and not is_open(branch, at - _AFTER_CLOSING):
        clock.run_from(wakes_at, clock.speed())
        log.info("the shop is closed; its clock goes on in the morning", wakes_at=wakes_at)
