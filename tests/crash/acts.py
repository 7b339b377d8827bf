"""One car for each act, brought to the moment before it, and the act itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from tests.factories import AT
from tests.steps.followup.factories import QUESTIONS
from workshop.customers.models import Channel, Vehicle
from workshop.db import session
from workshop.demo import cars, people
from workshop.demo import shop as made
from workshop.demo.repairing import job_answers, quality_answers
from workshop.demo.timeline import Plan
from workshop.demo.visit import Visit
from workshop.orders.flow import Stage
from workshop.orders.models import Job, RepairOrder
from workshop.shop import calendar
from workshop.steps.booking import making, slots
from workshop.steps.followup import queries as followup_queries
from workshop.steps.followup import service as followup
from workshop.steps.quotation import queries as quotation
from workshop.steps.repair import work
from workshop.steps.repair.quality import service as quality
from workshop.steps.repair.rules import Cause, Drive, Fault, Point
from workshop.steps.scheduling import queries as scheduling
from workshop.steps.settlement import paying
from workshop.steps.settlement import queries as settlement_queries
from workshop.steps.settlement import service as settlement
from workshop.steps.settlement.rules import Tender


@dataclass(frozen=True)
class Act:
    """What is done with a car, how far the car comes before, and where it leaves its rows."""

    name: str
    do: Callable[[Visit, RepairOrder], object]
    leaves: frozenset[str]
    until: Stage | None = None
    minutes_before: int = 120
    stays: bool = True


def prepare() -> None:
    """The shop, and a car for each act just before it. The caller commits."""
    shop = made.build(AT - timedelta(days=420))
    for number in range(len(ACTS)):
        cars.make(cars.CARS[number], cars.made_up_vin(number), shop.people["advisor"], AT)
    # As it happened, so that nobody is still busy with what came later.
    for act in sorted(ACTS.values(), key=lambda act: -act.minutes_before):
        if act.until is not None:
            order = Visit(shop, _plan(act, _vehicle_of(act)), AT).walk()
            assert order is not None
            # A washed car that is paid for is ready to go.
            stage = Stage.READY if act.until is Stage.SETTLED else act.until
            assert order.stage is stage, act.name
    _prepare_finish()


def do(act: Act) -> None:
    """Do the act to its car, at ten o'clock, as the request of one person."""
    shop = people.find_shop()
    vehicle = _vehicle_of(act)
    visit = Visit(shop, _plan(act, vehicle), AT, in_no_time=True)
    query = select(RepairOrder).where(RepairOrder.vehicle_id == vehicle.id)
    order = session.scalars(query).one_or_none()
    act.do(visit, order)  # type: ignore[arg-type]  # Only those that open one have none yet.


def _vehicle_of(act: Act) -> Vehicle:
    number = list(ACTS).index(act.name)
    query = select(Vehicle).where(Vehicle.plate == cars.CARS[number].plate)
    return session.scalars(query).one()


def _plan(act: Act, vehicle: Vehicle) -> Plan:
    return Plan(
        vehicle=vehicle,
        arrived_at=AT - timedelta(minutes=act.minutes_before),
        concern="到保养里程了，做个小保养",
        operations=("L-WIPER",),
        km=20_000,
        until=act.until,
        stays=act.stays,
    )


def _prepare_finish() -> None:
    """The job that will be finished has its points and its self-check."""
    job = _first_job(_vehicle_of(ACTS["finish"]))
    technician = scheduling.technician_of(job)
    assert technician is not None
    for point in (Point.PROTECTION, Point.OFF_FLOOR, Point.PROCESS, Point.ADDITIONS):
        work.tick(job, point, technician.user, AT)
    quality.self_check(job, job_answers(job), by=technician.user, at=AT)


def _first_job(vehicle: Vehicle) -> Job:
    query = select(Job).join(RepairOrder).where(RepairOrder.vehicle_id == vehicle.id)
    return session.scalars(query.order_by(Job.id).limit(1)).one()


# ---- The acts ----


def _book(visit: Visit, _order: RepairOrder) -> None:
    branch, people_ = visit.shop.branch, visit.shop.people
    operation = visit.shop.operations["B-PAD-F"]
    wish = making.Wish(concern=visit.plan.concern, operations=[operation], stays=True)
    day = calendar.local_day(branch, AT) + timedelta(days=1)
    free = slots.plan_day(branch, day, {}, at=AT).free[0]
    advisor = next(user for user in people_.values() if user.id == free.advisor_id)
    making.book(
        visit.plan.vehicle,
        visit.plan.vehicle.customer,
        wish,
        advisor=advisor,
        slot_at=free.at,
        branch=branch,
        by=people_["assistant"],
        at=AT,
    )


