"""Codes of an app, recovery codes, and the way back when the phone is lost."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.databases import Database
from tests.factories import AT, begin_session, make_branch, make_user
from tests.guards.rows import put
from workshop.db import session
from workshop.errors import Invalid, NotAllowed, NotFound, RuleBroken
from workshop.staff import service as staff
from workshop.staff.models import AuditEntry, Role, User
from workshop.staff.permissions import RoleName
from workshop.staff.second_factor import service as factors
from workshop.staff.second_factor.adapters import hash_code
from workshop.staff.second_factor.models import Passkey
from workshop.staff.sessions import service as sessions

SignInAs = Callable[[User], FlaskClient]
PASSWORD = "a long password"
ENGLISH = {"Accept-Language": "en"}


def make_cashier() -> User:
    user = staff.create_user(
        "qian", "钱芳", [RoleName.CASHIER], make_branch().id, at=AT, password=PASSWORD
    )
    user.locale = "en"
    return user


def library(app: Flask) -> Any:
    return app.extensions["security"]


def secure(app: Flask, user: User) -> None:
    """The person has set up an app, and kept one recovery code."""
    user.tf_primary_method = factors.METHOD
    user.tf_totp_secret = library(app).totp_factory.generate_totp_secret()
    user.mf_recovery_codes = [hash_code("1a2b-3c4d-5e6f")]


def code_of(app: Flask, user: User) -> str:
    return str(library(app).totp_factory.generate_totp_password(user.tf_totp_secret))


def give_password(browser: FlaskClient) -> str:
    data = {"username": "qian", "password": PASSWORD}
    return browser.post("/sign-in", data=data, headers=ENGLISH).headers["Location"]


def is_in(browser: FlaskClient) -> bool:
    return browser.get("/account").status_code == 200


def fresh(browser: FlaskClient) -> FlaskClient:
    with browser.session_transaction() as kept:
        kept["fs_paa"] = time.time_ns() // 10**9
    return browser


# ---- Signing in ----


def test_the_password_alone_lets_nobody_in(
    database: Database, client: FlaskClient, app: Flask
) -> None:
    user = make_cashier()
    secure(app, user)
    assert give_password(client).startswith("/sign-in/code")
    assert not is_in(client)
    assert "Now enter the six digits" in client.get("/sign-in/code", headers=ENGLISH).text
    client.post("/sign-in/code", data={"code": code_of(app, user)})
    assert is_in(client)


def test_a_code_is_good_once(database: Database, client: FlaskClient, app: Flask) -> None:
    user = make_cashier()
    secure(app, user)
    code = code_of(app, user)
    give_password(client)
    client.post("/sign-in/code", data={"code": code})
    other = app.test_client()
    give_password(other)
    answer = other.post("/sign-in/code", data={"code": code}, headers=ENGLISH)
    assert "This code does not fit." in answer.text
    assert not is_in(other)


def test_wrong_codes_make_wait(database: Database, client: FlaskClient, app: Flask) -> None:
    user = make_cashier()
    secure(app, user)
    give_password(client)
    for _ in range(5):
        client.post("/sign-in/code", data={"code": "000000"})
    answer = client.post("/sign-in/code", data={"code": code_of(app, user)}, headers=ENGLISH)
    assert "Too many tries. Wait 30 seconds" in answer.text
    assert not is_in(client)


def test_a_recovery_code_lets_in_once_and_is_on_the_record(
    database: Database, client: FlaskClient, app: Flask
) -> None:
    user = make_cashier()
    secure(app, user)
    give_password(client)
    wrong = client.post("/sign-in/recovery", data={"code": "0000-0000-0000"}, headers=ENGLISH)
    assert "This code does not fit." in wrong.text
    client.post("/sign-in/recovery", data={"code": "1A2B 3C4D 5E6F"})
    assert is_in(client)
    assert user.mf_recovery_codes == []
    line = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "staff.use_recovery_code")
    ).one()
    assert (line.by_id, line.details) == (user.id, {"left": 0})
    other = app.test_client()
    give_password(other)
    other.post("/sign-in/recovery", data={"code": "1a2b-3c4d-5e6f"})
    assert not is_in(other)


# ---- Setting it up ----


def test_an_app_is_set_up_behind_the_password(
    database: Database, sign_in: SignInAs, app: Flask
) -> None:
    user = make_cashier()
    browser = sign_in(user)
    assert browser.get("/account/second-factor").headers["Location"] == "/account/confirm"
    assert browser.post("/account/second-factor/app").status_code == 403
    wrong = browser.post("/account/confirm", data={"password": "wrong"})
    assert wrong.status_code == 422
    browser.post("/account/confirm", data={"password": PASSWORD})
    browser.post("/account/second-factor/app")
    page = browser.get("/account/second-factor").text
    assert "data:image/svg+xml" in page
    with browser.session_transaction() as kept:
        secret = kept["new_app_secret"]
    assert browser.post("/account/second-factor/code", data={"code": "000000"}).status_code == 422
    assert not factors.is_set_up(user)
    code = library(app).totp_factory.generate_totp_password(secret)
    shown = browser.post("/account/second-factor/code", data={"code": code})
    # then the recovery codes are shown, once, and only hashes are kept
    codes = re.findall(r"<li>([0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4})</li>", shown.text)
    assert len(codes) == 10
    assert user.mf_recovery_codes == [hash_code(each) for each in codes]
    assert codes[0] not in browser.get("/account/second-factor").text
    assert factors.is_set_up(user)


def test_new_recovery_codes_take_the_place_of_the_old_ones(
    database: Database, sign_in: SignInAs, app: Flask
) -> None:
    user = make_cashier()
    secure(app, user)
    browser = fresh(sign_in(user))
    assert browser.post("/account/second-factor/codes").status_code == 200
    assert len(user.mf_recovery_codes or []) == 10
    assert hash_code("1a2b-3c4d-5e6f") not in (user.mf_recovery_codes or [])


def test_codes_without_a_second_factor_are_refused(database: Database) -> None:
    with pytest.raises(RuleBroken):
        factors.make_recovery_codes(make_cashier(), lambda: ["a"], at=AT)


def test_a_role_may_ask_for_it(database: Database, sign_in: SignInAs, app: Flask) -> None:
    user = make_cashier()
    role = session.scalars(select(Role).where(Role.name == "cashier")).one()
    role.needs_second_factor = True
    browser = fresh(sign_in(user))
    # then only the page that sets it up opens
    assert browser.get("/settlement").headers["Location"] == "/account/second-factor"
    assert "Set up the codes of an app to go on." in browser.get("/account/second-factor").text
    # and with it the work goes on, and it cannot be switched off
    secure(app, user)
    assert browser.get("/settlement").status_code == 200
    with pytest.raises(RuleBroken):
        factors.switch_off(user, at=AT)
    role.needs_second_factor = False
    browser.post("/account/second-factor/off")
    assert not factors.is_set_up(user)


# ---- The lost phone ----


def test_a_manager_resets_it_with_a_reason_and_the_person_is_told(
    database: Database, client: FlaskClient, sign_in: SignInAs, app: Flask
) -> None:
    # given
    user, manager = make_cashier(), make_user(RoleName.SERVICE_MANAGER)
    secure(app, user)
    put("passkey", user_id=user.id, name="手机")
    begin_session(user)
    desk = sign_in(manager)
    url = f"/staff/{user.id}/reset-second-factor"
    assert desk.post(url, data={"reset-reason": " "}).status_code == 422
    # when
    assert desk.post(url, data={"reset-reason": "手机丢失"}).status_code == 302
    # then
    assert not factors.is_set_up(user)
    assert session.scalars(select(Passkey)).all() == []
    assert sessions.list_live(user, at=AT) == []
    other = app.test_client()
    give_password(other)
    assert "Your second factor was reset: 手机丢失" in other.get("/account").text
    assert "手机丢失" not in other.get("/account").text


def test_nobody_resets_their_own_or_that_of_another_branch(database: Database) -> None:
    manager = make_user(RoleName.SERVICE_MANAGER)
    with pytest.raises(RuleBroken):
        factors.reset(manager, "x", by=manager, at=AT)
    with pytest.raises(NotAllowed):
        factors.reset(manager, "x", by=make_cashier(), at=AT)
    west = make_user(RoleName.CASHIER, branch=make_branch("west"))
    with pytest.raises(NotFound):
        factors.reset(west, "x", by=manager, at=AT)
    with pytest.raises(Invalid):
        factors.reset(make_user(RoleName.WASHER), "", by=manager, at=AT)


# ---- Passkeys (the rest of them is tried in a real browser) ----


def test_a_passkey_is_added_only_behind_the_password(database: Database, sign_in: SignInAs) -> None:
    browser = sign_in(make_cashier())
    asked = {"name": "my phone", "usage": "first"}
    headers = {"Accept": "application/json"}
    refused = browser.post("/account/passkeys", data=asked, headers=headers)
    assert refused.status_code == 401
    given = fresh(browser).post("/account/passkeys", data=asked, headers=headers)
    assert given.status_code == 200
    options = (given.json or {})["response"]["credential_options"]
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["authenticatorSelection"]["residentKey"] == "required"


def test_one_removes_only_ones_own_passkeys(database: Database) -> None:
    user, other = make_cashier(), make_user(RoleName.WASHER)
    session.flush()
    number = put("passkey", user_id=user.id, name="手机")
    with pytest.raises(NotFound):
        factors.remove_passkey(other, number, at=AT)
    factors.remove_passkey(user, number, at=AT)
    session.flush()
    assert user.webauthn == []


def test_asking_for_a_passkey_tells_nothing_of_names(
    database: Database, client: FlaskClient
) -> None:
    make_cashier()
    headers = {"Accept": "application/json"}
    for name in ("qian", "nobody"):
        answer = client.post("/sign-in/passkey", data={"identity": name}, headers=headers)
        options = (answer.json or {})["response"]["credential_options"]
        assert options["allowCredentials"] == []
        assert options["userVerification"] == "required"
