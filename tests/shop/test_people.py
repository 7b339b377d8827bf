"""Technicians: a place on the board, skills with certificates, shifts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import make_branch, make_skill, make_technician, make_user
from workshop.db import session
from workshop.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from workshop.shop import calendar, people, queries, work_groups
from workshop.shop.people import Held
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.web import versions


@pytest.fixture
def manager(database: Database) -> User:
    return make_user(RoleName.SERVICE_MANAGER)


def test_a_person_with_the_role_gets_a_place_on_the_board(manager: User, at: datetime) -> None:
    branch, user = make_branch(), make_user(RoleName.TECHNICIAN)
    assert people.list_candidates(branch) == [user]
    technician = people.make_technician(user, by=manager, at=at)
    assert people.list_candidates(branch) == []
    assert queries.list_technicians(branch) == [technician]
    monday = calendar.local_day(branch, at)
    assert len(calendar.shifts(technician, monday)) == 2
    with pytest.raises(RuleBroken):
        people.make_technician(user, by=manager, at=at)
    with pytest.raises(RuleBroken):
        people.make_technician(make_user(RoleName.CASHIER), by=manager, at=at)


def test_skills_are_set_and_an_expired_certificate_counts_no_more(
    manager: User, at: datetime
) -> None:
    # given
    technician = make_technician()
    engine, voltage = make_skill(), make_skill("high_voltage")
    today = date(2026, 11, 23)
    # when
    wanted = {voltage.id: Held(3, today)}
    people.set_skills(technician, wanted, by=manager, at=at)
    session.flush()
    # then
    held = queries.skills_of([technician])[technician.id]
    assert people.skills_of(technician) == wanted
    assert queries.can_do(held, {voltage.id: 3}, today)
    assert not queries.can_do(held, {voltage.id: 3}, today + timedelta(days=1))
    assert not queries.can_do(held, {engine.id: 1}, today)
    with pytest.raises(Invalid):
        people.set_skills(technician, {voltage.id: Held(6)}, by=manager, at=at)


def test_a_stale_page_of_skills_is_a_conflict(manager: User, at: datetime) -> None:
    technician, skill = make_technician(), make_skill()
    seen = versions.mark(people.state_of(people.skills_of(technician)))
    people.set_skills(technician, {skill.id: Held(4)}, seen=seen, by=manager, at=at)
    session.flush()
    with pytest.raises(Conflict) as stale:
        people.set_skills(technician, {skill.id: Held(1)}, seen=seen, by=manager, at=at)
    assert list(stale.value.theirs.values()) == [[4]]
    assert list(stale.value.yours.values()) == [[1]]


def test_the_shift_is_what_the_calendar_counts(manager: User, at: datetime) -> None:
    technician = make_technician()
    people.set_shifts(technician.user, {0: [(time(9), time(11))]}, by=manager, at=at)
    session.flush()
    branch = make_branch()
    monday = calendar.local_day(branch, at)
    ((begins, ends),) = calendar.shifts(technician, monday)
    assert ends - begins == timedelta(hours=2)
    assert calendar.shifts(technician, monday + timedelta(days=1)) == []


def test_off_the_board_nobody_gets_work_and_back_again(manager: User, at: datetime) -> None:
    technician, branch = make_technician(), make_branch()
    people.put_on_board(technician, False, by=manager, at=at)
    session.flush()
    assert queries.list_technicians(branch) == []
    assert people.list_all(branch) == [technician]
    people.put_on_board(technician, True, by=manager, at=at)
    assert queries.list_technicians(branch) == [technician]


def test_a_technician_of_another_branch_is_not_found(manager: User) -> None:
    stranger = make_technician(branch=make_branch("west"))
    with pytest.raises(NotFound):
        people.get_technician(stranger.id, make_branch())


def test_a_new_skill_has_a_name_in_both_languages(manager: User, at: datetime) -> None:
    skill = people.add_skill("玻璃", "Glass", by=manager, at=at)
    session.flush()
    assert skill in queries.list_skills()
    with pytest.raises(Invalid):
        people.add_skill("玻璃", " ", by=manager, at=at)


def test_skills_of_one_group_are_done_in_one_go(manager: User, at: datetime) -> None:
    engine, chassis, branch = make_skill(), make_skill("chassis"), make_branch()
    groups = {engine.id: " 机修 ", chassis.id: "机修"}
    work_groups.set_groups(branch, groups, by=manager, at=at)
    assert (engine.work_group, chassis.work_group) == ("机修", "机修")
    # and each stays a job of its own again
    work_groups.set_groups(branch, {engine.id: "", chassis.id: " "}, by=manager, at=at)
    assert (engine.work_group, chassis.work_group) == (None, None)
    with pytest.raises(Conflict):
        work_groups.set_groups(branch, groups, seen="older", by=manager, at=at)
    advisor = make_user(RoleName.SERVICE_ADVISOR)
    with pytest.raises(NotAllowed):
        work_groups.set_groups(branch, groups, by=advisor, at=at)


def test_the_shop_s_page_keeps_the_groups(
    manager: User, sign_in: Callable[[User], FlaskClient]
) -> None:
    skill, client = make_skill(), sign_in(manager)
    name = f"group{skill.id}"
    sent = client.post("/shop/skills/groups", data={f"groups-{name}": "机修"})
    assert sent.status_code == 302
    assert 'value="机修"' in client.get("/shop").text
