"""Which jobs are held off the board."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from workshop.db import session
from workshop.orders.models import Job, JobState, RepairOrder
from workshop.shop.models import Branch
from workshop.steps.scheduling.closing.models import JobHold

_NOT_OVER = (JobState.WAITING, JobState.PAUSED)


def list_held(branch: Branch) -> list[JobHold]:
    """The holds of the branch that stand, the longest first."""
    query = (
        select(JobHold)
        .join(Job, Job.id == JobHold.job_id)
        .join(RepairOrder, RepairOrder.id == Job.order_id)
        .where(
            RepairOrder.branch_id == branch.id,
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
