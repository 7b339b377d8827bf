"""Somebody works here no longer: everything that was theirs is on the call list, of every kind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.duties.test_views import make_reader, words
from tests.factories import AT, make_branch, make_order, make_user
from tests.gates.back import make_open_case
from tests.touched.test_asking import seen
from workshop import db
from workshop.db import session
from workshop.duties import asking, queries, registry
from workshop.duties import service as duties
from workshop.orders.flow import Stage
from workshop.staff import duty
from workshop.staff import people as colleagues
from workshop.staff.models import User
from workshop.staff.permissions import Permission, RoleName
from workshop.touched import facts, lists, service
from workshop.touched.models import Why
from workshop.touched.things import Thing

R = RoleName
SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def gone(database: Database) -> User:
    """An advisor with a car, a case, a hand-over and a request that wait for them."""
    found, other = make_reader(R.SERVICE_ADVISOR), make_reader(R.SERVICE_ADVISOR)
    make_order(Stage.REPAIR, advisor=found)
    given = make_order(Stage.REPAIR, advisor=other)
    make_open_case(found)
    duties.hand_over(other, found, [f"order:{given.id}"], "休假", by=other, at=AT)
    asked = {Permission.QUOTE}
    asking.ask(
        make_branch(), asked, "/quotation", "请报价", of=found, by=make_user(R.WASHER), at=AT
    )
    session.flush()
    return found


def left(user: User) -> list[Thing]:
    user.active = False
    session.flush()
    return [each for each in facts.find_all(make_branch(), AT) if each.why is Why.DUTY]


def kinds(things: list[Thing]) -> set[str]:
    return {each.held.kind.key if each.held else "order" for each in things}


def test_every_kind_is_listed_and_nothing_while_they_work_here(gone: User) -> None:
    assert [each for each in facts.find_all(make_branch(), AT) if each.why is Why.DUTY] == []
    assert kinds(left(gone)) == {"order", "case", "hand_over", "request"}
    # and: back at work, nothing of it is left on the list
    gone.active = True
    session.flush()
    assert [each for each in facts.find_all(make_branch(), AT) if each.why is Why.DUTY] == []


def test_no_kind_of_the_registry_is_forgotten() -> None:
    """A new kind is listed without a word more, unless its records lie wrong by their time."""
    assert {each.key for each in registry.list_duties()} == {each.key for each in duty.list_kinds()}
    assert {"appointment", "planned_work", "call"} == facts._TOLD_ELSEWHERE


def test_the_act_asks_makes_the_list_and_coming_back_closes_it(gone: User, sign_in: SignIn) -> None:
    # given
    manager = make_reader(R.SERVICE_MANAGER)
    db.commit()
    desk, url = sign_in(manager), f"/staff/{gone.id}/leave"
    # when
    answer = desk.post(url)
    # then: all of it is shown before, and stands on the list after
    assert answer.status_code == 409
    assert "Duties: 3" in words(answer)
    assert "Cars in the shop: 1" in words(answer)
    assert desk.post(url, data={"touched_seen": seen(answer)}).status_code == 302
    page = words(desk.get("/call-list"))
    for said in ("Cases", "Hand-overs that wait", "What was asked of this person alone"):
        assert said in page
    # and each line leads to where it can be solved
    assert f"/duties/{gone.id}?only=case:" in desk.get("/call-list").text
    # when they are back
    assert desk.post(f"/staff/{gone.id}/come-back").status_code == 302
    assert lists.list_open(make_branch(), AT) == []
    (listed,) = lists.list_lists(make_branch(), AT)
    assert {each.end for each in listed.done} == {lists.End.UNTOUCHED}
    assert "请报价" in words(desk.get("/call-list"))


def test_a_case_that_is_handed_over_leaves_the_list(gone: User, sign_in: SignIn) -> None:
    manager, taker = make_reader(R.SERVICE_MANAGER), make_reader(R.CUSTOMER_RELATIONS)
    (case,) = (each for each in left(gone) if each.held and each.held.kind.key == "case")
    assert case.held is not None
    duties.hand_over(gone, taker, [case.held.key], "已离职", sets=True, by=manager, at=AT)
    found = [each for each in facts.find_all(make_branch(), AT) if each.why is Why.DUTY]
    assert "case" not in kinds(found)


def test_what_was_asked_of_them_alone_is_answered_by_who_can(gone: User) -> None:
    manager = make_user(R.SERVICE_MANAGER)
    assert queries.list_asked_of(manager) == []
    left(gone)
    (request,) = queries.list_asked_of(manager)
    assert queries.may_answer(request, manager)
    # and what somebody asked who has left is needed no more
    request.asked_by.active = False
    session.flush()
    assert queries.list_asked_of(manager) == []


def test_a_line_of_somebody_who_left_is_everybodys_again(gone: User) -> None:
    other, by = make_user(R.SERVICE_ADVISOR), make_user(R.SERVICE_MANAGER)
    make_order(Stage.AUTHORISED, advisor=other, promised_at=AT + timedelta(hours=20))
    found = lists.list_open(make_branch(), AT)[0]
    service.hand_on(found, make_branch(), gone, by=by, at=AT)
    assert not lists.list_open(make_branch(), AT)[0].is_for(other)
    gone.active = False
    session.flush()
    line = next(each for each in lists.list_open(make_branch(), AT) if each.row is not None)
    assert line.owner is None
    assert line.is_for(other)


def test_who_left_at_the_command_line_leaves_a_list_without_a_name(gone: User) -> None:
    things = left(gone)
    made = service.make_list(make_branch(), (), things, by=None, at=AT)
    assert made.by is None
    assert len(lists.list_lists(make_branch(), AT)[0].open) == len(things)


def test_the_person_is_back_by_a_plain_act(gone: User) -> None:
    boss = make_user(R.SERVICE_MANAGER)
    colleagues.leave(gone, by=boss, at=AT)
    colleagues.come_back(gone, by=boss, at=AT)
    assert lists.list_open(make_branch(), AT) == []
