"""What a technician is told of work that the customer took off, and what still comes in of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from workshop.db import session
from workshop.orders.models import Job, JobState
from workshop.shop.models import Technician
from workshop.staff.models import User
from workshop.steps.quotation.models import QuotationLine
from workshop.steps.quotation.taking_off.models import TakeOff, TakeOffLine
from workshop.steps.repair import queries
from workshop.steps.repair.models import WorkNote, WorkSession


@dataclass(frozen=True)
class TakenOff:
    """A job that was ended before it was done: when, why, and the minutes that stay booked."""

    job: Job
    at: datetime
    reason: str
    minutes: int


def find(job: Job) -> TakenOff | None:
    """When and why the job was taken off; None when it was not."""
    if job.state is not JobState.CANCELLED:
        return None
    query = (
        select(TakeOff)
        .join(TakeOffLine, TakeOffLine.take_off_id == TakeOff.id)
        .join(QuotationLine, QuotationLine.id == TakeOffLine.quotation_line_id)
        .where(QuotationLine.job_id == job.id)
    )
    version = session.scalars(query.limit(1)).one_or_none()
    if version is None or version.agreed_at is None:
        return None
    return TakenOff(job, version.agreed_at, version.reason, queries.clocked_minutes(job))


def list_since(technician: Technician, since: datetime) -> list[TakenOff]:
    """The jobs that this technician has worked on and that were taken off since then."""
    worked = select(WorkSession.job_id).where(
        WorkSession.technician_id == technician.id, WorkSession.ended_at >= since
    )
    query = select(Job).where(Job.id.in_(worked), Job.state == JobState.CANCELLED)
    found = [find(job) for job in session.scalars(query.order_by(Job.id))]
    return [each for each in found if each is not None and each.at >= since]


def keep_late(job: Job, words: str, *, by: User, at: datetime) -> WorkNote:
    """Write down what was done on the phone before it knew; the work itself is over."""
    note = WorkNote(job_id=job.id, text=words, at=at, by_id=by.id)
    session.add(note)
    session.flush()
    return note
