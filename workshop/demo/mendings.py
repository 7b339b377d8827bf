"""What was put right on the demo's day: typing errors, a customer twice, less work, a leave.

Told at the end of the story, through the same services that people use.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from workshop.customers import mileage
from workshop.customers import service as customers
from workshop.customers.merging import service as merging
from workshop.db import session
from workshop.demo.shop import Shop
from workshop.duties import held
from workshop.duties import service as duties
from workshop.orders.flow import Action, Stage, permits
from workshop.orders.models import RepairOrder
from workshop.shop import absences, calendar
from workshop.staff.models import AuditEntry
from workshop.steps.booking import queries as booking
from workshop.steps.booking.joining import service as joining
from workshop.steps.booking.models import Appointment
from workshop.steps.handover.mileage import correcting
from workshop.steps.quotation.answers import Answer
from workshop.steps.quotation.models import ConsentChannel
from workshop.steps.repair.changing import foresight
from workshop.steps.repair.changing import taking_off as changing
from workshop.steps.repair.changing.foresight import Wish
from workshop.steps.repair.changing.taking_off import Wanted
from workshop.touched import facts
from workshop.touched import service as touched

_TOMORROW = timedelta(days=1)
_A_WHILE = timedelta(minutes=40)


def tell(shop: Shop, now: datetime) -> None:
    """All of them, as far as the day has room for them."""
    _correct_a_mileage(shop, now)
    _join_a_customer(now)
    _take_work_off(shop, now)
    _ask_for_leave(shop, now)
    session.flush()


def _correct_a_mileage(shop: Shop, now: datetime) -> None:
    """Two digits of a delivered car were exchanged; its advisor saw it on the paper."""
    delivered = select(RepairOrder).where(RepairOrder.stage == Stage.CLOSED)
    for order in session.scalars(delivered.order_by(RepairOrder.id.desc())):
        readings = mileage.list_readings(order.vehicle)
        newest = readings[-1] if readings else None
        if newest is not None and newest.order_id == order.id:
            right = newest.km + 9
            reason = "里程抄错两位，按出厂照片更正"
            correcting.correct(
                order.vehicle, newest.id, right, reason, by=shop.people["advisor"], at=now
            )
            return


def _join_a_customer(now: datetime) -> None:
    """Somebody called from another number and was written down a second time."""
    left = select(RepairOrder).where(RepairOrder.stage == Stage.CLOSED)
    order = session.scalars(left.order_by(RepairOrder.id).limit(1)).one_or_none()
    if order is None:
        return
    kept, by = order.customer, order.advisor
    number, remark = "13916660001", "下班后打此号码"
    then = now - _A_WHILE
    twice = customers.make_customer(kept.name, number, remark=remark, by=by, at=then)
    session.flush()
    joining.join(twice, kept, merging.seen_of(twice, kept), by=by, at=now)


def _take_work_off(shop: Shop, now: datetime) -> None:
    """A customer who has agreed to more than one thing calls and wants one of them later."""
    for order, choice in _list_spare(shop, now):
        wanted = Wanted({choice.id: Wish()}, "客户电话说下次保养时再做")
        said = f"{order.asked.name}，刚刚来电"
        answer = Answer(order.asked.name, channel=ConsentChannel.PHONE, evidence=said)
        changing.take_off(order, wanted, answer, shown_at=now, by=order.advisor, at=now)
        return


def _list_spare(shop: Shop, now: datetime) -> Iterator[tuple[RepairOrder, foresight.Choice]]:
    """Work that waits beside other work of its order."""
    query = select(RepairOrder).where(RepairOrder.branch_id == shop.branch.id)
    for order in session.scalars(query.order_by(RepairOrder.id)):
        if permits(order.stage, Action.TAKE_OFF_WORK):
            open_ = [each for each in foresight.list_choices(order, now) if each.can_go]
            waiting = [each for each in open_ if each.job is not None and not each.is_begun]
            if len(open_) > 1 and waiting:
                yield order, waiting[-1]


def _ask_for_leave(shop: Shop, now: datetime) -> None:
    """Who has a customer tomorrow is away then: one is handed over, the other is called."""
    coming = [each for each in booking.list_to_come(shop.branch, now) if _is_next_day(each, now)]
    if not coming:
        return
    away = coming[0].advisor
    begins, ends = calendar.day_span(shop.branch, calendar.local_day(shop.branch, now + _TOMORROW))
    absence = absences.add_absence(
        away, begins, ends, "家中有事", by=shop.people["controller"], at=now
    )
    things = [each for each in facts.find_all(shop.branch, now) if each.advisor is away]
    session.flush()
    entry = select(AuditEntry).where(AuditEntry.subject_id == absence.id)
    acts = session.scalars(entry.where(AuditEntry.action == "shop.add_absence")).all()
    touched.make_list(shop.branch, acts, things, by=shop.people["controller"], at=now)
    _hand_over_cars(shop, coming[0], now)


def _is_next_day(appointment: Appointment, now: datetime) -> bool:
    branch = appointment.branch
    day = calendar.local_day(branch, now + _TOMORROW)
    return calendar.local_day(branch, appointment.slot_at) == day


def _hand_over_cars(shop: Shop, appointment: Appointment, now: datetime) -> None:
    """A colleague is asked for one of the cars, and has not answered yet."""
    giver = appointment.advisor
    taker = next(
        shop.people[name]
        for name in ("advisor", "advisor2", "advisor3")
        if shop.people[name] is not giver
    )
    found = [each for each in held.list_held(giver, now) if each.may_be_handed]
    cars = [each for each in found if each.find_obstacle(taker, now) is None]
    if cars:
        duties.hand_over(giver, taker, [cars[-1].key], "明天请假一天", by=giver, at=now)
