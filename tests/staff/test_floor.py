"""Shared devices: pairing, PINs, and how little such a session opens."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security.utils import hash_password
from sqlalchemy import select

from tests.databases import Database
from tests.factories import AT, become, make_branch, make_technician, make_user
from workshop import clock
from workshop.db import session
from workshop.errors import Invalid, NotAllowed, NotFound, RuleBroken
from workshop.staff import access
from workshop.staff import service as staff
from workshop.staff.floor import pins, queries
from workshop.staff.floor import service as floor
from workshop.staff.floor.models import FloorDevice
from workshop.staff.models import User
from workshop.staff.permissions import FLOOR_REACH, Permission, RoleName
from workshop.staff.sessions.models import SignIn, SignInWay

SignInAs = Callable[[User], FlaskClient]
PASSWORD = "a long password"
PIN = "480317"


def make_mechanic(name: str = "赵强") -> User:
    user = make_technician().user
    user.display_name, user.locale = name, "en"
    user.password = hash_password(PASSWORD)
    pins.set_pin(user, PASSWORD, PIN, at=AT)
    return user


def make_device(by: User) -> tuple[FloorDevice, str]:
    device, token = floor.offer(None, at=AT)
    floor.pair(device.pairing_code or "", "3号工位", by=by, at=AT)
    return device, token


@pytest.fixture
def manager(database: Database) -> User:
    manager = make_user(RoleName.SERVICE_MANAGER)
    manager.locale = "en"
    return manager


@pytest.fixture
def tablet(manager: User, client: FlaskClient) -> FlaskClient:
    """A paired tablet that nobody is signed in on."""
    _, token = make_device(manager)
    client.set_cookie("workshop_floor", token)
    return client


def enter(tablet: FlaskClient, user: User, pin: str = PIN) -> int:
    headers = {"Accept-Language": "en"}
    data = {"person": str(user.id), "pin": pin}
    return tablet.post("/floor/enter", data=data, headers=headers).status_code


# ---- Pairing ----


def test_a_device_is_paired_by_the_code_that_it_shows(
    manager: User, client: FlaskClient, app: Flask
) -> None:
    assert "Show a code" in client.get("/floor", headers={"Accept-Language": "en"}).text
    client.post("/floor/offer")
    code = re.search(r"floor-code mono\">(\w{6})<", client.get("/floor").text)
    assert code is not None
    # when the manager enters it at the desk
    desk = become(app.test_client(), manager)
    assert code[1] in desk.get(f"/devices?code={code[1]}").text
    data = {"code": code[1].lower(), "name": "3号工位"}
    assert desk.post("/devices", data=data).status_code == 302
    # then the device shows who may sign in, and the desk shows the device
    assert "3号工位" in client.get("/floor").text
    assert 'value="3号工位"' in desk.get("/devices").text
    assert desk.post("/devices", data=data).status_code == 422


def test_only_who_may_pairs_renames_and_revokes(manager: User) -> None:
    device, _ = make_device(manager)
    advisor = make_user(RoleName.SERVICE_ADVISOR)
    for act in (
        lambda: floor.pair("ABCDEF", "x", by=advisor, at=AT),
        lambda: floor.rename(device, "x", by=advisor, at=AT),
        lambda: floor.revoke(device, by=advisor, at=AT),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_code_is_good_for_an_hour(manager: User) -> None:
    device, _ = floor.offer(None, at=AT)
    with pytest.raises(Invalid):
        floor.pair(device.pairing_code or "", "x", by=manager, at=AT + timedelta(hours=1))
    floor.pair(device.pairing_code or "", "x", by=manager, at=AT + timedelta(minutes=59))


def test_too_many_offers_are_refused_and_old_ones_forgotten(database: Database) -> None:
    for _ in range(30):
        floor.offer(None, at=AT)
    with pytest.raises(RuleBroken):
        floor.offer(None, at=AT)
    floor.offer(None, at=AT + timedelta(hours=2))


def test_a_device_of_another_branch_is_not_found(manager: User) -> None:
    device, _ = make_device(make_user(RoleName.SERVICE_MANAGER, branch=make_branch("west")))
    with pytest.raises(NotFound):
        queries.get_device(manager.branch_id, device.id)


# ---- PINs ----


@pytest.mark.parametrize("pin", ["123", "1234567", "12a4", "", "1111", "1234", "1990", "987654"])
def test_a_pin_that_is_no_pin_or_tried_first_is_refused(database: Database, pin: str) -> None:
    user = make_mechanic()
    with pytest.raises(Invalid):
        pins.set_pin(user, PASSWORD, pin, at=AT)


def test_a_pin_asks_for_the_password_and_for_work_on_cars(manager: User) -> None:
    with pytest.raises(Invalid):
        pins.set_pin(make_mechanic(), "wrong", PIN, at=AT)
    with pytest.raises(NotAllowed):
        pins.set_pin(manager, PASSWORD, PIN, at=AT)


def test_the_account_page_sets_and_removes_the_pin(database: Database, sign_in: SignInAs) -> None:
    user = make_mechanic()
    user.pin_hash = None
    phone = sign_in(user)
    data = {"pin-old": PASSWORD, "pin-pin": "４８０３", "pin-again": "4803"}
    assert phone.post("/account/pin", data=data | {"pin-again": "1"}).status_code == 422
    assert phone.post("/account/pin", data=data).status_code == 302
    assert user.pin_hash is not None
    phone.post("/account/pin/remove")
    assert user.pin_hash is None


def test_a_name_and_a_pin_lead_to_the_own_jobs(tablet: FlaskClient) -> None:
    user = make_mechanic()
    assert "赵强" in tablet.get("/floor").text
    assert enter(tablet, user) == 302
    assert tablet.get("/").headers["Location"] == "/my-jobs"
    assert tablet.get("/my-jobs").status_code == 200
    begun = session.scalars(select(SignIn)).one()
    assert (begun.way, begun.user_id) == (SignInWay.PIN, user.id)
    assert begun.device is not None
    assert begun.device.last_seen_at == AT


def test_wrong_pins_make_wait_on_this_device_and_for_this_person_only(
    tablet: FlaskClient, manager: User, app: Flask
) -> None:
    user, other = make_mechanic(), make_mechanic("孙伟")
    for _ in range(5):
        assert enter(tablet, user, "9999") == 422
    answer = tablet.post("/floor/enter", data={"person": str(user.id), "pin": PIN})
    assert answer.status_code == 403
    assert enter(tablet, other) == 302
    second = app.test_client()
    second.set_cookie("workshop_floor", make_device(manager)[1])
    assert enter(second, user) == 302
    clock.freeze(AT + timedelta(seconds=31))
    assert enter(tablet, user) == 302


def test_a_pin_is_worth_nothing_without_a_paired_device(
    database: Database, client: FlaskClient
) -> None:
    user = make_mechanic()
    assert enter(client, user) == 302
    assert client.get("/my-jobs").headers["Location"].startswith("/sign-in")


def test_people_of_another_branch_or_without_a_pin_are_not_on_the_device(
    tablet: FlaskClient, manager: User
) -> None:
    none = make_technician().user
    west = make_technician(branch=make_branch("west")).user
    west.pin_hash = make_mechanic().pin_hash
    assert enter(tablet, none) == 422
    assert enter(tablet, west) == 422
    assert tablet.get("/my-jobs").status_code == 302


def test_who_takes_the_device_puts_the_other_one_out(tablet: FlaskClient) -> None:
    first, second = make_mechanic(), make_mechanic("孙伟")
    enter(tablet, first)
    enter(tablet, second)
    living = session.scalars(select(SignIn).where(SignIn.ended_at.is_(None))).all()
    assert [each.user_id for each in living] == [second.id]
    assert "孙伟" in tablet.get("/my-jobs").text


def test_a_revoked_device_is_out_at_once(tablet: FlaskClient, manager: User) -> None:
    user = make_mechanic()
    enter(tablet, user)
    floor.revoke(session.scalars(select(FloorDevice)).one(), by=manager, at=AT)
    assert tablet.get("/my-jobs").status_code == 302
    assert "赵强" not in tablet.get("/floor").text


def test_the_session_ends_with_the_shift(tablet: FlaskClient) -> None:
    enter(tablet, make_mechanic())
    clock.freeze(AT + timedelta(hours=13))
    assert tablet.get("/my-jobs").status_code == 302


def test_a_session_by_pin_opens_the_floors_pages_and_nothing_else(
    tablet: FlaskClient, app: Flask
) -> None:
    # given: somebody whose roles would open everything
    user = make_mechanic()
    user.roles = staff.list_roles(list(RoleName))
    enter(tablet, user)
    # when, then
    for rule in app.url_map.iter_rules():
        wanted = access.declared(rule.endpoint, app)
        if not isinstance(wanted, frozenset):
            continue
        address = re.sub(r"<(int:)?[^>]+>", lambda m: "1" if m.group(1) else "x", rule.rule)
        method = "GET" if "GET" in (rule.methods or set()) else "POST"
        status = tablet.open(address, method=method).status_code
        is_everybodys = wanted == frozenset(Permission)
        if is_everybodys:
            expected = rule.endpoint in {"desk.home", "desk.attachment", "desk.changes"}
        else:
            expected = wanted <= FLOOR_REACH
        assert (status != 403) is expected, f"{method} {address}: {status}"
