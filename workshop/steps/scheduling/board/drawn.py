"""Where work stands on the board: what happened and what goes on is drawn where it happens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from workshop.allocation.models import Allocation, AllocationStatus, TakenTime
from workshop.db import session
from workshop.orders.models import Job, JobState
from workshop.shop.models import Branch
from workshop.shop.rules import Span


@dataclass(frozen=True)
class Drawn:
    """The time over which a card is drawn, and its planned time where that is another one.

    What is moved and guarded is always the planned time; this is only what people see.
    """

    begins_at: datetime
    ends_at: datetime
    buffer_until: datetime
    planned: Span | None = None

    @property
    def has_buffer(self) -> bool:
        """Whether time is kept free behind it."""
        return self.buffer_until > self.ends_at


def place_of(work: TakenTime, goes_on: Span | None) -> Drawn:
    """The place of a card; `goes_on` is from the real start to the expected end of begun work."""
    if goes_on is None:
        return Drawn(work.shown_from, work.shown_until, work.shown_buffer_until)
    planned = (work.starts_at, work.ends_at)
    is_as_planned = all(_minute(a) == _minute(b) for a, b in zip(goes_on, planned, strict=True))
    if is_as_planned:
        return Drawn(*goes_on, work.blocked_until)
    # Behind an end that is not the planned one nobody keeps a buffer free.
    return Drawn(*goes_on, goes_on[1], planned)


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def list_begun_ahead(branch: Branch, since: datetime) -> list[Allocation]:
    """The time from `since` on of work that goes on already now, by start."""
    query = (
        select(Allocation)
        .join(Job, Job.id == Allocation.job_id)
        .where(
            Allocation.branch_id == branch.id,
            Allocation.status == AllocationStatus.PLANNED,
            Allocation.starts_at >= since,
            Job.state == JobState.RUNNING,
        )
    )
    return list(session.scalars(query.order_by(Allocation.starts_at, Allocation.id)))
