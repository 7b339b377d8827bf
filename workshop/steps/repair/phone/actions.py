"""Acts that a phone may send twice, late or both: each id is applied once, at a time that holds."""

from __future__ import annotations

import uuid
import zlib
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from workshop import db
from workshop.allocation.models import TeamRole
from workshop.attendance import presence
from workshop.db import session
from workshop.errors import N_, RuleBroken
from workshop.orders.models import Job, StageChange
from workshop.shop import queries as shop
from workshop.shop.models import Technician
from workshop.staff.models import User
from workshop.steps.parts.models import PickList
from workshop.steps.repair import rules
from workshop.steps.repair.models import AppliedAction, Inspection, WorkPoint, WorkSession

# As much of an id as is kept; the phones' own ids are half as long.
_ID_LENGTH = 64
DROPPED = "dropped"
"""A refused act that goes no further: nothing was done, so nothing has to come after it."""


def new_id() -> str:
    """An id for the form that a page carries; every repetition of that form bears the same."""
    return uuid.uuid4().hex


def find_answer(client_id: str, action: str, *, by: User) -> dict[str, Any] | None:
    """What was answered when this act was applied; None while it has not been.

    An act without an id cannot be recognised, so it is always new. Raises RuleBroken for an id
    that has been used for another act.
    """
    if not client_id:
        return None
    # The second of two simultaneous sendings waits here until the first is committed.
    db.lock("client_action", zlib.crc32(f"{by.id} {client_id}".encode()))
    query = select(AppliedAction).where(
        AppliedAction.by_id == by.id, AppliedAction.client_id == client_id[:_ID_LENGTH]
    )
    known = session.scalars(query).one_or_none()
    if known is None:
        return None
    if known.action != action:
        raise RuleBroken(N_("This was sent before, as another act."), code="other_act")
    return known.answer


def keep(
    client_id: str,
    action: str,
    answer: dict[str, Any],
    *,
    tapped_at: datetime | None = None,
    received_at: datetime,
    by: User,
    at: datetime,
) -> None:
    """Note that the act is done, and what was answered, in the same transaction as the act."""
    if not client_id:
        return
    done = AppliedAction(
        client_id=client_id[:_ID_LENGTH],
        action=action,
        by_id=by.id,
        tapped_at=tapped_at,
        at=at,
        received_at=received_at,
        answer=answer,
    )
    session.add(done)
    session.flush()


def time_of(tapped_at: datetime | None, job: Job | None, *, by: User, at: datetime) -> datetime:
    """The time of an act that reaches us at `at`: that of the tap, where the rules allow it."""
    if tapped_at is None:
        return at
    return rules.act_time(tapped_at, _last_act_at(job, by), at)


def _last_act_at(job: Job | None, by: User) -> datetime | None:
    """The latest thing that is known of the person or the job; nothing is done before it."""
    done = sa.and_(AppliedAction.by_id == by.id, AppliedAction.action != DROPPED)
    latest = [session.scalar(_latest_of(AppliedAction.at, done))]
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
