"""A job that is carried out no more leaves the plan: its time, its hours, and what waits for it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from workshop.allocation import service as allocations
from workshop.allocation.models import Allocation
from workshop.capacity import service as capacity
from workshop.capacity.models import TakeSource
from workshop.db import session
from workshop.orders.models import Job
from workshop.staff.models import User
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.closing import holds
from workshop.steps.scheduling.models import MoreTime, PlacePin, ProposalState, TimeChange
from workshop.steps.scheduling.rules import MoreTimeState


def call_off(job: Job, worked_minutes: int, *, by: User, at: datetime) -> None:
    """Give the job's place and hours back; what was worked stays where it was.

    Whoever asked for another time or for more of it gets no answer any more.
    """
    live = queries.find_live(job)
    if live is not None and job.started_at is not None and live.starts_at < at:
        allocations.finish(live, at=at)
    elif live is not None:
        allocations.cancel(live, by=by, at=at)
    capacity.stop(TakeSource.JOB, job.id, worked_minutes, at=at)
    holds.end(job, by=by, at=at)
    job.paused_at = None
    _end_questions(job, by, at)
    _end_pins(job, by, at)
    session.flush()


def _end_questions(job: Job, by: User, at: datetime) -> None:
    proposed = select(TimeChange).where(
        TimeChange.job_id == job.id, TimeChange.state == ProposalState.OPEN
    )
    for proposal in session.scalars(proposed):
        proposal.state, proposal.answered_at = ProposalState.WITHDRAWN, at
        proposal.answered_by_id = by.id
    wanted = select(MoreTime).where(MoreTime.job_id == job.id, MoreTime.state == MoreTimeState.OPEN)
    for more in session.scalars(wanted):
        more.state, more.answered_at, more.answered_by_id = MoreTimeState.LEFT, at, by.id


def _end_pins(job: Job, by: User, at: datetime) -> None:
    query = (
        select(PlacePin)
        .join(Allocation, Allocation.id == PlacePin.allocation_id)
        .where(Allocation.job_id == job.id, PlacePin.released_at.is_(None))
    )
    for pin in session.scalars(query):
        pin.released_at, pin.released_by_id = at, by.id
