"""“I need 20 more minutes”: asked on the phone, in the forecast at once, planned when granted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from workshop.allocation.models import Allocation
from workshop.db import session
from workshop.errors import N_, Invalid, NotAllowed, NotFound, RuleBroken
from workshop.orders import service as orders
from workshop.orders.models import Job, JobState, RepairOrder
from workshop.shop.models import Branch
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.scheduling import queries, rules
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.models import MoreTime
from workshop.steps.scheduling.rules import MoreTimeReason, MoreTimeState

_BEGUN = (JobState.RUNNING, JobState.PAUSED)


def ask(job: Job, minutes: int, reason: MoreTimeReason, *, by: User, at: datetime) -> MoreTime:
    """Say that the own job takes longer; the newest word counts, and the plan stays as it is.

    `minutes` are on top of the planned end. Raises NotAllowed for anybody else's job, Invalid
    outside the steps, RuleBroken before the start and after the end.
    """
    staff.require_permission(by, Permission.WORK)
    orders.lock(job.order)
    technician = queries.technician_of(job)
    if technician is None or technician.user_id != by.id:
        raise NotAllowed(N_("This job is not assigned to you."), code="not_assigned")
    if job.state not in _BEGUN:
        raise RuleBroken(N_("More time is asked for while the work goes on."), code="not_begun")
    _require_sensible(minutes)
    earlier = find_open(job)
    if earlier is not None:
        _answer(earlier, MoreTimeState.REPLACED, by, at)
    request = MoreTime(
        job_id=job.id, job=job, minutes=minutes, reason=reason, asked_at=at, by_id=by.id
    )
    session.add(request)
    session.flush()
    audit.write(by, "scheduling.ask_more_time", request, at, minutes=minutes, reason=reason.value)
    orders.announce(job.order, at)
    return request


def grant(request: MoreTime, *, by: User, at: datetime) -> Allocation:
    """Let the plan follow: the job's time grows by the minutes asked for.

    The advisor's act. Raises as `scheduling.move` does: the next job in the way is named, with
    the nearest free time.
    """
    job = _require_open(request)
    live = scheduling.get_live(job)
    allocation = scheduling.move(
        job,
        live.technician,
        live.bay,
        live.starts_at,
        minutes=live.minutes + request.minutes,
        across=True,
        seen_version=live.version,
        by=by,
        at=at,
    )
    _answer(request, MoreTimeState.GRANTED, by, at)
    return allocation


def leave(request: MoreTime, *, by: User, at: datetime) -> None:
    """Take note; the plan stays as it is."""
    staff.require_permission(by, Permission.SCHEDULE)
    job = _require_open(request)
    _answer(request, MoreTimeState.LEFT, by, at)
    orders.announce(job.order, at)


def follow_plan(job: Job, planned_at: datetime, *, by: User, at: datetime) -> None:
    """A plan made at `planned_at` was accepted: it holds the minutes asked for by then."""
    request = find_open(job)
    if request is not None and request.asked_at <= planned_at:
        _answer(request, MoreTimeState.GRANTED, by, at)


def reopen(job: Job, granted_at: datetime, *, by: User, at: datetime) -> None:
    """The plan accepted at `granted_at` was undone: its minutes wait for an answer again."""
    granted = [each for each in list_of(job) if each.answered_at == granted_at]
    request = next((each for each in granted if each.state is MoreTimeState.GRANTED), None)
    if request is None or find_open(job) is not None:
        return
    request.state, request.answered_at, request.answered_by_id = MoreTimeState.OPEN, None, None
    session.flush()
    audit.write(by, "scheduling.more_time_reopened", request, at)


def find_open(job: Job) -> MoreTime | None:
    """The request of this job that waits for an answer."""
    query = select(MoreTime).where(MoreTime.job_id == job.id, MoreTime.state == MoreTimeState.OPEN)
    return session.scalars(query).one_or_none()


def list_of(job: Job) -> list[MoreTime]:
    """Every request of the job, the newest first."""
    query = select(MoreTime).where(MoreTime.job_id == job.id)
    return list(session.scalars(query.order_by(MoreTime.id.desc())))


def list_open(branch: Branch) -> list[MoreTime]:
    """What waits for an answer, the oldest first; nothing of a job that is over."""
    query = (
        select(MoreTime)
        .join(Job, MoreTime.job_id == Job.id)
        .join(RepairOrder, Job.order_id == RepairOrder.id)
        .where(
            RepairOrder.here(branch.id),
            MoreTime.state == MoreTimeState.OPEN,
            Job.state.in_(_BEGUN),
        )
    )
    return list(session.scalars(query.order_by(MoreTime.id)))


def asked_by_order(branch: Branch) -> dict[int, int]:
    """By order: the most minutes that one of its jobs asks for; two at once do not add up."""
    found: dict[int, int] = {}
    for each in list_open(branch):
        order_id = each.job.order_id
        found[order_id] = max(each.minutes, found.get(order_id, 0))
    return found


def asked_minutes(job_ids: Iterable[int]) -> dict[int, int]:
    """By job: the minutes that are asked for and not in the plan; for forecasts."""
    query = select(MoreTime.job_id, MoreTime.minutes).where(
        MoreTime.job_id.in_(list(job_ids)), MoreTime.state == MoreTimeState.OPEN
    )
    return dict(session.execute(query).all())


def get_request(order: RepairOrder, request_id: int) -> MoreTime:
    """A request for a job of this order; raises NotFound."""
    request = session.get(MoreTime, request_id)
    if request is None or request.job.order_id != order.id:
        raise NotFound(N_("There is no such request."))
    return request


def _require_sensible(minutes: int) -> None:
    if not 0 < minutes <= rules.MOST_MORE_MINUTES or minutes % rules.MORE_TIME_STEP:
        raise Invalid(
            N_("Ask for 5 to %(most)s minutes, in steps of 5."),
            field="minutes",
            most=rules.MOST_MORE_MINUTES,
        )


def _require_open(request: MoreTime) -> Job:
    # Two advisors who press at once: the second waits here and is refused.
    orders.lock(request.job.order)
    session.refresh(request)
    if request.state is not MoreTimeState.OPEN:
        raise RuleBroken(
            N_("This request is “%(state)s” already."), code="state", state=request.state
        )
    return request.job


def _answer(request: MoreTime, state: MoreTimeState, by: User, at: datetime) -> None:
    request.state, request.answered_at, request.answered_by_id = state, at, by.id
    session.flush()
    audit.write(by, f"scheduling.more_time_{state.value}", request, at)
