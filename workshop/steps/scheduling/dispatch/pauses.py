"""How long a piece of work has rested, in working minutes: a lunch break is no pause of it."""

from __future__ import annotations

from datetime import datetime

from workshop.orders.models import Job
from workshop.shop import calendar, rules
from workshop.shop import queries as shop
from workshop.steps.scheduling import queries


def begin(job: Job, *, at: datetime) -> None:
    """The work rests from now on."""
    job.paused_at = at


def end(job: Job, *, at: datetime) -> None:
    """The work goes on."""
    job.paused_minutes = minutes_so_far(job, at)
    job.paused_at = None


def forget(job: Job) -> None:
    """The piece of work has ended; the rest of the job is a piece of its own."""
    job.paused_minutes = 0


def minutes_so_far(job: Job, at: datetime) -> int:
    """The working minutes in which the present piece of the job has rested until `at`.

    Only the technician's hours count, and nothing before the piece was to begin.
    """
    live = queries.find_live(job)
    if job.paused_at is None or live is None:
        return job.paused_minutes
    since = max(job.paused_at, live.starts_at)
    if since >= at:
        return job.paused_minutes
    first, last = (calendar.local_day(job.order.branch, each) for each in (since, at))
    # All hands, so that the next job asks the same.
    hands = dict.fromkeys([*shop.list_technicians(job.order.branch), live.technician])
    table = calendar.Timetable(job.order.branch, first, last, hands)
    hours = [
        span for day in calendar.days(first, last) for span in table.shifts(live.technician_id, day)
    ]
    return job.paused_minutes + rules.minutes_of(rules.intersect([(since, at)], hours))
