"""All that is left of an order placed in one act, or none of it."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.databases import Database
from tests.factories import (
    AT,
    make_bay,
    make_job,
    make_order,
    make_skill,
    make_technician,
    make_user,
)
from tests.shop.factories import hour
from tests.steps.scheduling.factories import Shop, make_shop
from tests.test_races import Press, press_all
from workshop import db
from workshop.allocation.models import Allocation, AllocationStatus
from workshop.db import session
from workshop.errors import NotAllowed, RuleBroken
from workshop.orders.flow import Stage
from workshop.orders.models import Job
from workshop.shop import calendar
from workshop.shop.models import BayKind, Skill, Technician, TechnicianSkill
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.closing import holding
from workshop.steps.scheduling.closing.models import HoldReason
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.dispatch import whole_order
from workshop.steps.scheduling.dispatch.reasons import Who

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def shop(database: Database) -> Shop:
    return make_shop()


def placed(shop: Shop, **values: bool) -> list[whole_order.Placing]:
    return whole_order.assign_all(shop.order, by=shop.advisor, at=AT, **values)


def planned() -> list[Allocation]:
    query = select(Allocation).where(Allocation.status == AllocationStatus.PLANNED)
    return list(session.scalars(query.order_by(Allocation.starts_at)))


def test_one_press_places_every_job_one_after_another_with_the_buffer_between(shop: Shop) -> None:
    # given
    second = make_job(shop.order, book_minutes=30)
    # when
    found = placed(shop)
    # then: from ten on, and the buffer of a quarter of an hour after the first
    assert [each.job for each in found] == [shop.job, second]
    assert [each.starts_at for each in planned()] == [hour(10), hour(11.25)]
    assert [each.bay for each in planned()] == [shop.bay, shop.bay]
    assert shop.order.stage is Stage.SCHEDULED


def test_a_job_goes_to_who_has_the_skill_and_to_a_bay_of_its_kind(shop: Shop) -> None:
    # given
    paint = make_skill("paint")
    painter, booth = make_technician(skill=paint), make_bay(BayKind.PAINT)
    second = make_job(shop.order, skill_id=paint.id, bay_kinds=[BayKind.PAINT.value])
    # when
    placed(shop)
    # then
    live = scheduling.get_live(second)
    assert (live.technician, live.bay) == (painter, booth)


def test_a_job_that_has_a_place_keeps_it_and_the_others_come_after(shop: Shop) -> None:
    # given
    second = make_job(shop.order)
    shop.assign(13)
    # when
    placed(shop)
    # then
    assert scheduling.get_live(shop.job).starts_at == hour(13)
    assert scheduling.get_live(second).starts_at == hour(14.25)


def test_nothing_is_placed_when_one_job_finds_no_place(shop: Shop) -> None:
    # given
    make_job(shop.order, skill_id=make_skill("paint").id)
    # when
    with pytest.raises(RuleBroken) as refused:
        placed(shop)
    # then
    assert refused.value.code == "skill"
    assert "Nobody here has the skill" in str(refused.value.missing[0])
    assert planned() == []


def test_what_would_break_the_promise_is_placed_only_when_that_is_wanted(shop: Shop) -> None:
    # given: delivery takes its time before the promise at half past eleven
    shop.order.promised_at = hour(11.5)
    make_job(shop.order)
    # when
    with pytest.raises(RuleBroken) as refused:
        placed(shop)
    # then
    assert refused.value.code == "late"
    assert refused.value.values["ends"] == hour(14)
    assert planned() == []
    # when
    placed(shop, late_too=True)
    # then
    assert len(planned()) == 2


def test_who_waits_here_has_one_technician_for_all_of_it(shop: Shop) -> None:
    # given: the first job alone would go to who cannot do the second
    paint = make_skill("paint")
    both = make_technician(level=3)
    _also(both, paint)
    other_bay = make_bay()
    make_job(shop.order, skill_id=paint.id)
    assert other_bay.id != shop.bay.id
    # when: nobody waits
    found = whole_order.plan(shop.order, whole_order.list_unplaced(shop.order), AT)
    # then
    assert [each.slot.technician for each in found] == [shop.technician, both]
    # when
    shop.order.stays = True
    found = placed(shop)
    # then
    assert [each.slot.technician for each in found] == [both, both]
    assert {each.who for each in found} == {Who.SAME}


def test_one_technician_is_no_reason_to_break_the_promise_of_who_waits(shop: Shop) -> None:
    # given: who can do both is busy until three, the promise is at one
    paint = make_skill("paint")
    both, painter = make_technician(level=3), make_technician(skill=paint)
    _also(both, paint)
    make_bay()
    make_job(shop.order, skill_id=paint.id, book_minutes=30)
    shop.order.stays = True
    shop.order.promised_at = hour(13)
    elsewhere = make_shop().job
    scheduling.assign(elsewhere, both, make_bay(), hour(10), minutes=120, by=shop.advisor, at=AT)
    # when
    found = placed(shop)
    # then
    assert [each.slot.technician for each in found] == [shop.technician, painter]


def test_the_rest_goes_to_who_is_at_the_waiting_customers_car_already(shop: Shop) -> None:
    # given: without that the one with fewer skills would be chosen
    colleague = make_technician(level=3)
    shop.technician = colleague
    shop.assign(10)
    shop.order.stays = True
    make_bay()
    second = make_job(shop.order)
    # when
    placed(shop)
    # then
    assert scheduling.get_live(second).technician == colleague


def test_a_held_job_stays_held(shop: Shop) -> None:
    # given
    held = make_job(shop.order)
    _hold(held, shop)
    # when
    placed(shop)
    # then
    assert queries.find_live(held) is None


def test_nothing_is_left_to_place(shop: Shop) -> None:
    # given
    placed(shop)
    # when, then
    with pytest.raises(RuleBroken, match="No job of this order waits"):
        placed(shop)


def test_who_may_not_plan_places_nothing(shop: Shop) -> None:
    # given
    technician = make_user(RoleName.TECHNICIAN)
    # when, then
    with pytest.raises(NotAllowed):
        whole_order.assign_all(shop.order, by=technician, at=AT)


def test_the_page_says_who_where_when_and_why_and_takes_all_of_it_back(
    shop: Shop, app: object, sign_in: SignIn
) -> None:
    # given
    make_job(shop.order)
    shop.advisor.locale = "en"
    desk = sign_in(shop.advisor)
    url = f"/orders/{shop.order.no}/scheduling"
    assert "Assign all (2)" in desk.get(url).text
    # when
    assert desk.post(f"{url}/assign-all").location == f"{url}#placed"
    page = desk.get(url).text
    # then
    assert "Everything has its place" in page
    assert "11-23 10:00–11:00" in page
    assert f"{shop.technician.name} is free first, with level 2 (needed: 1)." in page
    assert "Leaves 2:45 h to spare before the promise." in page
    assert "Assign all" not in page
    # when
    assert desk.post("/scheduling/undo", data={"back": url}).location == url
    page = desk.get(url).text
    # then
    assert "Undone." in page
    assert "Assign all (2)" in page
    assert planned() == []


def test_what_is_not_placed_is_said_on_the_page_with_the_way_to_do_it_all_the_same(
    shop: Shop, app: object, sign_in: SignIn
) -> None:
    # given
    shop.order.promised_at = hour(10.5)
    shop.advisor.locale = "en"
    desk = sign_in(shop.advisor)
    url = f"/orders/{shop.order.no}/scheduling"
    # when
    answer = desk.post(f"{url}/assign-all")
    # then
    assert answer.status_code == 409
    assert "Nothing was placed: the work would end at 2026-11-23 11:00" in answer.text
    assert "Place it all the same" in answer.text
    # when
    desk.post(f"{url}/assign-all", data={"late": "yes"})
    # then
    assert "too late for the promise." in desk.get(url).text


def test_the_boards_script_gets_what_was_placed_and_the_queues_first_card_has_the_button(
    shop: Shop, app: object, sign_in: SignIn
) -> None:
    # given
    make_job(shop.order)
    shop.advisor.locale = "en"
    desk = sign_in(shop.advisor)
    assert desk.get("/scheduling").text.count("Assign all (2)") == 1
    # when
    url = f"/orders/{shop.order.no}/scheduling/assign-all"
    answer = desk.post(url, headers={"Accept": "application/json"})
    # then
    assert answer.json["done"]
    assert answer.json["card"] == f"card-{planned()[0].id}"
    assert "Everything has its place" in answer.json["html"]
    board = desk.get("/scheduling").text
    assert [f">{number}/2<" in board for number in (1, 2)] == [True, True]
    # when
    answer = desk.post(url, headers={"Accept": "application/json"})
    # then
    assert answer.status_code == 409
    assert answer.json["said"] == "No job of this order waits for a place."


def test_a_controller_who_changes_no_times_takes_back_what_they_have_just_placed(
    shop: Shop, app: object, sign_in: SignIn
) -> None:
    # given
    assert not scheduling.may_change_time(shop.branch, shop.controller)
    shop.controller.locale = "en"
    desk = sign_in(shop.controller)
    desk.post(f"/orders/{shop.order.no}/scheduling/assign-all")
    assert len(planned()) == 1
    # when
    desk.post("/scheduling/undo")
    # then
    assert planned() == []
    # given: placed again, and somebody else has moved it since
    desk.post(f"/orders/{shop.order.no}/scheduling/assign-all")
    live = scheduling.get_live(shop.job)
    where = (shop.technician, shop.bay, hour(15))
    scheduling.move(shop.job, *where, seen_version=live.version, by=shop.advisor, at=AT)
    db.commit()
    # when
    answer = desk.post("/scheduling/undo")
    # then
    assert "There is nothing to undo any more." in answer.text
    assert len(planned()) == 1


def test_two_desks_press_at_once_and_one_of_them_places_all(shop: Shop, app: Flask) -> None:
    # given
    make_job(shop.order, book_minutes=30)
    url = f"/orders/{shop.order.no}/scheduling/assign-all"
    presses = [Press(by, url) for by in (shop.advisor, shop.controller)] * 2
    # when
    answers = press_all(app, presses)
    # then
    assert sorted(status for status, _ in answers) == [302, 409, 409, 409]
    assert all("No job of this order waits" in text for status, text in answers if status == 409)
    assert [each.starts_at for each in planned()] == [hour(10), hour(11.25)]


def test_two_orders_placed_at_once_share_the_technicians_time(shop: Shop, app: Flask) -> None:
    # given: one technician and one lift for both
    make_job(shop.order)
    other = make_order(Stage.AUTHORISED, advisor=shop.advisor, promised_at=hour(17))
    make_job(other)
    presses = [
        Press(by, f"/orders/{order.no}/scheduling/assign-all")
        for by, order in ((shop.advisor, shop.order), (shop.controller, other))
    ]
    # when
    answers = press_all(app, presses)
    # then
    assert [status for status, _ in answers] == [302, 302]
    found = planned()
    assert len(found) == 3
    assert all(a.blocked_until <= b.starts_at for a, b in itertools.pairwise(found))


def _also(technician: Technician, skill: Skill) -> None:
    session.add(TechnicianSkill(technician_id=technician.id, skill_id=skill.id, level=2))
    session.flush()


def _hold(job: Job, shop: Shop) -> None:
    day = calendar.local_day(shop.branch, AT)
    holding.hold(job, day, HoldReason.SUPPORT, "等厂家回电", by=shop.advisor, at=AT)
