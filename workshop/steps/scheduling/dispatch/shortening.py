"""A job that becomes shorter gives back the end of its time."""

from __future__ import annotations

from datetime import datetime

from workshop.allocation import service as allocations
from workshop.orders.models import Job
from workshop.shop import calendar
from workshop.staff.models import User
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.dispatch import counted

# Less is no time on a board.
_SHORTEST_MINUTES = 15


def shorten(job: Job, minutes: int, *, by: User, at: datetime) -> None:
    """Let the plan and the ledger follow: the place ends earlier, by so many minutes.

    Work that has begun keeps its end: its clock tells when it is over.
    """
    live = queries.find_live(job)
    length = max(_SHORTEST_MINUTES, live.minutes - minutes) if live is not None else 0
    if live is not None and job.started_at is None and length < live.minutes:
        allocations.move(
            live,
            live.technician,
            live.bay,
            live.starts_at,
            length,
            seen_version=live.version,
            by=by,
            at=min(at, live.starts_at),
            across=live.rest_minutes > 0,
        )
    day = calendar.local_day(job.order.branch, live.starts_at) if live is not None else None
    counted.keep(job, day, at)
