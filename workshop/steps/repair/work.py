"""Work on a job: start, pause, resume, finish, and the six points."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from workshop import db
from workshop.allocation import service as allocations
from workshop.allocation.models import TeamRole
from workshop.attendance import service as attendance
from workshop.capacity import service as capacity
from workshop.capacity.models import TakeSource
from workshop.db import session
from workshop.errors import N_, NotAllowed, RuleBroken, Way, require
from workshop.orders import service as orders
from workshop.orders.flow import Action, Stage, permits
from workshop.orders.models import (
    Job,
    JobState,
    OrderKind,
    RepairOrder,
)
from workshop.shop.models import Technician
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.repair import gates, happened, help_clocks, queries, rules
from workshop.steps.repair.models import WorkPoint, WorkSession
from workshop.steps.repair.quality import rework
from workshop.steps.repair.rules import PauseReason, Point
from workshop.steps.scheduling import queries as scheduling
from workshop.steps.scheduling.dispatch import pauses
from workshop.steps.scheduling.folder import service as folders


def start(job: Job, by: User, at: datetime) -> WorkSession:
    """Begin the job; ticks “start time recorded”. The order's first start makes it “in repair”.

    Raises RuleBroken naming what is missing, or the other job that the technician is still on.
    """
    _lock(job)
    if job.state is not JobState.WAITING:
        raise RuleBroken(
            N_("This job is “%(state)s” and cannot be started."), code="state", state=job.state
        )
    require(gates.missing_to_start(job, at))
    technician = require_own_job(job, by)
    opened = open_session(job, technician, at)
    job.started_at = at
    folders.take_if_left(job, by=by, at=at)
    _tick(job, Point.START, by, at)
    if job.order.kind is OrderKind.COMEBACK:
        rework.ensure_external(job.order, by=by, at=at)
    audit.write(by, "repair.start", job, at)
    return opened


def resume(job: Job, by: User, at: datetime) -> WorkSession:
    """Go on with a paused job; raises RuleBroken as `start` does."""
    _lock(job)
    if job.state is not JobState.PAUSED:
        raise RuleBroken(
            N_("This job is “%(state)s” and cannot be resumed."), code="state", state=job.state
        )
    orders.require_stage(job.order, Action.START_JOB)
    technician = require_own_job(job, by)
    require(gates.missing_to_resume(job, technician, at))
    opened = open_session(job, technician, at)
    pauses.end(job, at=at)
    audit.write(by, "repair.resume", job, at)
    return opened


def pause(job: Job, reason: PauseReason, by: User, at: datetime) -> None:
    """Stop the clock with a reason; the order is paused when all its unfinished jobs are.

    The technician does it, or the job controller for a clock that was forgotten.
    """
    _lock(job)
    running = _get_running(job)
    if not by.may(Permission.SCHEDULE):
        require_own_job(job, by)
    close_session(running, by, at, reason)
    end_help(job, by, at)
    job.state = JobState.PAUSED
    pauses.begin(job, at=at)
    states = {each.state for each in queries.list_unfinished(job.order)}
    if states == {JobState.PAUSED}:
        go(job.order, Stage.PAUSED, by, at, reason.label)
    orders.announce(job.order, at)
    audit.write(by, "repair.pause", job, at, reason=reason.value)


def finish(job: Job, by: User, at: datetime) -> None:
    """Finish the job; ticks “finish time recorded”. The last one sends the order to the check.

    Raises RuleBroken naming the points or the self-check that are missing.
    """
    _lock(job)
    require(gates.missing_to_finish(job))
    require_own_job(job, by)
    close_session(_get_running(job), by, at, None)
    end_help(job, by, at)
    job.state = JobState.DONE
    job.finished_at = at
    _tick(job, Point.FINISH, by, at)
    minutes = queries.clocked_minutes(job)
    allocation = scheduling.find_live(job)
    if allocation is not None:
        worked, helped = happened.spans_of(allocation, job, at)
        allocations.finish(allocation, at=at, worked=worked, helped=helped)
    capacity.use(TakeSource.JOB, job.id, at=at, worked_minutes=minutes)
    session.flush()
    audit.write(by, "repair.finish", job, at, minutes=minutes)
    _after_finish(job.order, by, at)


def send_to_check(order: RepairOrder, *, by: User, at: datetime) -> None:
    """All work is done and all additional work answered: give the order to the quality check."""
    orders.lock(order)
    # Whoever may ask for additional work may also say that there is none left.
    staff.require_permission(by, Permission.REQUEST_ADDITION)
    orders.require_stage(order, Action.SEND_TO_CHECK)
    require(gates.missing(order))
    go(order, Stage.REPAIR, by, at)
    order.move_to(Stage.QUALITY_CHECK, by, at)


def has_nothing_left(order: RepairOrder) -> bool:
    """Whether an order in work has all jobs done and all additional work answered."""
    in_work = permits(order.stage, Action.SEND_TO_CHECK)
    return in_work and bool(queries.list_jobs(order)) and not gates.missing(order)


def tick(job: Job, point: Point, by: User, at: datetime) -> WorkPoint:
    """Tick one of the points with its own time; start and finish are ticked by the acts.

    A tick that is there already stays as it was.
    """
    _lock(job)
    require_own_job(job, by)
    points = queries.list_points(job)
    known = next((each for each in points if each.point is point), None)
    if known is not None:
        return known
    if point not in rules.POINTS_BY_HAND:
        raise RuleBroken(N_("“%(point)s” is ticked by the act itself."), code="by_act", point=point)
    if job.state is not JobState.RUNNING:
        raise RuleBroken(N_("Points are ticked while the job is running."), code="not_running")
    return _tick(job, point, by, at, points)


def untick(job: Job, point: Point, by: User, at: datetime) -> None:
    """Take back a slip within ten seconds; raises RuleBroken later, and for start and finish."""
    require_own_job(job, by)
    known = queries.find_point(job, point)
    if known is None:
        return
    if point not in rules.POINTS_BY_HAND or not rules.can_undo(known.ticked_at, at):
        raise RuleBroken(
            N_("A tick can be taken back within %(seconds)s seconds only."),
            code="too_late",
            seconds=rules.UNDO_SECONDS,
        )
    known.undone_at = at
    audit.write(by, "repair.untick", job, at, point=point.value)


def require_own_job(job: Job, by: User) -> Technician:
    """The technician whose job it is, when that is `by`; raises NotAllowed for anybody else."""
    staff.require_permission(by, Permission.WORK)
    technician = scheduling.technician_of(job)
    if technician is None or technician.user_id != by.id:
        raise NotAllowed(N_("This job is not assigned to you."), code="not_assigned")
    return technician


def _lock(job: Job) -> None:
    # Two technicians who finish the last two jobs at once must see each other.
    orders.lock(job.order)
    db.reread(job)


def open_session(
    job: Job, technician: Technician, at: datetime, role: TeamRole = TeamRole.LEAD
) -> WorkSession:
    """Let the technician's clock run on the job; raises RuleBroken while it runs on another."""
    db.lock("technician", technician.id)
    attendance.require_here(technician, at)
    running = queries.find_running_session(technician)
    if running is not None:
        raise RuleBroken(
            N_("Your clock is running on %(plate)s. Pause or finish that job first."),
            code="other_running",
            way=Way("repair.job", N_("Open that job"), {"job_id": running.job_id}),
            plate=running.job.order.vehicle.called,
        )
    opened = WorkSession(job_id=job.id, role=role, technician_id=technician.id, started_at=at)
    session.add(opened)
    job.state = JobState.RUNNING
    session.flush()
    go(job.order, Stage.REPAIR, technician.user, at)
    orders.announce(job.order, at)
    return opened


