"""Each kind appears with its fact, for who may see to it, and goes with the fact."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.databases import Database
from tests.factories import AT, make_branch, make_operation, make_order, make_part, make_user
from tests.steps.booking.factories import make_appointment, make_shop
from tests.steps.booking.online import factories as online
from tests.steps.parts import factories as parts_given
from tests.steps.repair import factories as repair_given
from tests.steps.settlement import factories as settlements
from workshop import db
from workshop.desk.inbox import rows as inbox
from workshop.desk.inbox.rules import Item, Kind
from workshop.duties import asking
from workshop.duties import service as duties
from workshop.duties.models import RequestState
from workshop.orders import service as orders
from workshop.orders.flow import Stage
from workshop.orders.models import Job, Urgency
from workshop.shop.models import Branch
from workshop.staff.models import User
from workshop.staff.permissions import Permission, RoleName
from workshop.steps.booking import service as booking
from workshop.steps.booking.online import answering
from workshop.steps.parts import service as parts
from workshop.steps.reception import arrivals
from workshop.steps.repair.additions import service as additions
from workshop.steps.repair.models import AdditionalWork
from workshop.steps.scheduling.dispatch import more_time
from workshop.steps.scheduling.rules import MoreTimeReason
from workshop.stock import backorders
from workshop.stock import queries as stock

SOON = AT + timedelta(minutes=12)
R = RoleName


def waits(user: User, kind: Kind, at: datetime = SOON) -> list[Item]:
    """What of this kind waits for the person."""
    rows = inbox.list_rows(user_branch(user), user, at)
    return [each for row in rows for each in row.items if each.kind is kind]


def user_branch(user: User) -> Branch:
    return make_branch("main" if user.branch_id == make_branch().id else "north")


def one(role: RoleName) -> User:
    return make_user(role)


def stranger() -> User:
    """Who may do everything, in another branch."""
    return make_user(R.SERVICE_MANAGER, branch=make_branch("north"))


def finding(job: Job, urgency: Urgency = Urgency.RED) -> AdditionalWork:
    return additions.request_addition(
        job,
        "制动盘有裂纹",
        urgency,
        by=repair_given.worker(job),
        at=SOON,
    )


@pytest.mark.parametrize(
    ("stage", "kind", "role", "beyond"),
    [
        (Stage.RECEPTION, Kind.IN_RECEPTION, R.SERVICE_ADVISOR, Stage.INSPECTED),
        (Stage.INSPECTED, Kind.TO_QUOTE, R.SERVICE_ADVISOR, Stage.QUOTED),
        (Stage.QUOTED, Kind.DECISION, R.SERVICE_ADVISOR, Stage.AUTHORISED),
        (Stage.AUTHORISED, Kind.UNASSIGNED, R.JOB_CONTROLLER, Stage.SCHEDULED),
        (Stage.SCHEDULED, Kind.TO_RELEASE, R.PARTS_CLERK, Stage.REPAIR),
        (Stage.QUALITY_CHECK, Kind.QUALITY_CHECK, R.QUALITY_INSPECTOR, Stage.FINAL_CHECK),
        (Stage.FINAL_CHECK, Kind.FINAL_CHECK, R.SERVICE_ADVISOR, Stage.WASH),
        (Stage.REWORK, Kind.CHECK_FAILED, R.JOB_CONTROLLER, Stage.REPAIR),
        (Stage.WASH, Kind.WASH, R.WASHER, Stage.READY),
        (Stage.SETTLEMENT, Kind.BILL, R.CASHIER, Stage.SETTLED),
        (Stage.DECLINED, Kind.DECLINED, R.SERVICE_ADVISOR, Stage.QUOTED),
    ],
    ids=lambda value: getattr(value, "value", None),
)
def test_what_a_stage_asks_for_waits_until_the_car_goes_on(
    database: Database, stage: Stage, kind: Kind, role: RoleName, beyond: Stage
) -> None:
    # given
    order = make_order(stage)
    reader = order.advisor if role is R.SERVICE_ADVISOR else one(role)
    # when
    (found,) = waits(reader, kind)
    # then
    assert found.car is not None
    assert found.car.no == order.no
    assert found.since == AT
    assert not waits(stranger(), kind)
    # when
    order.move_to(beyond, order.advisor, SOON)
    if beyond in (Stage.READY, Stage.SETTLED):
        order.ready_at = SOON
    # then
    assert not waits(reader, kind)


def test_who_came_by_appointment_waits_with_the_name_until_the_order_is_opened(
    database: Database,
) -> None:
    # given
    _, (advisor,) = make_shop()
    booked = make_appointment(advisor, "10:30", contact_name="王小明")
    booking.register_arrival(booked, advisor, AT)
    # when
    (found,) = waits(advisor, Kind.ARRIVED)
    # then
    assert found.since == AT
    assert found.car is not None
    assert found.car.customer == "王小明"
    assert booked.no in found.url
    assert not waits(one(R.SERVICE_ADVISOR), Kind.ARRIVED)
    assert not waits(one(R.JOB_CONTROLLER), Kind.ARRIVED)
    assert not waits(stranger(), Kind.ARRIVED)
    # when
    booking.take_back_arrival(booked, "认错车", by=advisor, at=SOON)
    # then
    assert not waits(advisor, Kind.ARRIVED)


def test_a_walk_in_waits_for_every_advisor_until_it_drives_away(database: Database) -> None:
    advisor = one(R.SERVICE_ADVISOR)
    came = arrivals.register_walk_in(make_branch(), "沪A77777", by=advisor, at=AT)
    assert len(waits(one(R.SERVICE_ADVISOR), Kind.ARRIVED)) == 1
    arrivals.dismiss(came, by=advisor, at=SOON)
    assert not waits(advisor, Kind.ARRIVED)


@pytest.mark.parametrize(
    ("urgency", "kind"), [(Urgency.RED, Kind.NOT_SAFE), (Urgency.YELLOW, Kind.TO_PRICE)]
)
def test_a_finding_waits_for_its_advisor_until_it_is_priced(
    database: Database, urgency: Urgency, kind: Kind
) -> None:
    # given
    (job,) = repair_given.make_running()
    found = finding(job, urgency)
    advisor = job.order.advisor
    # then
    assert [each.words for each in waits(advisor, kind)] == ["制动盘有裂纹"]
    assert not waits(one(R.PARTS_CLERK), kind)
    # when
    additions.price(found, [make_operation()], by=advisor, at=SOON)
    # then: now the customer is asked
    assert not waits(advisor, kind)


def test_more_time_waits_until_somebody_answers(database: Database) -> None:
    (job,) = repair_given.make_running()
    worker, advisor = repair_given.worker(job), job.order.advisor
    asked = more_time.ask(job, 30, MoreTimeReason.STUCK, by=worker, at=SOON)
    assert waits(one(R.JOB_CONTROLLER), Kind.MORE_TIME)
    assert waits(advisor, Kind.MORE_TIME)
    more_time.leave(asked, by=advisor, at=SOON)
    assert not waits(advisor, Kind.MORE_TIME)


def test_a_shortage_waits_for_the_advisor_and_for_the_parts_counter(database: Database) -> None:
    # given: two are wanted, and none is there
    part = make_part(on_hand=0)
    order = parts_given.make_scheduled((part, 2000))
    clerk, advisor = one(R.PARTS_CLERK), order.advisor
    parts.release(order, by=advisor, at=AT)
    (short,) = stock.list_backorders(order.id)
    # then
    assert waits(advisor, Kind.SHORTAGE)
    assert waits(clerk, Kind.TO_ORDER)
    # when
    backorders.mark_told(short, by=advisor, at=SOON)
    # then
    assert not waits(advisor, Kind.SHORTAGE)


def test_a_promise_at_risk_waits_until_there_is_another(database: Database) -> None:
    # given
    order = make_order(Stage.REPAIR, promised_at=AT + timedelta(minutes=20))
    assert waits(order.advisor, Kind.PROMISE)
    # when
    orders.change_promise(
        order,
        AT + timedelta(hours=6),
        reason="配件晚到",
        told_how="电话",
        by=order.advisor,
        at=SOON,
    )
    # then
    assert not waits(order.advisor, Kind.PROMISE)


def test_a_ready_car_waits_until_it_is_handed_over(database: Database) -> None:
    order = settlements.make_settled()
    order.ready_at = AT
    (found,) = waits(order.advisor, Kind.COLLECT)
    assert found.since == AT
    order.move_to(Stage.DELIVERED, order.advisor, SOON)
    order.delivered_at = SOON
    assert not waits(order.advisor, Kind.COLLECT)


def test_what_was_asked_of_somebody_waits_for_this_person_alone(database: Database) -> None:
    # given
    asker, named, other = (one(R.CASHIER), one(R.SERVICE_ADVISOR), one(R.SERVICE_ADVISOR))
    request = asking.ask(
        make_branch(), {Permission.QUOTE}, "/orders/x", "请报价", of=named, by=asker, at=AT
    )
    # then
    assert len(waits(named, Kind.ASKED)) == 1
    assert not waits(other, Kind.ASKED)
    assert not waits(asker, Kind.ASKED)
    # when
    asking.answer(request, RequestState.DONE, "", by=named, at=SOON)
    # then
    assert not waits(named, Kind.ASKED)


def test_an_offered_hand_over_waits_for_who_is_to_take_it(database: Database) -> None:
    order = make_order()
    giver, taker = order.advisor, one(R.SERVICE_ADVISOR)
    made = duties.hand_over(giver, taker, [f"order:{order.id}"], "下班", by=giver, at=AT)
    assert len(waits(taker, Kind.OFFERED)) == 1
    assert not waits(giver, Kind.OFFERED)
    duties.accept(made, by=taker, at=SOON)
    assert not waits(taker, Kind.OFFERED)
    assert waits(taker, Kind.IN_RECEPTION)


def test_an_advisors_cars_are_not_another_advisors_but_may_be_seen(database: Database) -> None:
    order, other = make_order(), one(R.SERVICE_ADVISOR)
    assert not waits(other, Kind.IN_RECEPTION)
    rows = inbox.list_rows(make_branch(), other, SOON, everybody=True)
    assert [row.subject for row in rows] == [f"R{order.id}"]


def test_the_cars_of_who_has_left_are_everybodys(database: Database) -> None:
    order = make_order()
    order.advisor.active = False
    assert waits(one(R.SERVICE_ADVISOR), Kind.IN_RECEPTION)


def test_one_car_is_one_line_with_the_most_urgent_first(database: Database) -> None:
    # given
    (job,) = repair_given.make_running()
    finding(job)
    job.order.promised_at = AT + timedelta(minutes=20)
    # when
    (row,) = inbox.list_rows(make_branch(), job.order.advisor, SOON)
    # then
    assert [each.kind for each in row.items] == [Kind.NOT_SAFE, Kind.PROMISE]


def test_who_asks_for_a_time_online_waits_for_a_call_until_the_desk_answers(
    database: Database,
) -> None:
    branch, (advisor,) = online.make_online()
    asked = online.ask(online.hold(branch))
    db.commit()
    (found,) = waits(advisor, Kind.ONLINE)
    assert found.words == "刹车有异响"
    assert not waits(one(R.WASHER), Kind.ONLINE)
    answering.refuse(asked, "配件未到", by=advisor, at=AT)
    db.commit()
    assert not waits(advisor, Kind.ONLINE)
