"""What is known of a technician and a job: no act from a phone counts before it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from workshop.allocation.models import TeamRole
from workshop.attendance import presence
from workshop.db import session
from workshop.orders.models import Job, StageChange
from workshop.phone import applied
from workshop.shop import queries as shop
from workshop.shop.models import Technician
from workshop.staff.models import User
from workshop.steps.parts.models import PickList
from workshop.steps.repair.models import Inspection, WorkPoint, WorkSession


def find_last_at(job: Job | None, *, by: User) -> datetime | None:
    """The latest thing that is known of the person or the job; nothing is done before it."""
    latest = [applied.find_last_at(by)]
    for column in (WorkSession.started_at, WorkSession.ended_at):
        query = _latest_of(column, Technician.user_id == by.id)
        latest.append(session.scalar(query.join_from(WorkSession, Technician)))
    technician = shop.find_technician(by)
    if technician is not None:
        latest.append(presence.find_last_moment(technician))
    if job is not None:
        latest += [job.order.released_at, *_known_of_job(job)]
    return max((each for each in latest if each is not None), default=None)


def _known_of_job(job: Job) -> list[datetime | None]:
    of_order, of_job = job.order_id, job.id
    # What a helper does is no news of the lead's.
    leads = sa.and_(WorkSession.job_id == of_job, WorkSession.role == TeamRole.LEAD)
    questions = (
        _latest_of(StageChange.at, StageChange.order_id == of_order),
        _latest_of(PickList.issued_at, PickList.order_id == of_order),
        _latest_of(WorkSession.started_at, leads),
        _latest_of(WorkSession.ended_at, leads),
        _latest_of(WorkPoint.ticked_at, WorkPoint.job_id == of_job),
        _latest_of(WorkPoint.undone_at, WorkPoint.job_id == of_job),
        _latest_of(Inspection.at, Inspection.job_id == of_job),
    )
    return [session.scalar(each) for each in questions]


def _latest_of(column: Any, condition: sa.ColumnElement[bool]) -> sa.Select[tuple[Any]]:
    return select(sa.func.max(column)).where(condition)
