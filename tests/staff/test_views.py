"""Signing in, signing out, and the language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import make_branch, make_user
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import RoleName

SignIn = Callable[[User], FlaskClient]
PASSWORD = "a long password"


def make_cashier(at: datetime) -> User:
    return staff.create_user(
        "qian", "钱芳", [RoleName.CASHIER], make_branch().id, at=at, password=PASSWORD
    )


@pytest.mark.parametrize("name", ["qian", "QIAN", " ｑｉａｎ "])
def test_the_sign_in_name_is_read_kindly(
    database: Database, client: FlaskClient, at: datetime, name: str
) -> None:
    make_cashier(at)
    answer = client.post("/sign-in", data={"username": name, "password": PASSWORD})
    assert answer.status_code == 302
    assert "钱芳" in client.get("/").text


@pytest.mark.parametrize(("name", "password"), [("qian", "wrong"), ("nobody", PASSWORD)])
def test_a_wrong_name_and_a_wrong_password_look_alike(
    database: Database, client: FlaskClient, at: datetime, name: str, password: str
) -> None:
    make_cashier(at)
    answer = client.post("/sign-in", data={"username": name, "password": password})
    assert answer.status_code in (200, 422)
    assert name in answer.text
    assert client.get("/").status_code == 302


def test_who_has_left_cannot_sign_in(database: Database, client: FlaskClient, at: datetime) -> None:
    make_cashier(at).active = False
    client.post("/sign-in", data={"username": "qian", "password": PASSWORD})
    assert client.get("/").status_code == 302


def test_a_new_password_ends_all_sessions(
    database: Database, sign_in: SignIn, at: datetime
) -> None:
    user = make_user(RoleName.CASHIER)
    browser = sign_in(user)
    assert browser.get("/").status_code == 200
    staff.set_password(user, "another long password", at=at)
    assert browser.get("/").status_code == 302


def test_signing_out_needs_a_post(database: Database, sign_in: SignIn) -> None:
    browser = sign_in(make_user(RoleName.CASHIER))
    assert browser.get("/sign-out").headers["Location"] == "/"
    assert browser.get("/").status_code == 200
    browser.post("/sign-out")
    assert browser.get("/").status_code == 302


def test_the_language_is_remembered_for_the_user(database: Database, sign_in: SignIn) -> None:
    user = make_user(RoleName.CASHIER)
    browser = sign_in(user)
    answer = browser.post("/language", data={"locale": "en", "next": "/settlement"})
    assert answer.headers["Location"] == "/settlement"
    assert user.locale == "en"
    assert '<html lang="en"' in browser.get("/").text


def test_an_unknown_language_is_refused(database: Database, sign_in: SignIn) -> None:
    answer = sign_in(make_user(RoleName.CASHIER)).post("/language", data={"locale": "xx"})
    assert answer.status_code == 422


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_the_way_back_stays_on_this_site(
    database: Database, client: FlaskClient, target: str
) -> None:
    answer = client.post("/language", data={"locale": "en", "next": target})
    assert answer.headers["Location"] == "/"


def test_a_stranger_gets_the_language_of_the_browser(
    database: Database, client: FlaskClient
) -> None:
    zh = client.get("/sign-in", headers={"Accept-Language": "zh-TW,zh;q=0.9"}).text
    en = client.get("/sign-in", headers={"Accept-Language": "en-GB"}).text
    assert "登录" in zh
    assert "Sign in" in en


def test_every_page_carries_the_headers_that_protect_it(
    database: Database, client: FlaskClient
) -> None:
    headers = client.get("/sign-in").headers
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in headers["Cache-Control"]


def test_a_page_without_its_form_token_is_refused_in_words(
    database: Database, sign_in: SignIn
) -> None:
    user = make_user(RoleName.CASHIER)
    user.locale = "en"
    browser = sign_in(user)
    browser.application.config["WTF_CSRF_ENABLED"] = True
    answer = browser.post("/language", data={"locale": "en"})
    assert answer.status_code == 403
    assert "too old to be sent" in answer.text