def end_help(job: Job, by: User, at: datetime) -> None:
    """Stop the clock of who helps with the job, if one runs: help lasts while the lead works."""
    helping = help_clocks.find_open(job)
    if helping is not None:
        close_session(helping, by, at, None)


def _get_running(job: Job) -> WorkSession:
    running = queries.find_open_session(job)
    if job.state is not JobState.RUNNING or running is None:
        raise RuleBroken(N_("The job is not running."), code="not_running")
    return running


def close_session(running: WorkSession, by: User, at: datetime, reason: PauseReason | None) -> None:
    running.ended_at = max(at, running.started_at)
    running.pause_reason = reason
    running.ended_by_id = by.id
    session.flush()


def _after_finish(order: RepairOrder, by: User, at: datetime) -> None:
    left = queries.list_unfinished(order)
    if not left and not queries.open_additions(order):
        order.move_to(Stage.QUALITY_CHECK, by, at)
    elif all(job.state is JobState.PAUSED for job in left):
        # Nobody works on it now; with no job left, the customer's answer is waited for.
        go(order, Stage.PAUSED, by, at)


def go(order: RepairOrder, stage: Stage, by: User, at: datetime, reason: str = "") -> None:
    if order.stage is not stage:
        order.move_to(stage, by, at, reason)


def _tick(
    job: Job, point: Point, by: User, at: datetime, points: Sequence[WorkPoint] | None = None
) -> WorkPoint:
    points = queries.list_points(job) if points is None else points
    previous_at = points[-1].ticked_at if points else None
    by_hand = point in rules.POINTS_BY_HAND
    ticked = WorkPoint(
        job_id=job.id,
        point=point,
        ticked_at=at,
        by_id=by.id,
        hurried=by_hand and rules.is_hurried(previous_at, at),
    )
    session.add(ticked)
    session.flush()
    return ticked
