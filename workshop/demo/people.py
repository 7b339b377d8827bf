"""The people of the running demo: they do their work through the services that people use."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from flask import Flask
from sqlalchemy import func, select

from workshop import clock, db
from workshop.catalogue.models import Operation, Package
from workshop.db import session
from workshop.demo.shop import Shop
from workshop.demo.visit import Enough, Plan, Visit, answers
from workshop.errors import WorkshopError
from workshop.orders.models import Job, JobState, RepairOrder, StageChange
from workshop.orders.stages import OPEN, Stage
from workshop.shop.models import Branch
from workshop.staff.models import User
from workshop.steps.booking.models import Appointment
from workshop.steps.booking.rules import AppointmentStatus
from workshop.steps.handover import service as handover
from workshop.steps.quotation import queries as quotation_queries
from workshop.steps.repair import quality, work
from workshop.steps.repair import queries as repair_queries
from workshop.steps.repair.rules import Drive, Level, Point
from workshop.steps.scheduling import queries as scheduling_queries

log = structlog.get_logger(__name__)
# How long an order stays in a stage before somebody acts, in shop minutes.
PATIENCE = {
    Stage.RECEPTION: 12,
    Stage.INSPECTED: 6,
    Stage.QUOTED: 14,
    Stage.AUTHORISED: 5,
    Stage.SCHEDULED: 3,
    Stage.REWORK: 4,
    Stage.QUALITY_CHECK: 9,
    Stage.FINAL_CHECK: 6,
    Stage.WASH: 10,
    Stage.READY: 12,
    Stage.SETTLEMENT: 6,
    Stage.SETTLED: 5,
}
_POINTS = (Point.PROTECTION, Point.OFF_FLOOR, Point.PROCESS, Point.ADDITIONS)


def start(app: Flask) -> threading.Thread:
    """Let the people work in a thread of their own until the demo ends."""
    thread = threading.Thread(target=_work_for_ever, args=(app,), daemon=True)
    thread.start()
    return thread


def _work_for_ever(app: Flask) -> None:
    while True:
        with app.app_context():
            work_once(clock.now())
        time.sleep(1)


def work_once(at: datetime) -> int:
    """Everybody looks once at what waits for them; returns how many acts were done."""
    shop = find_shop()
    done = 0
    for job_id in session.scalars(select(Job.id).where(Job.state != JobState.DONE)).all():
        done += _attempt(lambda job_id=job_id: _work_on(session.get_one(Job, job_id), at))
    waiting = select(RepairOrder.id).where(RepairOrder.stage.in_(OPEN))
    for order_id in session.scalars(waiting).all():
        done += _attempt(
            lambda order_id=order_id: _move(shop, session.get_one(RepairOrder, order_id), at)
        )
    for appointment_id in _list_arriving(at):
        done += _attempt(lambda wanted=appointment_id: _arrive(shop, wanted, at))
    return done


def _attempt(act: Callable[..., bool]) -> int:
    """Do one act in a transaction of its own; what a rule refuses is left for later."""
    try:
        acted = act()
        db.commit()
        return int(acted)
    except (WorkshopError, Enough):
        db.rollback()
    except Exception:
        db.rollback()
        log.exception("a person of the demo stumbled")
    return 0


def find_shop() -> Shop:
    """The shop of the demo's database."""
    branch = session.scalars(select(Branch).order_by(Branch.id)).one()
    return Shop(
        branch,
        {user.username: user for user in session.scalars(select(User))},
        {operation.code: operation for operation in session.scalars(select(Operation))},
        {package.code: package for package in session.scalars(select(Package))},
    )


def _work_on(job: Job, at: datetime) -> bool:
    """The technician of the job starts it, ticks its points one by one, and finishes it."""
    allocation = scheduling_queries.find_live(job)
    technician = scheduling_queries.technician_of(job)
    if allocation is None or technician is None:
        return False
    by = technician.user
    if job.state is JobState.PAUSED:
        return False
    if job.state is JobState.WAITING:
        if allocation.starts_at > at or work.missing_to_start(job):
            return False
        work.start(job, by, at)
        return True
    minutes = repair_queries.clocked_minutes(job, at)
    return _go_on(job, by, minutes / max(1, job.book_minutes), at)


