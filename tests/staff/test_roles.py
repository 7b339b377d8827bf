"""Roles: what they may do, own ones, and the last who manages the staff."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

import workshop
from tests.databases import Database
from tests.factories import AT, make_branch, make_user
from tests.screen.sockets import session_cookie
from workshop import db
from workshop.db import session
from workshop.errors import Conflict, Invalid, NotAllowed, RuleBroken, WorkshopError
from workshop.staff import access, granting, people
from workshop.staff import service as staff
from workshop.staff.models import KnownPermission, Role, User
from workshop.staff.permissions import PRESETS, Permission, RoleName
from workshop.staff.roles import page, queries, words
from workshop.staff.roles import service as roles
from workshop.staff.roles.service import RoleValues
from workshop.web import versions

SignInAs = Callable[[User], FlaskClient]
P = Permission


@pytest.fixture
def manager(database: Database) -> User:
    manager = make_user(RoleName.SERVICE_MANAGER, name="周敏")
    manager.locale = "en"
    return manager


def get_role(name: RoleName) -> Role:
    return session.scalars(select(Role).where(Role.name == name.value)).one()


def test_every_permission_has_words_that_a_manager_understands() -> None:
    told = [words.words_of(each) for each in Permission]
    assert len({each.label for each in told}) == len(Permission)
    assert all(each.sentence.endswith(".") for each in told)
    listed = [each for _, found in words.list_areas() for each in found]
    assert sorted(listed, key=lambda each: each.value) == sorted(
        Permission, key=lambda each: each.value
    )


def test_a_role_does_what_was_ticked_from_the_next_press_on(manager: User) -> None:
    washer = make_user(RoleName.WASHER)
    roles.change(
        get_role(RoleName.WASHER), RoleValues(frozenset({P.CHECK_GATE})), by=manager, at=AT
    )
    assert washer.rights == {P.CHECK_GATE}


def test_only_who_manages_the_staff_changes_roles(manager: User) -> None:
    advisor, role = make_user(RoleName.SERVICE_ADVISOR), get_role(RoleName.WASHER)
    values = RoleValues(frozenset(Permission))
    for act in (
        lambda: roles.change(role, values, by=advisor, at=AT),
        lambda: roles.copy(role, "夜班", "Night", by=advisor, at=AT),
        lambda: roles.retire(role, by=advisor, at=AT),
        lambda: roles.restore(role, by=advisor, at=AT),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_two_managers_on_one_role_see_both_versions(manager: User) -> None:
    role = get_role(RoleName.WASHER)
    seen = versions.mark(roles.state_of(roles.values_of(role)))
    roles.change(role, RoleValues(frozenset({P.WASH, P.CARE})), seen=seen, by=manager, at=AT)
    with pytest.raises(Conflict) as stale:
        roles.change(role, RoleValues(frozenset({P.WASH})), seen=seen, by=manager, at=AT)
    assert stale.value.theirs == {
        "What this role may do": [words.words_of(P.CARE), words.words_of(P.WASH)]
    }
    assert stale.value.yours == {"What this role may do": [words.words_of(P.WASH)]}


def test_an_own_role_is_a_copy_with_a_name_of_its_own(manager: User) -> None:
    made = roles.copy(
        get_role(RoleName.TECHNICIAN), "夜班技师", "Night technician", by=manager, at=AT
    )
    session.flush()
    assert (made.label, made.preset) == ("夜班技师 / Night technician", None)
    user = people.add("wu", "吴刚", [made.name], locale="en", by=manager, at=AT)
    assert user.rights == PRESETS[RoleName.TECHNICIAN]
    # Where the program asks for a technician, the copy is one.
    assert user.is_(RoleName.TECHNICIAN)
    assert user in staff.list_users(user.branch_id, RoleName.TECHNICIAN)


@pytest.mark.parametrize(("zh", "en"), [(" ", ""), ("夜班", "Night")])
def test_an_own_role_needs_a_name_that_no_other_has(manager: User, zh: str, en: str) -> None:
    roles.copy(get_role(RoleName.WASHER), "夜班", "Night", by=manager, at=AT)
    session.flush()
    with pytest.raises(Invalid):
        roles.copy(get_role(RoleName.WASHER), zh, en, by=manager, at=AT)


def test_a_role_is_retired_only_when_nobody_holds_it(manager: User) -> None:
    role, washer = get_role(RoleName.WASHER), make_user(RoleName.WASHER)
    with pytest.raises(RuleBroken, match="1 people hold this role"):
        roles.retire(role, by=manager, at=AT)
    people.change(washer, "王五", [RoleName.GREETER], by=manager, at=AT)
    roles.retire(role, by=manager, at=AT)
    assert role not in staff.list_offered()
    with pytest.raises(Invalid, match="retired"):
        people.add("wu", "吴刚", [RoleName.WASHER], locale="en", by=manager, at=AT)
    roles.restore(role, by=manager, at=AT)
    assert role in staff.list_offered()


def test_the_last_who_manages_the_staff_stays(manager: User) -> None:
    role = get_role(RoleName.SERVICE_MANAGER)
    without = RoleValues(frozenset({P.VIEW_ORDERS}))
    with pytest.raises(RuleBroken):
        roles.change(role, without, by=manager, at=AT)
    session.rollback()


def test_a_role_may_lose_it_while_another_one_manages(manager: User) -> None:
    make_user(RoleName.ADMINISTRATOR)
    role = get_role(RoleName.SERVICE_MANAGER)
    roles.change(role, RoleValues(frozenset({P.VIEW_ORDERS})), by=manager, at=AT)
    assert not manager.may(P.MANAGE_STAFF)


def test_a_branch_that_has_no_manager_yet_holds_nobody_up(manager: User) -> None:
    make_user(RoleName.WASHER, branch=make_branch("west"))
    cashier = make_user(RoleName.CASHIER)
    people.change(cashier, "钱芳", [RoleName.WASHER], by=manager, at=AT)


def test_two_managers_who_take_it_from_each_other_leave_one(database: Database, app: Flask) -> None:
    # given
    one, two = make_user(RoleName.SERVICE_MANAGER), make_user(RoleName.SERVICE_MANAGER)
    db.commit()
    pairs = ((one.id, two.id), (two.id, one.id))
    session.remove()
    ready, told = threading.Barrier(2), []

    def demote(by_id: int, user_id: int) -> None:
        with app.app_context():
            by, user = session.get_one(User, by_id), session.get_one(User, user_id)
            # Both have read that both may.
            assert by.may(P.MANAGE_STAFF)
            assert user.may(P.MANAGE_STAFF)
            db.rollback()
            ready.wait()
            try:
                people.change(user, "新名", [RoleName.WASHER], by=by, at=AT)
                db.commit()
                told.append("done")
            except WorkshopError as error:
                db.rollback()
                told.append(type(error).__name__)

    # when
    presses = [threading.Thread(target=demote, args=pair) for pair in pairs]
    for each in presses:
        each.start()
    for each in presses:
        each.join()
    # then
    assert sorted(told) == ["NotAllowed", "done"]
    left = [session.get_one(User, each).may(P.MANAGE_STAFF) for each, _ in pairs]
    assert left.count(True) == 1


def test_a_role_that_is_given_while_it_is_retired_is_not_both(
    database: Database, app: Flask
) -> None:
    """Real requests: one manager retires the role, another one gives it."""
    one, two = make_user(RoleName.SERVICE_MANAGER), make_user(RoleName.SERVICE_MANAGER)
    user, role = make_user(RoleName.CASHIER, name="钱芳"), get_role(RoleName.WASHER)
    cookies = [session_cookie(app, each) for each in (one, two)]
    urls = (f"/staff/roles/{role.id}/retire", f"/staff/{user.id}")
    datas = ({}, {"name": "钱芳", "roles": ["washer"]})
    app.test_client_class = FlaskClient
    user_id, role_id = user.id, role.id
    session.remove()
    ready, told = threading.Barrier(2), []

    def press(cookie: str, url: str, data: dict[str, object]) -> None:
        browser = app.test_client(use_cookies=False)
        ready.wait()
        told.append(browser.post(url, data=data, headers={"Cookie": cookie}).status_code)

    presses = [
        threading.Thread(target=press, args=each) for each in zip(cookies, urls, datas, strict=True)
    ]
    for each in presses:
        each.start()
    for each in presses:
        each.join()
    held = session.get_one(User, user_id).is_(RoleName.WASHER)
    assert held == (session.get_one(Role, role_id).retired_at is None)
    assert told.count(302) == 1


def test_a_new_permission_comes_to_presets_and_never_to_own_roles(manager: User) -> None:
    made = roles.copy(get_role(RoleName.SERVICE_MANAGER), "副经理", "Deputy", by=manager, at=AT)
    made.permissions = ["view_orders"]
    session.flush()
    known = session.get_one(KnownPermission, P.READ_AUDIT.value)
    session.delete(known)
    role = get_role(RoleName.ADMINISTRATOR)
    role.permissions = ["manage_staff"]
    assert granting.learn_permissions(at=AT) == [P.READ_AUDIT]
    assert role.permissions == ["manage_staff", "read_audit"]
    assert made.permissions == ["view_orders"]


# ---- Pages ----


def test_the_matrix_shows_what_each_role_may(manager: User, sign_in: SignInAs) -> None:
    shown = sign_in(manager).get("/staff/roles").text
    ticks = sum(len(each) for each in PRESETS.values())
    assert shown.count('aria-label="Yes"') == ticks
    assert "Nobody checks the quality of a car that they have worked on themselves." in shown
    assert shown.count("/staff/roles/") >= len(RoleName)


def test_the_page_of_a_role_saves_what_is_ticked(manager: User, sign_in: SignInAs) -> None:
    number = get_role(RoleName.WASHER).id
    desk = sign_in(manager)
    opened = desk.get(f"/staff/roles/{number}").text
    assert re.findall(r'name="permissions" value="(\w+)" checked', opened) == ["wash"]
    answer = desk.post(f"/staff/roles/{number}", data={"permissions": ["wash", "check_gate"]})
    assert answer.status_code == 302
    assert get_role(RoleName.WASHER).permissions == ["check_gate", "wash"]
    refused = desk.post(f"/staff/roles/{get_role(RoleName.SERVICE_MANAGER).id}", data={})
    assert refused.status_code == 409
    assert "Somebody must be left who manages the staff." in refused.text


def test_a_copy_is_made_and_named_on_the_page(manager: User, sign_in: SignInAs) -> None:
    desk = sign_in(manager)
    number = get_role(RoleName.WASHER).id
    assert desk.post(f"/staff/roles/{number}/copy", data={}).status_code == 422
    data = {"copy-name_zh": "夜班", "copy-name_en": "Night"}
    made = desk.post(f"/staff/roles/{number}/copy", data=data).headers["Location"]
    assert "夜班 / Night" in desk.get(made).text
    assert "夜班 / Night" in desk.get("/staff").text
    desk.post(f"{made}/retire")
    assert "夜班 / Night" not in desk.get("/staff").text
    assert "Retired roles" in desk.get("/staff/roles").text


def test_what_a_person_may_do_is_explained(manager: User, sign_in: SignInAs) -> None:
    user = staff.create_user(
        "qian", "钱芳", [RoleName.CASHIER, RoleName.WASHER], manager.branch_id, at=AT
    )
    session.flush()
    told = {
        right.words.label: right.given_by for _, found in page.list_rights(user) for right in found
    }
    assert [each.name for each in told["Settle"]] == ["cashier"]
    assert [each.name for each in told["Wash"]] == ["washer"]
    shown = sign_in(manager).get(f"/staff/{user.id}/rights").text
    assert "Make the bill, take payments and note invoices." in shown
    assert "Not allowed by any of the roles" in shown


def test_a_refusal_says_who_may(manager: User, sign_in: SignInAs) -> None:
    washer = make_user(RoleName.WASHER)
    washer.locale = "en"
    answer = sign_in(washer).get("/staff")
    assert answer.status_code == 403
    said = "Your role does not allow this. These roles may: Service manager, Administrator."
    assert said in answer.text
    assert "周敏" in answer.text


def test_holders_are_counted_without_who_left(manager: User) -> None:
    for number in range(4):
        make_user(RoleName.ADMINISTRATOR, name=f"管理员{number}")
    make_user(RoleName.ADMINISTRATOR, name="离职").active = False
    make_user(RoleName.ADMINISTRATOR, name="西店", branch=make_branch("west"))
    session.flush()
    held = session.scalar(select(func.count(Role.id)).where(Role.retired_at.is_(None)))
    assert held == len(RoleName)
    assert queries.count_holders()[get_role(RoleName.ADMINISTRATOR).id] == 5


def test_every_permission_opens_a_page_or_is_asked_for_by_a_rule(app: Flask) -> None:
    """A right that nothing asks for is a promise on the page of roles that nobody keeps."""
    declared = [access.declared(rule.endpoint, app) for rule in app.url_map.iter_rules()]
    everybody = frozenset(Permission)
    used = {
        each
        for wanted in declared
        if isinstance(wanted, frozenset) and wanted != everybody
        for each in wanted
    }
    root = Path(workshop.__file__).parent
    asked = re.compile(r"(?:may|require_permission|instead)\([^()]*\b(?:Permission|_?P)\.([A-Z_]+)")
    for path in root.rglob("*.py"):
        used |= {Permission[name] for name in asked.findall(path.read_text(encoding="utf-8"))}
    assert set(Permission) - used == set()
