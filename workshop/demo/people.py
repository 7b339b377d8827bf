"""The people of the running demo: they do their work through the services that people use."""

from __future__ import annotations

import contextlib
import functools
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TypeVar

import structlog
from flask import Flask
from sqlalchemy import func, select

from workshop import clock, db
from workshop.catalogue.models import Operation, Package
from workshop.customers.models import Channel, Vehicle
from workshop.db import session
from workshop.demo import attendance, inspecting, next_acts, overnight, reports, story, unplanned
from workshop.demo.completion import scores
from workshop.demo.repairing import job_answers
from workshop.demo.shop import Shop
from workshop.demo.timeline import Enough, Plan
from workshop.demo.visit import Visit
from workshop.errors import WorkshopError
from workshop.orders.flow import OPEN, Stage
from workshop.orders.models import Job, JobState, RepairOrder, StageChange
from workshop.shop import calendar
from workshop.shop.models import Branch, Technician
from workshop.staff.models import User
from workshop.steps.booking.models import Appointment
from workshop.steps.booking.rules import AppointmentStatus
from workshop.steps.followup import queries as followup_queries
from workshop.steps.followup import service as followup
from workshop.steps.followup.models import FollowUp
from workshop.steps.repair import queries as repair_queries
from workshop.steps.repair import work
from workshop.steps.repair.models import AdditionalWork
from workshop.steps.repair.quality import service as quality
from workshop.steps.repair.rules import Point
from workshop.steps.scheduling import queries as scheduling_queries

log = structlog.get_logger(__name__)

_POINTS = (Point.PROTECTION, Point.OFF_FLOOR, Point.PROCESS, Point.ADDITIONS)
_PAUSE = timedelta(minutes=25)  # Who has paused goes on after so many shop minutes.
# A car without an appointment comes now and then, while the shop has room for it.
_BETWEEN_WALK_INS = timedelta(minutes=15)
_MOST_OPEN = 22
_LAST_ARRIVAL = timedelta(hours=2)

Act = Callable[[], None]
M = TypeVar("M", bound=db.Model)


def start(app: Flask) -> threading.Thread:
    """Let the people work in a thread of their own until the demo ends."""
    thread = threading.Thread(target=_work_for_ever, args=(app,), daemon=True)
    thread.start()
    return thread


def _work_for_ever(app: Flask) -> None:
    while True:
        with app.app_context():
            try:
                if not work_once(clock.now()):
                    with db.reading():
                        overnight.sleep_over(find_shop().branch, clock.now())
            except Exception:
                db.rollback()
                log.exception("the people of the demo could not see what waits for them")
        time.sleep(1)


def work_once(at: datetime) -> int:
    """Everybody looks once at what waits for them; returns how many acts were done."""
    # Looking takes no lock, so that visitors of the demo are not kept waiting.
    with db.reading():
        waiting = list(_list_waiting(find_shop(), at))
        session.rollback()
    return sum(_attempt(act) for act in waiting)


def _attempt(act: Act) -> int:
    """Do one act in a transaction of its own; what a rule refuses is left for later."""
    try:
        act()
        db.commit()
    except (WorkshopError, Enough):
        db.rollback()
    except Exception:
        db.rollback()
        log.exception("a person of the demo failed")
    else:
        return 1
    return 0


def find_shop() -> Shop:
    """The shop of the demo's database."""
    branch = session.scalars(select(Branch).order_by(Branch.id)).first()
    assert branch is not None  # The story made it before anybody came to work.
    return Shop(
        branch,
        {user.username: user for user in session.scalars(select(User))},
        {operation.code: operation for operation in session.scalars(select(Operation))},
        {package.code: package for package in session.scalars(select(Package))},
    )


def _list_waiting(shop: Shop, at: datetime) -> Iterator[Act]:
    branch = shop.branch
    for technician_id, come_or_go in attendance.list_acts(branch, at):
        yield _with(Technician, technician_id, come_or_go, at)
    if not overnight.is_open(branch, at):
        return
    for addition_id in unplanned.list_additions(branch):
        answer = functools.partial(unplanned.answer_addition, shop)
        yield _with(AdditionalWork, addition_id, answer, at)
    for job_id in _list_jobs(branch, at):
        yield _with(Job, job_id, _work_on, at)
    for order_id in _list_orders(branch, at):
        yield _with(RepairOrder, order_id, _move, at)
    for appointment_id in _list_arriving(branch, at):
        yield _with(Appointment, appointment_id, _arrive, at)
    for order_id in reports.list_overdue(branch, at):
        yield _with(RepairOrder, order_id, reports.tell, at)
    for planned in followup_queries.list_planned(branch.id):
        if planned.planned_at <= at:
            yield _with(FollowUp, planned.id, _call, at)
    if _has_room(branch, at):
        yield lambda: _drive_in(at)


def _with(kind: type[M], key: int, do: Callable[[M, datetime], None], at: datetime) -> Act:
    return lambda: do(session.get_one(kind, key), at)


# ---- Technicians ----


def _list_jobs(branch: Branch, at: datetime) -> list[int]:
    query = select(Job.id).join(RepairOrder, RepairOrder.id == Job.order_id)
    states = (JobState.WAITING, JobState.RUNNING, JobState.PAUSED)
    return list(
        session.scalars(
            query.where(
                RepairOrder.branch_id == branch.id,
                RepairOrder.released_at <= at,
                Job.state.in_(states),
            ).order_by(Job.id)
        )
    )


