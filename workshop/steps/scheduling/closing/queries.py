"""Which jobs are held off the board, and which have no disposition at the end of a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from workshop.allocation import service as allocations
from workshop.allocation.models import Allocation, AllocationStatus
from workshop.db import session
from workshop.orders.models import Job, JobState, RepairOrder
from workshop.shop import calendar
from workshop.shop.models import Branch
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.closing.models import JobHold
from workshop.steps.scheduling.models import DayConsent

_NOT_OVER = (JobState.WAITING, JobState.PAUSED)


@dataclass(frozen=True)
class Loose:
    """A job that would leave the day without a disposition, and the time that it holds."""

    job: Job
    live: Allocation | None
    is_elsewhere: bool = False

    def is_to_come(self, at: datetime) -> bool:
        """Whether its time of the day has not come yet."""
        return self.live is not None and not self.is_elsewhere and self.live.starts_at > at


def list_held(branch: Branch) -> list[JobHold]:
    """The holds of the branch that stand, the longest first."""
    query = (
        select(JobHold)
        .join(Job, Job.id == JobHold.job_id)
        .join(RepairOrder, RepairOrder.id == Job.order_id)
        .where(
            RepairOrder.here(branch.id),
            Job.state.in_(_NOT_OVER),
            JobHold.released_at.is_(None),
        )
        .order_by(JobHold.held_at, JobHold.id)
    )
    return list(session.scalars(query))


def held_of(job_ids: Iterable[int]) -> dict[int, JobHold]:
    """The holds of these jobs that stand, by job."""
    query = select(JobHold).where(JobHold.job_id.in_(list(job_ids)), JobHold.released_at.is_(None))
    return {each.job_id: each for each in session.scalars(query)}


def find_hold(job: Job) -> JobHold | None:
    """Why the job is held, if it is."""
    return held_of([job.id]).get(job.id)


def list_loose(branch: Branch, day: date) -> list[Loose]:
    """The jobs that have no disposition yet, by promise."""
    ends = calendar.day_span(branch, day)[1]
    jobs = queries.list_movable(branch)
    planned = allocations.list_of([job.id for job in jobs])
    lives = {each.job_id: each for each in planned if each.status is AllocationStatus.PLANNED}
    held = {each.job_id for each in list_held(branch)}
    agreed = _agreed_jobs(branch, day)
    found = []
    for job in jobs:
        live, promised_at = lives.get(job.id), job.order.promised_at
        is_due = promised_at is not None and promised_at < ends
        if live is not None and live.starts_at < ends:
            found.append(Loose(job, live))
        elif live is not None and is_due and job.id not in agreed:
            found.append(Loose(job, live, is_elsewhere=True))
        elif live is None and job.id not in held and (is_due or job.started_at is not None):
            found.append(Loose(job, None))
    return found


def _agreed_jobs(branch: Branch, day: date) -> set[int]:
    """The jobs whose customers agreed to a day after this one."""
    query = select(DayConsent.job_id).join(RepairOrder, RepairOrder.id == DayConsent.order_id)
    query = query.where(RepairOrder.here(branch.id), DayConsent.to_day > day)
    return set(session.scalars(query))
