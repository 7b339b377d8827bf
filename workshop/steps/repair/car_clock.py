"""The clock on cars, as attendance asks for it: hours of a day, what runs, and stopping it.

Clocked: the clock ran on a car. Book: the flat-rate time of the jobs finished that day
(domain.md §5, glossary §8). Neither is added to the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import aliased

from workshop.allocation import queries as allocation_queries
from workshop.allocation.models import Assistance, TeamRole
from workshop.attendance.car_clock import CarClock, CarHours
from workshop.db import session
from workshop.errors import N_, RuleBroken, Way
from workshop.orders.models import Job, JobKind, JobState
from workshop.shop import rules as shop_rules
from workshop.shop.models import Technician
from workshop.shop.rules import Span
from workshop.staff.models import User
from workshop.steps.repair import helping, queries, rules, work
from workshop.steps.repair.models import WorkSession
from workshop.steps.repair.rules import PauseReason


def hours(technician_ids: Sequence[int], span: Span) -> dict[int, CarHours]:
    """The minutes on cars of each technician in the span, by id; a running clock until its end."""
    sessions = _list_sessions(technician_ids, span)
    finished = _finished(technician_ids, span)
    return {
        each: CarHours(
            clocked_minutes=_clocked([one for one in sessions if one.technician_id == each], span),
            book_minutes=sum(book for book, _ in finished[each]),
            finished_minutes=sum(clocked for _, clocked in finished[each]),
            finished_jobs=len(finished[each]),
        )
        for each in technician_ids
    }


def running_plates(technician_ids: Sequence[int]) -> dict[int, str]:
    """The plate of the car that each technician's clock runs on, by technician id."""
    query = select(WorkSession).where(
        WorkSession.technician_id.in_(technician_ids), WorkSession.ended_at.is_(None)
    )
    return {each.technician_id: each.job.order.vehicle.called for each in session.scalars(query)}


def rest(technician: Technician, reason: PauseReason, by: User, at: datetime) -> None:
    """Stop the technician's clock, if one runs: the own job pauses, help with another's ends."""
    running = queries.find_running_session(technician)
    if running is None:
        return
    if running.role is TeamRole.ASSISTANT:
        helping.stop(running.job, by, at)
    else:
        work.pause(running.job, reason, by, at)
    session.flush()


def require_stopped(technician: Technician) -> None:
    """Who pressed “Start” on another phone at the same moment is asked to press again."""
    running: WorkSession | None = queries.find_running_session(technician)
    if running is not None:
        raise RuleBroken(
            N_("Your clock is running on %(plate)s. Pause or finish that job first."),
            code="other_running",
            way=Way("repair.job", N_("Open that job"), {"job_id": running.job_id}),
            plate=running.job.order.vehicle.called,
        )


def _rest_absent(technician: Technician, by: User, at: datetime) -> None:
    rest(technician, PauseReason.ABSENT, by, at)


# What attendance is given when the application is made (blueprint.py).
ANSWERS = CarClock(hours, running_plates, queries.find_last_work_at, _rest_absent, require_stopped)


def _clocked(sessions: Iterable[WorkSession], span: Span) -> int:
    spans = [
        (each.started_at, each.counted_end or max(span[1], each.started_at))
        for each in sessions
        if not each.is_unconfirmed
    ]
    return shop_rules.minutes_of(shop_rules.intersect(spans, [span]))


def _list_sessions(ids: Sequence[int], span: Span) -> list[WorkSession]:
    query = select(WorkSession).where(
        WorkSession.technician_id.in_(ids),
        WorkSession.started_at < span[1],
        WorkSession.ended_at.is_(None) | (WorkSession.ended_at > span[0]),
    )
    return list(session.scalars(query.order_by(WorkSession.started_at)))


def _finished(ids: Sequence[int], span: Span) -> Mapping[int, list[tuple[int, int]]]:
    """(book, clocked) minutes of each job finished in the span, by technician.

    Two who were put on a job together share its book time as it was agreed; those who did it
    one after the other, by the minutes that each clocked on it.
    """
    query = (
        select(WorkSession, Job)
        .join(Job, Job.id == WorkSession.job_id)
        .where(
            Job.state == JobState.DONE,
            Job.kind != JobKind.REWORK,
            Job.finished_at >= span[0],
            Job.finished_at <= span[1],
            _was_clocked_by(ids) | _was_helped_by(ids),
        )
    )
    clocked: dict[Job, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for each, job in session.execute(query):
        if each.is_unconfirmed:
            continue
        minutes = rules.minutes_between(each.started_at, each.counted_end or each.started_at)
        clocked[job][each.technician_id] += minutes
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    helped = {each.job_id for each in allocation_queries.list_help_of([job.id for job in clocked])}
    for job, shares in clocked.items():
        team = helping.team_of(job) if job.id in helped else []
        credited = {each.technician.id: each.credited_minutes for each in team}
        credited = credited or rules.share(job.book_minutes, shares)
        for technician_id, book in credited.items():
            if technician_id in ids:
                found[technician_id].append((book, shares.get(technician_id, 0)))
    return found


def _was_clocked_by(ids: Sequence[int]) -> sa.ColumnElement[bool]:
    other = aliased(WorkSession)
    clocked = select(other.id).where(other.job_id == Job.id, other.technician_id.in_(ids))
    return clocked.exists()


def _was_helped_by(ids: Sequence[int]) -> sa.ColumnElement[bool]:
    helped = select(Assistance.id).where(
        Assistance.job_id == Job.id, Assistance.technician_id.in_(ids)
    )
    return helped.exists()
