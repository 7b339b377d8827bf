"""Before an act that takes something away: what it touches; after it: a call list."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.factories import (
    AT,
    begin_session,
    make_bay,
    make_branch,
    make_operation,
    make_order,
    make_technician,
    make_user,
)
from tests.shop.factories import hour
from tests.steps.booking.factories import local, make_appointment
from tests.steps.booking.factories import make_shop as make_front
from tests.steps.scheduling.factories import make_shop as make_floor
from workshop import db
from workshop.customers.models import Channel
from workshop.db import session
from workshop.errors import RuleBroken
from workshop.orders.flow import Stage
from workshop.shop import absences, calendar, people
from workshop.shop import queries as shop_queries
from workshop.shop.models import CalendarDay
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.booking import service as booking
from workshop.steps.booking.models import Appointment, ContactResult
from workshop.steps.repair import gates as repair
from workshop.steps.scheduling.teamwork import service as teamwork
from workshop.steps.scheduling.watch import service as watch
from workshop.steps.scheduling.watch.models import AlarmKind
from workshop.touched import facts, lists, service
from workshop.touched.models import CallList, TouchedThing, Why

SignIn = Callable[[User], FlaskClient]
CLOSE = {"day": "2026-11-24", "is_open": "no", "name": "盘点"}
ON_ONE_ENGINE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@dataclass
class Front:
    """Tomorrow two cars come to one advisor; the manager may close the day."""

    advisor: User
    manager: User
    first: Appointment
    second: Appointment


@pytest.fixture
def front(client: FlaskClient) -> Front:
    _, (advisor,) = make_front()
    manager = make_user(RoleName.SERVICE_MANAGER)
    manager.locale = "en"
    first = make_appointment(advisor, "09:00", days=1, contact_name="王小明")
    return Front(advisor, manager, first, make_appointment(advisor, "10:00", days=1))


def close(front: Front, sign_in: SignIn, **more: Any) -> Any:
    return sign_in(front.manager).post("/scheduling/calendar", data={**CLOSE, **more})


def seen(answer: Any) -> str:
    found = re.search(r'name="touched_seen" value="(\w+)"', answer.text)
    assert found is not None
    return found.group(1)


def test_closing_a_day_shows_what_it_touches_and_keeps_nothing(
    front: Front, sign_in: SignIn
) -> None:
    # when
    answer = close(front, sign_in)
    # then: both cars, with the customer's name and phone, and what was typed
    assert answer.status_code == 409
    for each in (front.first, front.second):
        assert each.no in answer.text
        assert each.customer.phone in answer.text
    assert "Appointments: 2" in answer.text
    assert 'name="name" value="盘点"' in answer.text
    assert session.scalar(select(CalendarDay.id)) is None
    assert session.scalar(select(CallList.id)) is None


def test_who_has_seen_the_list_gets_the_act_and_a_call_list(front: Front, sign_in: SignIn) -> None:
    # when
    answer = close(front, sign_in, touched_seen=seen(close(front, sign_in)))
    # then
    assert answer.status_code == 302
    made = session.scalars(select(CallList)).one()
    assert (made.act, made.about, made.by_id) == ("shop.set_day", "2026-11-24", front.manager.id)
    rows = session.scalars(select(TouchedThing).order_by(TouchedThing.id)).all()
    assert [(each.why, each.appointment_id, each.owner_id) for each in rows] == [
        (Why.CLOSED, front.first.id, front.advisor.id),
        (Why.CLOSED, front.second.id, front.advisor.id),
    ]


def test_a_list_that_somebody_has_overtaken_is_shown_again(front: Front, sign_in: SignIn) -> None:
    # given: a third car is booked while the manager looks at the list
    mark = seen(close(front, sign_in))
    make_appointment(front.advisor, "11:00", days=1)
    # when
    answer = close(front, sign_in, touched_seen=mark)
    # then
    assert answer.status_code == 409
    assert "Something has changed since you saw the list." in answer.text
    assert "Appointments: 3" in answer.text
    assert close(front, sign_in, touched_seen=seen(answer)).status_code == 302


def test_the_way_back_shows_what_was_typed(front: Front, sign_in: SignIn) -> None:
    answer = close(front, sign_in, touched_back="1")
    assert answer.status_code == 409
    assert "Nothing is saved yet. Change what you typed, or send it again." in answer.text
    assert 'value="盘点"' in answer.text
    assert session.scalar(select(CalendarDay.id)) is None


def test_the_way_back_from_a_plain_button_leads_to_its_page(front: Front, sign_in: SignIn) -> None:
    bay = make_bay()
    data = {"touched_back": "1", "touched_from": "/shop"}
    answer = sign_in(front.manager).post(f"/shop/bays/{bay.id}/use", data=data)
    assert (answer.status_code, answer.location) == (302, "/shop")
    assert bay.active


def test_who_may_not_see_customers_sees_neither_name_nor_phone(
    front: Front, sign_in: SignIn
) -> None:
    administrator = make_user(RoleName.ADMINISTRATOR)
    answer = sign_in(administrator).post("/scheduling/calendar", data=CLOSE)
    assert answer.status_code == 409
    assert front.first.no in answer.text
    assert front.first.customer.phone not in answer.text
    assert "王小明" not in answer.text


def test_what_touches_nothing_asks_nothing(front: Front, sign_in: SignIn) -> None:
    assert close(front, sign_in, day="2026-11-25").status_code == 302
    assert session.scalar(select(CallList.id)) is None


# ---- The call list ----


def closed(front: Front) -> list[lists.Open]:
    """Tomorrow is closed, and the list is made."""
    branch = make_branch()
    day = local("09:00", days=1).date()
    calendar.set_day(branch, day, False, "盘点", by=front.manager, at=AT)
    found = lists.list_open(branch, AT)
    service.make_list(branch, (), [each.thing for each in found], by=front.manager, at=AT)
    return lists.list_open(branch, AT)


def ends(front: Front) -> list[lists.End]:
    (listed,) = lists.list_lists(make_branch(), AT)
    return [each.end for each in listed.done]


def test_what_is_cancelled_or_moved_leaves_the_list_by_itself(front: Front) -> None:
    assert len(closed(front)) == 2
    booking.cancel(front.first, "没空", front.advisor, AT)
    assert [each.thing.appointment for each in lists.list_open(make_branch(), AT)] == [front.second]
    assert ends(front) == [lists.End.CANCELLED]


def test_a_day_that_opens_again_closes_the_list(front: Front) -> None:
    closed(front)
    day = local("09:00", days=1).date()
    calendar.forget_day(make_branch(), day, by=front.manager, at=AT)
    assert lists.list_open(make_branch(), AT) == []
    assert ends(front) == [lists.End.UNTOUCHED] * 2


def test_what_is_agreed_by_name_stays_and_is_confirmed(front: Front) -> None:
    found = closed(front)[0]
    service.agree(found, make_branch(), "王小明", by=front.advisor, at=AT)
    assert front.first.status.value == "confirmed"
    assert ends(front) == [lists.End.AGREED]
    # and: it was a mistake
    assert found.row is not None
    service.take_back(found.row, by=front.advisor, at=AT)
    assert len(lists.list_open(make_branch(), AT)) == 2


def test_a_line_is_handed_on_by_name(front: Front) -> None:
    colleague, found = make_user(RoleName.SERVICE_ADVISOR), closed(front)[0]
    service.hand_on(found, make_branch(), colleague, by=front.advisor, at=AT)
    assert [each.is_for(colleague) for each in lists.list_open(make_branch(), AT)] == [
        True,
        False,
    ]


def test_it_is_not_handed_to_who_has_it_or_is_not_there(front: Front) -> None:
    # given
    colleague, found = make_user(RoleName.SERVICE_ADVISOR), closed(front)[0]
    assert front.advisor not in lists.list_people(make_branch(), found)
    # when
    service.hand_on(found, make_branch(), colleague, by=front.advisor, at=AT)
    # then
    (handed,) = (each for each in lists.list_open(make_branch(), AT) if each.is_for(colleague))
    people = lists.list_people(make_branch(), handed)
    assert colleague not in people
    assert front.advisor in people


def test_nobody_says_yes_to_a_time_at_which_the_shop_is_closed(front: Front) -> None:
    closed(front)
    with pytest.raises(RuleBroken, match="The shop is closed at"):
        booking.confirm(front.first, front.advisor, AT)
    with pytest.raises(RuleBroken, match="The shop is closed at"):
        booking.record_contact(
            front.first, Channel.PHONE, ContactResult.CONFIRMED, by=front.advisor, at=AT
        )


def test_the_pages_of_the_call_list(front: Front, sign_in: SignIn) -> None:
    front.advisor.locale = "en"
    closed(front)
    address = f"/call-list/closed-A{front.first.id}"
    browser = sign_in(front.advisor)
    # the inbox says what is open and why, the list names the customers
    inbox = browser.get("/inbox").text
    assert inbox.count('href="/call-list') >= 2
    assert "The shop is closed then" in inbox
    page = browser.get("/call-list").text
    assert front.first.customer.phone in page
    assert f"/booking/{front.first.no}/change" in page
    # the appointment's page says why it cannot be confirmed, and where to note what is agreed
    page = browser.get(f"/booking/{front.first.no}").text
    assert "The shop is closed at" in page
    assert 'href="/call-list"' in page
    # a name is needed
    assert browser.post(f"{address}/agree", data={}).status_code == 422
    data = {"agree-name": "王小明"}
    assert browser.post(f"{address}/agree", data=data).status_code == 302
    page = browser.get("/call-list").text
    assert "with 王小明" in page
    # it is seen to: there is no such page any more
    assert browser.get(address).status_code == 404
    assert facts.find_all(make_branch(), AT)[0].appointment == front.first


# ---- Work on the board ----


def test_a_bay_out_of_use_is_asked_about_and_its_work_does_not_begin(
    client: FlaskClient, sign_in: SignIn
) -> None:
    # given: a job this afternoon in this bay, with a promise
    shop, manager = make_floor(), make_user(RoleName.SERVICE_MANAGER)
    manager.locale = "en"
    shop.assign(14)
    url = f"/shop/bays/{shop.bay.id}/use"
    # when: asked, and then done
    answer = sign_in(manager).post(url)
    assert answer.status_code == 409
    assert shop.order.no in answer.text
    assert "Promised for 17:00" in answer.text
    assert shop.bay.active
    assert sign_in(manager).post(url, data={"touched_seen": seen(answer)}).status_code == 302
    # then: the watch raises an alarm, and the job does not start there
    assert not shop.bay.active
    found = watch.look_after(shop.branch, at=AT)
    assert AlarmKind.BAY_OUT in {each.kind for each in found}
    assert "bay" in {each.code for each in repair.missing_to_start(shop.job, AT)}
    assert shop.bay.code in sign_in(manager).get("/scheduling/watch").text
    # and: into use again asks nothing and closes the list
    assert sign_in(manager).post(url).status_code == 302
    assert lists.list_open(shop.branch, AT) == []


@ON_ONE_ENGINE
def test_two_who_are_away_from_one_job_are_one_thing(client: FlaskClient) -> None:
    shop, by = make_floor(), make_user(RoleName.SERVICE_MANAGER)
    helper = make_technician()
    live = shop.assign(14)
    teamwork.add(shop.job, helper, seen_version=live.version, by=shop.controller, at=AT)
    for each in (shop.technician, helper):
        people.put_on_board(each, False, by=by, at=AT)
    (found,) = lists.list_open(shop.branch, AT)
    made = service.make_list(shop.branch, (), [found.thing], by=by, at=AT)
    assert made.id


def test_a_promise_for_a_day_that_closes_is_touched(client: FlaskClient, sign_in: SignIn) -> None:
    manager = make_user(RoleName.SERVICE_MANAGER)
    manager.locale = "en"
    order = make_order(Stage.AUTHORISED, promised_at=hour(16, days=1))
    answer = sign_in(manager).post("/scheduling/calendar", data=CLOSE)
    assert answer.status_code == 409
    assert order.no in answer.text
    assert "Promised for Tue 16:00" in answer.text or "Promised for 11-24 16:00" in answer.text


def test_who_books_at_the_same_moment_is_on_the_list(front: Front, app: Flask) -> None:
    # given: a booking for tomorrow that is not kept yet
    token = begin_session(front.manager)
    third = make_appointment(front.advisor, "11:00", days=1)
    no, answers = third.no, []

    def close_the_day() -> None:
        browser = FlaskClient(app, app.response_class)
        with browser.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = token, True
        answers.append(browser.post("/scheduling/calendar", data=CLOSE).text)

    # when: the day is closed meanwhile
    closing = threading.Thread(target=close_the_day)
    closing.start()
    closing.join(0.5)
    assert answers == [], "it waits for the booking"
    db.commit()
    closing.join(30)
    # then
    assert no in answers[0]


def test_leave_touches_who_booked_last_where_the_hours_are_not_enough_any_more(
    client: FlaskClient,
) -> None:
    # given: two technicians, tomorrow one car with four hours of work and one with six
    branch, (advisor,) = make_front(technicians=2)
    by = make_user(RoleName.SERVICE_MANAGER)
    first, last = (
        make_appointment(advisor, slot, days=1, operations=[make_operation(book_minutes=minutes)])
        for slot, minutes in (("08:00", 240), ("09:00", 360))
    )
    assert lists.list_open(branch, AT) == []
    # when: one of the two is away
    away = shop_queries.list_technicians(branch)[0].user
    absences.add_absence(away, hour(0, days=1), hour(24, days=1), "病假", by=by, at=AT)
    # then: nine hours are left for ten
    (found,) = lists.list_open(branch, AT)
    assert (found.thing.appointment, found.thing.why) == (last, Why.HOURS)
    booking.cancel(first, "没空", advisor, AT)
    assert lists.list_open(branch, AT) == []


def test_leave_of_an_advisor_touches_the_cars_that_come_to_them(front: Front) -> None:
    begins, ends = hour(0, days=1), hour(24, days=1)
    absences.add_absence(front.advisor, begins, ends, "年假", by=front.manager, at=AT)
    found = lists.list_open(make_branch(), AT)
    assert [(each.thing.why, each.thing.appointment) for each in found] == [
        (Why.ADVISOR, front.first),
        (Why.ADVISOR, front.second),
    ]
    with pytest.raises(RuleBroken, match="is not at work at"):
        booking.confirm(front.first, front.advisor, AT)