def _work_on(job: Job, at: datetime) -> None:
    """The technician of the job starts it, ticks its points one by one, and finishes it."""
    allocation = scheduling_queries.find_live(job)
    if allocation is None:
        raise Enough
    by = allocation.technician.user
    if job.state is JobState.RUNNING:
        minutes = repair_queries.clocked_minutes(job, at)
        _go_on(job, by, minutes / max(1, job.book_minutes), at)
    elif job.state is JobState.PAUSED:
        _resume(job, by, at)
    elif allocation.starts_at <= at:
        unplanned.start_or_move(job, at)
    else:
        raise Enough


def _resume(job: Job, by: User, at: datetime) -> None:
    stopped_at = [each.ended_at for each in repair_queries.list_sessions(job) if each.ended_at]
    if stopped_at and at - max(stopped_at) < _PAUSE:
        raise Enough
    work.resume(job, by, at)


def _go_on(job: Job, by: User, share: float, at: datetime) -> None:
    ticked = {each.point for each in repair_queries.list_points(job)}
    for number, point in enumerate(_POINTS, start=1):
        if point not in ticked:
            if share < number * 0.2:
                raise Enough
            work.tick(job, point, by, at)
            return
    if share < 0.95:
        raise Enough
    inspecting.fill_in_before(job, by, at)
    quality.self_check(job, job_answers(job), by=by, at=at)
    work.finish(job, by, at)


# ---- Everybody else ----


def _list_orders(branch: Branch, at: datetime) -> list[int]:
    """The orders that have waited long enough for somebody to act."""
    since = func.max(StageChange.at)
    query = (
        select(RepairOrder.id, RepairOrder.stage, since)
        .join(StageChange, StageChange.order_id == RepairOrder.id)
        .where(RepairOrder.branch_id == branch.id, RepairOrder.stage.in_(next_acts.list_stages()))
        .group_by(RepairOrder.id, RepairOrder.stage)
        .order_by(RepairOrder.id)
    )
    return [
        order_id
        for order_id, stage, moved_at in session.execute(query)
        if (found := next_acts.find(stage)) and at - moved_at >= timedelta(minutes=found[0])
    ]


def _move(order: RepairOrder, at: datetime) -> None:
    """Whoever the stage waits for acts."""
    found = next_acts.find(order.stage)
    if found is None:
        raise Enough
    visit = Visit(find_shop(), next_acts.plan_for(order), at, in_no_time=True)
    found[1](visit, order, at)


def _call(planned: FollowUp, at: datetime) -> None:
    """The customer is asked, and one in nine is not content."""
    shop = find_shop()
    caller = shop.people["relations"]
    is_content = planned.order_id % 9 != 0
    followup.record_answers(
        planned,
        scores(at) | ({} if is_content else {"on_time": 2}),
        is_fixed=True,
        recommendation=10 if is_content else 5,
        words="" if is_content else "等了很久",
        channel=Channel.PHONE,
        owner=caller,
        day=calendar.local_day(shop.branch, at),
        by=caller,
        at=at,
    )


# ---- Who comes ----


def _list_arriving(branch: Branch, at: datetime) -> list[int]:
    query = select(Appointment.id).where(
        Appointment.branch_id == branch.id,
        Appointment.status == AppointmentStatus.CONFIRMED,
        Appointment.slot_at <= at,
        Appointment.slot_at > at - timedelta(minutes=30),
    )
    return list(session.scalars(query))


def _arrive(appointment: Appointment, at: datetime) -> None:
    _receive(
        appointment.vehicle, appointment.concern, appointment.advisor.username, at, appointment
    )


def _has_room(branch: Branch, at: datetime) -> bool:
    """Whether another car may drive in: not too soon, not too late, and not too many."""
    arrivals = select(func.max(RepairOrder.arrived_at), func.count()).where(
        RepairOrder.branch_id == branch.id
    )
    last_at = session.execute(arrivals).one()[0]
    open_ones = session.execute(arrivals.where(RepairOrder.stage.in_(OPEN))).one()[1]
    is_late = not overnight.is_open(branch, at + _LAST_ARRIVAL)
    too_soon = last_at is not None and at - last_at < _BETWEEN_WALK_INS
    return not (is_late or too_soon or open_ones >= _MOST_OPEN)


def _drive_in(at: datetime) -> None:
    """The car that was not here for the longest time comes, for the next wish of the list."""
    here = select(RepairOrder.vehicle_id).where(RepairOrder.stage.in_(OPEN))
    booked = select(Appointment.vehicle_id).where(
        Appointment.status.in_((AppointmentStatus.REQUESTED, AppointmentStatus.CONFIRMED))
    )
    last = select(func.max(RepairOrder.id)).where(RepairOrder.vehicle_id == Vehicle.id)
    query = select(Vehicle).where(Vehicle.id.not_in(here), Vehicle.id.not_in(booked))
    vehicle = session.scalars(query.order_by(last.scalar_subquery()).limit(1)).one_or_none()
    if vehicle is None:
        raise Enough
    number = session.scalar(select(func.count()).select_from(RepairOrder)) or 0
    words = story.WISHES[number % len(story.WISHES)][0]
    _receive(vehicle, words, story.ADVISORS[number % len(story.ADVISORS)], at, None)


def _receive(
    vehicle: Vehicle, concern: str, advisor: str, at: datetime, appointment: Appointment | None
) -> None:
    plan = Plan(
        vehicle=vehicle, arrived_at=at, concern=concern, until=Stage.RECEPTION, advisor=advisor
    )
    with contextlib.suppress(Enough):
        Visit(find_shop(), plan, at, in_no_time=True).greet(appointment)
