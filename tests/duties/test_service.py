"""Handing over what hangs on one person, and asking who may."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.databases import Database
from tests.factories import (
    AT,
    make_bay,
    make_branch,
    make_order,
    make_technician,
    make_user,
)
from tests.steps.booking.factories import make_appointment
from workshop.cases import service as cases
from workshop.cases.models import CaseTopic
from workshop.duties import asking, queries, registry, service
from workshop.duties.held import list_held
from workshop.duties.models import HandOver, HandOverState, RequestState
from workshop.errors import Conflict, Invalid, NotAllowed, RuleBroken
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.shop import absences
from workshop.staff.models import User
from workshop.staff.permissions import PRESETS, Permission, RoleName

R = RoleName
LATER = AT + timedelta(minutes=10)


@pytest.fixture
def order(database: Database) -> RepairOrder:
    make_technician()
    make_bay()
    return make_order(Stage.REPAIR)


@pytest.fixture
def other(order: RepairOrder) -> User:
    return make_user(R.SERVICE_ADVISOR, branch=order.branch)


def keys(user: User) -> list[str]:
    return [each.key for each in list_held(user, AT)]


def offer(order: RepairOrder, to: User) -> HandOver:
    by = order.advisor
    return service.hand_over(by, to, keys(by), "休假到周五", by=by, at=AT)


def test_what_is_offered_stays_until_it_is_accepted(order: RepairOrder, other: User) -> None:
    giver = order.advisor
    made = offer(order, other)
    # then it is seen on both desks and still the giver's
    assert queries.list_offered_to(other) == queries.list_offered_by(giver) == [made]
    assert order.advisor_id == giver.id
    assert [each.pending for each in list_held(giver, AT)] == [made]
    # when
    service.accept(made, by=other, at=LATER)
    # then at any stage the order has its new advisor
    assert (order.advisor_id, order.advisor) == (other.id, other)
    assert (made.state, queries.list_offered_to(other)) == (HandOverState.ACCEPTED, [])
    with pytest.raises(Conflict):
        service.accept(made, by=other, at=LATER)


def test_it_is_declined_with_a_reason_or_taken_back(order: RepairOrder, other: User) -> None:
    giver = order.advisor
    made = offer(order, other)
    with pytest.raises(Invalid):
        service.decline(made, " ", by=other, at=LATER)
    service.decline(made, "我也满了", by=other, at=LATER)
    assert (made.state, order.advisor) == (HandOverState.DECLINED, giver)
    again = offer(order, other)
    with pytest.raises(RuleBroken, match="offered to"):
        offer(order, other)
    with pytest.raises(NotAllowed):
        service.take_back(again, by=make_user(R.CASHIER), at=LATER)
    service.take_back(again, by=giver, at=LATER)
    assert [each.may_be_handed for each in list_held(giver, AT)] == [True]


def test_what_nobody_answers_goes_to_the_manager(order: RepairOrder, other: User) -> None:
    made, manager = offer(order, other), make_user(R.SERVICE_MANAGER)
    assert queries.list_overdue(order.branch_id, AT + timedelta(minutes=59)) == []
    assert queries.list_overdue(order.branch_id, AT + timedelta(minutes=60)) == [made]
    service.accept(made, by=manager, at=AT + timedelta(hours=2))
    assert (made.state, order.advisor) == (HandOverState.SET, other)


def test_all_of_one_who_left_is_set_by_the_manager(order: RepairOrder, other: User) -> None:
    # given an advisor with an order, an appointment and a case, who works here no longer
    giver, manager = order.advisor, make_user(R.SERVICE_MANAGER)
    booked = make_appointment(giver)
    case = cases.open_case(
        booked.customer,
        giver,
        "等太久",
        topic=CaseTopic.WAITING,
        day=booked.day,
        by=giver,
        at=AT,
    )
    giver.active = False
    with pytest.raises(NotAllowed):
        service.hand_over(giver, other, keys(giver), "离职", sets=True, by=other, at=AT)
    made = service.hand_over(giver, other, keys(giver), "离职", sets=True, by=manager, at=AT)
    assert {item.duty for item in made.items} == {"order", "appointment", "case"}
    assert (order.advisor, booked.advisor, case.owner) == (other, other, other)
    assert keys(giver) == []


def test_one_by_one_and_only_what_the_taker_can_take(order: RepairOrder, other: User) -> None:
    # given an appointment at a time at which the taker is away
    giver, manager = order.advisor, make_user(R.SERVICE_MANAGER)
    booked = make_appointment(giver)
    absences.add_absence(
        other, booked.slot_at, booked.slot_at + timedelta(hours=1), "看病", by=manager, at=AT
    )
    with pytest.raises(RuleBroken) as refused:
        service.hand_over(giver, other, keys(giver), "休假", by=giver, at=AT)
    assert refused.value.values["what"] == [f"{booked.no} {booked.vehicle.called}"]
    assert refused.value.missing[0].code == "advisor_away"
    # then the rest goes alone
    made = service.hand_over(giver, other, [f"order:{order.id}"], "休假", by=giver, at=AT)
    assert [item.duty for item in made.items] == ["order"]
    # and a cashier leads no car
    service.take_back(made, by=giver, at=AT)
    with pytest.raises(RuleBroken):
        service.hand_over(giver, make_user(R.CASHIER), keys(giver), "休假", by=giver, at=AT)


def test_what_ended_meanwhile_stays_as_it_is(order: RepairOrder, other: User) -> None:
    made = offer(order, other)
    order.stage = Stage.CANCELLED
    service.accept(made, by=other, at=LATER)
    assert [item.is_handed for item in made.items] == [False]
    assert order.advisor_id == made.from_id


# ---- Who may, and asking them ----


@pytest.mark.parametrize("right", list(Permission))
def test_the_words_name_somebody_who_may_or_who_gives_the_right(
    database: Database, right: Permission
) -> None:
    """In a branch with every role, and in one with nobody but an administrator."""
    branch, boss = make_branch(), make_user(R.ADMINISTRATOR)
    washer = make_user(R.WASHER, branch=branch)
    alone = queries.who_may(branch, {right}, AT, besides=washer)
    if right in PRESETS[R.ADMINISTRATOR]:
        assert alone.people == [boss]
    else:
        assert (alone.people, alone.givers) == ([], [boss])
    everybody = [make_user(each, branch=branch) for each in RoleName]
    found = queries.who_may(branch, {right}, AT, besides=washer)
    able = [each for each in [boss, *everybody] if right in each.rights]
    assert able
    assert set(found.here) == set(able)


def test_who_is_away_is_named_last(database: Database) -> None:
    branch, manager, cashier = (
        make_branch(),
        make_user(R.SERVICE_MANAGER),
        make_user(R.CASHIER),
    )
    absences.add_absence(manager, AT, AT + timedelta(hours=1), "开会", by=manager, at=AT)
    found = queries.who_may(branch, {Permission.DISCOUNT}, LATER, besides=cashier)
    assert (found.here, found.others) == ([], [manager])


def test_a_request_is_left_once_and_answered_once(database: Database) -> None:
    branch, manager, cashier = (
        make_branch(),
        make_user(R.SERVICE_MANAGER),
        make_user(R.CASHIER),
    )
    right = {Permission.DISCOUNT}
    first = asking.ask(branch, right, "/settlement", "老客户", of=None, by=cashier, at=AT)
    again = asking.ask(branch, right, "/settlement", "", of=manager, by=cashier, at=LATER)
    assert first is again
    assert queries.list_asked_of(manager) == [first]
    assert queries.list_asked_of(make_user(R.WASHER)) == []
    with pytest.raises(NotAllowed):
        asking.answer(first, RequestState.DONE, "", by=cashier, at=LATER)
    with pytest.raises(Invalid):
        asking.answer(first, RequestState.DECLINED, "", by=manager, at=LATER)
    asking.answer(first, RequestState.DONE, "已打九折", by=manager, at=LATER)
    with pytest.raises(Conflict):
        asking.take_back(first, by=cashier, at=LATER)
    assert [each.answer for each in queries.list_asked_by(cashier)] == ["已打九折"]
    # who may do it asks nobody
    with pytest.raises(RuleBroken):
        asking.ask(branch, right, "/settlement", "", of=None, by=manager, at=AT)


def test_every_kind_of_duty_reads_an_empty_desk(database: Database) -> None:
    nobody = make_user(R.WASHER)
    assert [duty.list_held([nobody], AT) for duty in registry.list_duties()] == [
        [] for _ in registry.list_duties()
    ]
