"""The clocks of those who help with a job; the lead's clock is the job's own (queries)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from workshop.allocation.models import TeamRole
from workshop.db import session
from workshop.orders.models import Job
from workshop.shop.models import Technician
from workshop.steps.repair import queries
from workshop.steps.repair.models import WorkSession


def find_open(job: Job) -> WorkSession | None:
    """The clock of who helps with the job now."""
    return next((each for each in list_of(job) if each.ended_at is None), None)


def list_of(job: Job) -> list[WorkSession]:
    """All stretches of help with the job, oldest first."""
    query = select(WorkSession).where(
        WorkSession.job_id == job.id, WorkSession.role == TeamRole.ASSISTANT
    )
    return list(session.scalars(query.order_by(WorkSession.id)))


def clocked_by(job: Job, technician: Technician, at: datetime | None = None) -> int:
    """Minutes that this technician's clock has run on the job, leading or helping."""
    both = [*queries.list_sessions(job), *list_of(job)]
    mine = [each for each in both if each.technician_id == technician.id]
    return queries.minutes_of(mine, at)
