"""Splitting a job and joining two, each with its reason; the one takes the other back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import select

from workshop import db
from workshop.allocation import placing, team
from workshop.allocation import queries as allocation_queries
from workshop.allocation import service as allocations
from workshop.allocation.models import Allocation
from workshop.capacity import service as capacity
from workshop.capacity.models import TakeSource
from workshop.db import session
from workshop.errors import N_, Invalid, RuleBroken, require
from workshop.orders import service as orders
from workshop.orders.flow import Action
from workshop.orders.models import Job, JobState, RepairOrder
from workshop.orders.work.rules import WorkLine
from workshop.shop import calendar
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.quotation.models import LineKind, QuotationLine
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.dispatch import calling_off, counted, shortening
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.dispatch.fitness import check_fit
from workshop.steps.scheduling.packing import gates


def split(job: Job, line_ids: Collection[int], reason: str, *, by: User, at: datetime) -> Job:
    """Make these lines of the job a job of its own, which waits for a place; gives it back.

    What stays keeps its place, which becomes shorter. Raises NotAllowed without the right,
    RuleBroken once work has begun, Invalid without a reason or when no line or every line goes.
    """
    _begin(job, job, reason, by)
    require(gates.missing_to_split(job))
    going = [line for line in job.lines if line.id in line_ids]
    staying = [line for line in job.lines if line.id not in line_ids]
    if not going or not staying:
        raise Invalid(
            N_("Choose what becomes a job of its own; something must stay."), field="lines"
        )
    made = Job(order_id=job.order_id, position=_next_position(job.order), kind=job.kind)
    made.hold(going)
    session.add(made)
    session.flush()
    _point(going, made)
    days = capacity.list_takes(TakeSource.JOB, job.id)
    _hold(job, staying)
    shortening.shorten(job, made.book_minutes, by=by, at=at)
    today = calendar.local_day(job.order.branch, at)
    counted.keep(made, days[-1].day if days else today, at)
    audit.write(by, "scheduling.split_job", job, at, **_told(job, made, reason))
    _end(job, by, at)
    return made


def join(job: Job, other: Job, reason: str, *, by: User, at: datetime) -> Job:
    """Do both in one go: the other's lines come into the job, which is planned again.

    It keeps its place where that is long enough and its technician knows all of it; else it goes
    to the queue. Raises as `split` does, and RuleBroken that names what one technician cannot do.
    """
    _begin(job, other, reason, by)
    if job.id == other.id or job.order_id != other.order_id:
        raise Invalid(N_("Choose another job of this order."), field="other")
    branch = job.order.branch
    hands, day = gates.read_hands(branch), calendar.local_day(branch, at)
    require(gates.missing_to_join(job, other, hands, day))
    lines = sorted([*_signed(job), *_signed(other)], key=lambda line: line.id or 0)
    calling_off.call_off(other, 0, by=by, at=at)
    other.state = JobState.CANCELLED
    _point(lines, job)
    _hold(job, lines)
    _plan_again(job, by, at)
    audit.write(by, "scheduling.join_jobs", job, at, **_told(job, other, reason))
    _end(job, by, at)
    return job


def _begin(job: Job, other: Job, reason: str, by: User) -> None:
    staff.require_permission(by, Permission.SCHEDULE)
    orders.lock(job.order)
    for each in {job, other}:
        db.reread(each)
    orders.require_stage(job.order, Action.SCHEDULE)
    if any(queries.find_live(each) is not None for each in (job, other)):
        # A place that becomes shorter, or is given up, is another time.
        scheduling.require_time_right(job.order.branch, by)
    if not reason.strip():
        raise Invalid(N_("Say why."), field="reason")


def _told(job: Job, other: Job, reason: str) -> dict[str, str]:
    return {"job": job.title_zh, "other_job": other.title_zh, "reason": reason.strip()[:200]}


def _end(job: Job, by: User, at: datetime) -> None:
    scheduling.follow_stage(job.order, by=by, at=at)
    orders.announce(job.order, at)


def _next_position(order: RepairOrder) -> int:
    last = session.scalar(select(sa.func.max(Job.position)).where(Job.order_id == order.id))
    return (last or 0) + 1


def _signed(job: Job) -> list[WorkLine]:
    """The lines of the job; one from before jobs kept their lines is looked up."""
    if job.lines[0].id is not None:
        return job.lines
    query = select(QuotationLine.id).where(
        QuotationLine.job_id == job.id, QuotationLine.kind == LineKind.LABOUR
    )
    found = session.scalars(query).first()
    if found is None:
        raise RuleBroken(N_("Nothing that was signed hangs on this job."), code="unsigned")
    return [replace(job.lines[0], id=found)]


def _point(lines: Sequence[WorkLine], job: Job) -> None:
    """Let the signed lines, with the parts that hang on them, be done by this job."""
    ids = [line.id for line in lines]
    mine = sa.or_(QuotationLine.id.in_(ids), QuotationLine.parent_line_id.in_(ids))
    for line in session.scalars(select(QuotationLine).where(mine)):
        line.job_id = job.id
    session.flush()


def _hold(job: Job, lines: Sequence[WorkLine]) -> None:
    job.hold(lines)
    session.flush()
    session.refresh(job, ["skill"])


def _plan_again(job: Job, by: User, at: datetime) -> None:
    live = queries.find_live(job)
    takes = capacity.list_takes(TakeSource.JOB, job.id)
    day = takes[-1].day if takes else calendar.local_day(job.order.branch, at)
    if live is not None:
        day = calendar.local_day(job.order.branch, live.starts_at)
        if _fits(job, live, at):
            allocations.move(
                live,
                live.technician,
                live.bay,
                live.starts_at,
                job.book_minutes,
                seen_version=live.version,
                by=by,
                at=at,
                across=True,
            )
        else:
            allocations.cancel(live, by=by, at=at)
    counted.keep(job, day, at)


def _fits(job: Job, live: Allocation, at: datetime) -> bool:
    """Whether who has the job can do all of it where it stands, with whoever helps."""
    branch = job.order.branch
    where = (live.technician, live.bay, live.starts_at, job.book_minutes)
    place = placing.Place(*where, across=True, helper=allocation_queries.find_helper(live))
    try:
        check_fit(job, live.technician, live.bay, calendar.local_day(branch, live.starts_at))
        placing.check(branch, place, min(at, live.starts_at), team.ids_of(live))
    except (RuleBroken, Invalid):
        return False
    return True
