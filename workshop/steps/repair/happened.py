"""When a piece of work happened, by the clocks: from its first start to its last end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from workshop.allocation import queries as allocation_queries
from workshop.allocation.models import Allocation
from workshop.orders.models import Job
from workshop.shop import calendar
from workshop.shop.rules import Span
from workshop.steps.repair import help_clocks, queries
from workshop.steps.repair.models import WorkSession


def spans_of(piece: Allocation, job: Job, at: datetime) -> tuple[Span | None, Span | None]:
    """When the lead worked on the piece that ends now, and when who helps with it did.

    An earlier piece of the same job, and an earlier day, stand on the board by themselves.
    """
    branch = job.order.branch
    today = calendar.day_span(branch, calendar.local_day(branch, at))[0]
    since = max(piece.made_at, today)
    helping = allocation_queries.find_assistance(piece)
    helped = [
        each
        for each in help_clocks.list_of(job)
        if helping is not None and each.technician_id == helping.technician_id
    ]
    return _span(queries.list_sessions(job), since, at), _span(helped, since, at)


def _span(sessions: Iterable[WorkSession], since: datetime, at: datetime) -> Span | None:
    mine = [each for each in sessions if each.started_at >= since]
    if not mine:
        return None
    ends = [each.counted_end or at for each in mine]
    return min(each.started_at for each in mine), max(ends)
