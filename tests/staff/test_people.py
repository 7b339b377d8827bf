"""Adding people, changing their roles, leaving and coming back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import make_branch, make_user
from workshop.db import session
from workshop.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from workshop.staff import people
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.web import versions

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def manager(database: Database) -> User:
    manager = make_user(RoleName.SERVICE_MANAGER)
    manager.locale = "en"
    return manager


def test_only_who_manages_the_staff_adds_people(database: Database, at: datetime) -> None:
    advisor = make_user(RoleName.SERVICE_ADVISOR)
    with pytest.raises(NotAllowed):
        people.add("anna", "安娜", [RoleName.CASHIER], locale="en", by=advisor, at=at)


@pytest.mark.parametrize(
    ("username", "name", "roles", "field"),
    [
        ("", "安娜", [RoleName.CASHIER], "username"),
        ("an na", "安娜", [RoleName.CASHIER], "username"),
        ("ANNA", "安娜", [RoleName.CASHIER], "username"),
        ("anna2", " ", [RoleName.CASHIER], "name"),
        ("anna2", "安娜", [], "roles"),
    ],
)
def test_what_a_new_person_must_have(
    manager: User, at: datetime, username: str, name: str, roles: list[RoleName], field: str
) -> None:
    people.add("anna", "安娜", [RoleName.CASHIER], locale="en", by=manager, at=at)
    with pytest.raises(Invalid) as refused:
        people.add(username, name, roles, locale="zh_CN", by=manager, at=at)
    assert refused.value.field == field


def test_nobody_takes_the_last_manager_away(manager: User, at: datetime) -> None:
    with pytest.raises(RuleBroken):
        people.leave(manager, by=manager, at=at)
    with pytest.raises(RuleBroken):
        people.change(manager, "周敏", [RoleName.CASHIER], by=manager, at=at)


def test_a_stale_change_shows_both_versions(manager: User, at: datetime) -> None:
    user = make_user(RoleName.CASHIER)
    seen = versions.mark(people.state_of(user))
    people.change(user, "钱芳", [RoleName.CASHIER], seen=seen, by=manager, at=at)
    with pytest.raises(Conflict) as stale:
        people.change(user, "钱方", [RoleName.CASHIER], seen=seen, by=manager, at=at)
    assert (stale.value.theirs, stale.value.yours) == ({"Name": "钱芳"}, {"Name": "钱方"})


def test_who_left_is_in_no_list_and_may_come_back(manager: User, at: datetime) -> None:
    user = make_user(RoleName.CASHIER)
    people.leave(user, by=manager, at=at)
    session.flush()
    assert user not in staff.list_users(user.branch_id)
    assert people.list_former(user.branch_id) == [user]
    with pytest.raises(RuleBroken):
        people.note_link(user, by=manager, at=at)
    people.come_back(user, by=manager, at=at)
    assert user in staff.list_users(user.branch_id)


def test_somebody_of_another_branch_is_not_found(manager: User) -> None:
    stranger = make_user(RoleName.CASHIER, branch=make_branch("west"))
    with pytest.raises(NotFound):
        people.get_colleague(stranger.id, manager.branch_id)


def test_a_new_person_signs_in_by_a_link_that_is_shown_once(
    manager: User, sign_in: SignIn, client: FlaskClient
) -> None:
    # when
    desk = sign_in(manager)
    data = {"new-username": "ｑｉａｎ", "new-name": "钱芳", "new-roles": "cashier"}
    added = desk.post("/staff", data=data | {"new-locale": "zh_CN"})
    assert added.status_code == 302
    # then the link stands on the next page, and only there
    page = desk.get("/staff").text
    found = re.search(r"/welcome/[\w.~-]+", page)
    assert found is not None
    assert found[0] not in desk.get("/staff").text
    # when it is used
    secret = "a long password"
    answer = client.post(found[0], data={"password": secret, "again": secret})
    assert answer.status_code == 302
    assert staff.find_user("qian") is not None


def test_a_refused_person_comes_back_as_typed(manager: User, sign_in: SignIn) -> None:
    data = {"new-username": "a b", "new-name": "钱芳", "new-roles": "cashier"}
    answer = sign_in(manager).post("/staff", data=data | {"new-locale": "en"})
    assert answer.status_code == 422
    assert "A sign-in name has" in answer.text
    assert 'value="钱芳"' in answer.text


def test_the_page_of_a_person_changes_roles_and_makes_a_new_link(
    manager: User, sign_in: SignIn
) -> None:
    number = make_user(RoleName.CASHIER, name="钱芳").id
    desk = sign_in(manager)
    assert "钱芳" in desk.get(f"/staff/{number}").text
    data = {"name": "钱芳", "roles": ["cashier", "washer"]}
    assert desk.post(f"/staff/{number}", data=data).status_code == 302
    assert {role.name for role in people.get_colleague(number, 1).roles} == {"cashier", "washer"}
    desk.post(f"/staff/{number}/link")
    assert "One-time link for 钱芳" in desk.get("/staff").text
    desk.post(f"/staff/{number}/leave")
    assert not people.get_colleague(number, 1).active
    desk.post(f"/staff/{number}/come-back")
    assert people.get_colleague(number, 1).active