def _go_on(job: Job, by: User, share: float, at: datetime) -> bool:
    ticked = {each.point for each in repair_queries.list_points(job)}
    for number, point in enumerate(_POINTS, start=1):
        if point not in ticked:
            if share < number * 0.2:
                return False
            work.tick(job, point, by, at)
            return True
    if share < 0.95:
        return False
    quality.self_check(job, answers(Level.SELF_CHECK), by=by, at=at)
    session.flush()
    work.finish(job, by, at)
    return True


def _move(shop: Shop, order: RepairOrder, at: datetime) -> bool:
    """Whoever the stage waits for acts when their time has come."""
    act = _ACTS.get(order.stage)
    if act is None or order.branch_id != shop.branch.id:
        return False
    if at - _since(order) < timedelta(minutes=PATIENCE[order.stage]):
        return False
    plan = Plan(
        vehicle=order.vehicle,
        arrived_at=order.arrived_at,
        concern=order.concern,
        package="PK-MINOR",
        km=(order.vehicle.mileage_km or 20_000) + 900,
        stays=order.stays is not False,
        advisor=order.advisor.username,
    )
    act(Visit(shop, plan, at, in_no_time=True), order, at)
    return True


def _since(order: RepairOrder) -> datetime:
    query = select(func.max(StageChange.at)).where(StageChange.order_id == order.id)
    return session.scalar(query) or order.created_at


def _answer(visit: Visit, order: RepairOrder, _at: datetime) -> None:
    offered = quotation_queries.find_current(order)
    if offered is not None:
        visit.answer(order, offered)
        session.flush()
        visit.care(order)


def _pick(visit: Visit, order: RepairOrder, at: datetime) -> None:
    start = scheduling_queries.planned_start(order)
    if order.released_at is None and start is not None and start - at < timedelta(minutes=40):
        visit.pick(order)


def _check(visit: Visit, order: RepairOrder, at: datetime) -> None:
    km = order.mileage_km or 0
    quality.quality_check(
        order,
        answers(Level.QUALITY_CHECK),
        drive=Drive(km, km + 3, "杨高中路环线"),
        by=visit.shop.people["inspector"],
        at=at,
    )


def _check_finally(_visit: Visit, order: RepairOrder, at: datetime) -> None:
    quality.final_check(order, answers(Level.FINAL_CHECK), wash=True, by=order.advisor, at=at)


def _wash(visit: Visit, order: RepairOrder, at: datetime) -> None:
    handover.finish_wash(order, by=visit.shop.people["washer"], at=at)


def _settle(visit: Visit, order: RepairOrder, _at: datetime) -> None:
    visit.settle(order)


def _let_go(visit: Visit, order: RepairOrder, _at: datetime) -> None:
    visit.settle(order) if order.settled_at is None else visit.hand_over(order)


_ACTS: dict[Stage, Callable[[Visit, RepairOrder, datetime], None]] = {
    Stage.RECEPTION: lambda visit, order, _at: visit.inspect(order),
    Stage.INSPECTED: lambda visit, order, _at: visit.quote(order),
    Stage.QUOTED: _answer,
    Stage.AUTHORISED: lambda visit, order, _at: visit.schedule(order),
    Stage.REWORK: lambda visit, order, _at: visit.schedule(order),
    Stage.SCHEDULED: _pick,
    Stage.QUALITY_CHECK: _check,
    Stage.FINAL_CHECK: _check_finally,
    Stage.WASH: _wash,
    Stage.SETTLEMENT: _settle,
    Stage.READY: _let_go,
    Stage.SETTLED: lambda visit, order, _at: visit.hand_over(order),
}


def _list_arriving(at: datetime) -> list[int]:
    query = select(Appointment.id).where(
        Appointment.status == AppointmentStatus.CONFIRMED,
        Appointment.slot_at <= at,
        Appointment.slot_at > at - timedelta(minutes=30),
    )
    return list(session.scalars(query))


def _arrive(shop: Shop, appointment_id: int, at: datetime) -> bool:
    appointment = session.get_one(Appointment, appointment_id)
    plan = Plan(
        vehicle=appointment.vehicle,
        arrived_at=at,
        concern=appointment.concern,
        until=Stage.RECEPTION,
        advisor=appointment.advisor.username,
    )
    Visit(shop, plan, at, in_no_time=True).greet(appointment)
    return True
