"""Jobs that end before they are done, and where the order goes from there."""

from __future__ import annotations

from datetime import datetime

from workshop.db import session
from workshop.errors import N_
from workshop.orders.flow import Action, Stage, permits
from workshop.orders.models import Job, JobState, RepairOrder
from workshop.orders.work import rules as work_rules
from workshop.staff.models import User
from workshop.steps.quotation import queries as quotation
from workshop.steps.quotation.models import QuotationState
from workshop.steps.repair import queries, work
from workshop.steps.repair.changing import foresight
from workshop.steps.repair.rules import AdditionState
from workshop.steps.scheduling.dispatch import calling_off, shortening
from workshop.steps.scheduling.dispatch import service as scheduling


def end_job(job: Job, *, by: User, at: datetime) -> None:
    """Stop the clocks, and take the job off the plan. What was worked stays booked."""
    running = queries.find_open_session(job)
    if running is not None:
        work.close_session(running, by, at, None)
    work.end_help(job, by, at)
    calling_off.call_off(job, queries.clocked_minutes(job), by=by, at=at)
    job.state = JobState.CANCELLED
    session.flush()


def take_line(job: Job, line_id: int, done: int, *, by: User, at: datetime) -> None:
    """Take one signed line off a job: the job goes on without it, or ends with its last one.

    What of the line is `done`, in minutes, stays booked.
    """
    rest = work_rules.left_of(job.lines, {line_id})
    if not rest:
        end_job(job, by=by, at=at)
        return
    off = sum(line.minutes for line in job.lines if line.id == line_id) - done
    job.hold(rest, job.book_minutes - off)
    session.flush()
    session.refresh(job, ["skill"])
    shortening.shorten(job, off, by=by, at=at)


def go_on(order: RepairOrder, *, by: User, at: datetime) -> None:
    """Let the stage follow what is left to do."""
    left = queries.list_unfinished(order)
    in_work = permits(order.stage, Action.SEND_TO_CHECK)
    if permits(order.stage, Action.START_JOB) and not left and not queries.open_additions(order):
        if in_work:
            work.go(order, Stage.REPAIR, by, at)
        order.move_to(Stage.QUALITY_CHECK, by, at)
    elif in_work and left and all(job.state is JobState.PAUSED for job in left):
        work.go(order, Stage.PAUSED, by, at)
    elif not in_work:
        scheduling.follow_stage(order, by=by, at=at)


def end_order(order: RepairOrder, no_check_reason: str, *, by: User, at: datetime) -> None:
    """Nothing more is done: to the check of what was done, or straight to bill and handover."""
    for job in foresight.list_reworks(order):
        end_job(job, by=by, at=at)
    for rework in queries.list_reworks(order):
        if rework.closed_at is None and rework.job_id is not None:
            rework.closed_at, rework.closed_by_id = at, by.id
    _end_additions(order, by, at)
    if not quotation.has_bill(order):
        # What nobody authorised costs nothing.
        order.authorised_at = None
    if no_check_reason or not foresight.was_worked_on(order):
        order.ready_at = at
        order.move_to(Stage.READY, by, at, no_check_reason)
    elif permits(order.stage, Action.START_JOB):
        if permits(order.stage, Action.SEND_TO_CHECK):
            work.go(order, Stage.REPAIR, by, at)
        order.move_to(Stage.QUALITY_CHECK, by, at)


def _end_additions(order: RepairOrder, by: User, at: datetime) -> None:
    for offered in quotation.list_additions(order):
        if offered.is_open:
            offered.state = QuotationState.SUPERSEDED
    session.flush()
    for wanted in queries.list_additions(order):
        if wanted.state is AdditionState.REQUESTED:
            wanted.dismissed_at, wanted.dismissed_by_id = at, by.id
            wanted.dismiss_reason = N_("The order was stopped.")
    session.flush()
