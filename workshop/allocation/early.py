"""Work that was over before its time had come: its time is given back, whole."""

from __future__ import annotations

from datetime import datetime, timedelta

from workshop.allocation.free_time import FreeTime
from workshop.allocation.models import Allocation, Assistance
from workshop.shop.models import Branch
from workshop.shop.rules import Span


def put_where_it_happened(
    allocation: Allocation,
    helping: Assistance | None,
    branch: Branch,
    worked: Span | None,
    at: datetime,
) -> None:
    """Let the piece take the time that it `worked` until now, as far as nobody else has it.

    Where others have all of that time, a minute of its own is left to it, without a buffer.
    """
    moment = timedelta(minutes=1)
    began = min(worked[0], at - moment) if worked else at - moment
    place = _find_gap(allocation, helping, branch, began, at)
    starts_at = allocation.starts_at
    fallback = (starts_at, starts_at + moment, starts_at + moment)
    allocation.starts_at, allocation.ends_at, allocation.blocked_until = place or fallback
    allocation.rest_minutes = 0
    if helping is not None:
        helping.starts_at = allocation.starts_at


def _find_gap(
    allocation: Allocation,
    helping: Assistance | None,
    branch: Branch,
    began: datetime,
    at: datetime,
) -> tuple[datetime, datetime, datetime] | None:
    """What is free of the time until now for the technician, the bay and who helps."""
    mine = [allocation.id, *([helping.id] if helping else [])]
    free = FreeTime(branch, began, mine)
    taken = free.taken_of(allocation.technician, allocation.bay)
    if helping is not None:
        taken = [*taken, *free.taken_of(helping.technician, None)]
    since = max([began, *(until for begins, until in taken if begins < at)])
    following = min((begins for begins, _ in taken if begins >= at), default=None)
    until = branch.blocked_until(at)
    return (since, at, min(until, following or until)) if since < at else None