def _authorise(visit: Visit, order: RepairOrder) -> None:
    offered = quotation.find_current(order)
    assert offered is not None
    visit.answer(order, offered)


def _finish(visit: Visit, _order: RepairOrder) -> None:
    job = _first_job(visit.plan.vehicle)
    technician = scheduling.technician_of(job)
    assert technician is not None
    work.finish(job, technician.user, AT)


def _fail_check(visit: Visit, order: RepairOrder) -> None:
    job = _first_job(visit.plan.vehicle)
    quality.quality_check(
        order,
        quality_answers(order, bad="concern"),
        drive=Drive(20_000, 20_003, "杨高中路环线"),
        fault=Fault(job.id, Cause.WORKMANSHIP, "雨刮仍刮不干净", 15),
        by=visit.shop.people["inspector"],
        at=AT,
    )


def _settle(visit: Visit, order: RepairOrder) -> None:
    settlement.make_settlement(order, by=visit.shop.people["cashier"], at=AT)


def _pay(visit: Visit, order: RepairOrder) -> None:
    bill = settlement_queries.get_live(order)
    paying.take_payment(
        order,
        Tender.WECHAT,
        bill.total_fen,
        client_id="the same button, pressed again",
        by=visit.shop.people["cashier"],
        at=AT,
    )


def _follow_up(visit: Visit, order: RepairOrder) -> None:
    planned = followup_queries.find(order) or followup.plan_call(order, AT)
    caller = visit.shop.people["relations"]
    followup.record_answers(
        planned,
        dict.fromkeys(QUESTIONS, 2),
        is_fixed=False,
        recommendation=1,
        words="还有异响",
        channel=Channel.PHONE,
        owner=visit.shop.people["manager"],
        day=calendar.local_day(visit.shop.branch, AT),
        by=caller,
        at=AT,
    )


_DAY = 24 * 60

ACTS = {
    act.name: act
    for act in (
        Act("book", _book, frozenset({"appointment", "capacity_take", "audit_entry"})),
        Act(
            "receive",
            lambda visit, _order: visit.greet(None),
            frozenset({"repair_order", "stage_change", "number_series", "walkaround"}),
            minutes_before=0,
        ),
        Act(
            "sign",
            lambda visit, order: visit.inspect(order),
            frozenset({"walkaround_signing", "cover", "view_check", "odometer_reading"}),
            Stage.RECEPTION,
        ),
        Act(
            "authorise",
            _authorise,
            frozenset({"quotation", "quotation_line", "job", "capacity_take", "stage_change"}),
            Stage.QUOTED,
        ),
        Act(
            "depart",
            lambda visit, order: visit.care(order),
            frozenset({"departure", "audit_entry"}),
            Stage.AUTHORISED,
            stays=False,
        ),
        Act(
            "assign",
            lambda visit, order: visit.schedule(order),
            frozenset({"allocation", "stage_change", "repair_order"}),
            Stage.AUTHORISED,
        ),
        Act(
            "release and issue",
            lambda visit, order: visit.pick(order),
            frozenset({"pick_list", "pick_line", "reservation", "stock_entry", "stock_level"}),
            Stage.SCHEDULED,
        ),
        Act(
            "finish",
            _finish,
            frozenset({"work_session", "work_point", "allocation", "job", "repair_order"}),
            Stage.REPAIR,
            minutes_before=60,
        ),
        Act(
            "fail the check",
            _fail_check,
            frozenset({"inspection", "inspection_item", "road_test", "rework_order", "job"}),
            Stage.QUALITY_CHECK,
        ),
        Act(
            "settle",
            _settle,
            frozenset({"settlement", "settlement_line", "repair_order", "stage_change"}),
            Stage.READY,
            minutes_before=3 * _DAY,
        ),
        Act(
            "pay",
            _pay,
            frozenset({"payment", "settlement", "repair_order", "stage_change"}),
            Stage.SETTLEMENT,
            minutes_before=4 * _DAY,
        ),
        Act(
            "deliver",
            lambda visit, order: visit.hand_over(order),
            frozenset({"handover", "handover_check", "gate_pass", "guarantee", "repair_order"}),
            Stage.SETTLED,
            minutes_before=5 * _DAY,
        ),
        Act(
            "follow up",
            _follow_up,
            frozenset({"follow_up_result", "follow_up_answer", "case", "repair_order"}),
            Stage.DELIVERED,
            minutes_before=6 * _DAY,
        ),
    )
}
