"""Everybody's own page: the password, and how hard it is to guess."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import AT, begin_session, make_branch
from workshop.errors import Invalid
from workshop.staff import service as staff
from workshop.staff import strength
from workshop.staff.account import passwords
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.staff.sessions import service as sessions

SignInAs = Callable[[User], FlaskClient]
OLD, NEW = "a long password", "tyre rotate lemon"


def make_cashier() -> User:
    user = staff.create_user(
        "qianfang", "钱芳", [RoleName.CASHIER], make_branch().id, at=AT, password=OLD
    )
    user.locale = "en"
    return user


def send(browser: FlaskClient, old: str = OLD, new: str = NEW, again: str | None = None) -> str:
    data = {"old": old, "password": new, "again": new if again is None else again}
    answer = browser.post("/account/password", data=data)
    return (browser.get("/account") if answer.status_code == 302 else answer).text


def test_a_new_password_ends_all_other_sessions(database: Database, sign_in: SignInAs) -> None:
    user = make_cashier()
    begin_session(user)
    browser = sign_in(user)
    assert "Your password is changed. 1 other session has ended." in send(browser)
    assert browser.get("/account").status_code == 200
    assert len(sessions.list_live(user, at=AT)) == 1
    assert user.verify_and_update_password(NEW)


@pytest.mark.parametrize(
    ("old", "new", "again", "told"),
    [
        ("wrong", NEW, NEW, "This is not your password."),
        (OLD, OLD, OLD, "This is the password that you have already."),
        (OLD, NEW, "another", "The two passwords differ."),
        (OLD, "12345678901", "12345678901", "It is close to one that many people use."),
        (OLD, "", "", "Enter a password."),
    ],
)
def test_what_is_refused_is_said_in_words(
    database: Database, sign_in: SignInAs, old: str, new: str, again: str, told: str
) -> None:
    user = make_cashier()
    assert told in send(sign_in(user), old, new, again)
    assert user.verify_and_update_password(OLD)


def test_the_names_of_the_person_and_the_shop_are_guessed_first(database: Database) -> None:
    user = make_cashier()
    assert strength.judge("qianfang1990").is_enough
    assert not passwords.judge(user, "qianfang1990").is_enough
    assert strength.judge("hongqiao77").is_enough
    assert not passwords.judge(user, "hongqiao77", ["Hongqiao Motors"]).is_enough
    with pytest.raises(Invalid) as refused:
        passwords.choose(user, "qianfang1990", at=AT)
    assert (refused.value.field, refused.value.code) == ("password", "weak_password")


def test_the_meter_answers_as_the_shop_will_decide(database: Database, sign_in: SignInAs) -> None:
    browser = sign_in(make_cashier())
    weak = browser.post("/account/strength", data={"password": "qwertyuiop"}).json
    assert weak is not None
    assert (weak["score"], weak["enough"]) == (0, False)
    assert weak["words"] == "Guessed at once"
    strong = browser.post("/account/strength", data={"password": NEW}).json
    assert strong == {"score": 4, "words": "Very hard to guess", "advice": "", "enough": True}


@pytest.mark.parametrize(
    "blanks",
    [
        " " * 10,
        "\u3000 " * 5,
        "\u200b" * 12,
        " \u2003\u200b\xa0\u3000 \u2009\u2002\u200a\xa0",
        "\t \n \t  \n ",
    ],
)
def test_blanks_are_no_password(blanks: str) -> None:
    assert strength.judge(blanks).score == 0


def test_a_very_long_password_is_judged_and_not_refused() -> None:
    assert strength.judge("tyre rotate lemon " * 20).is_enough
    assert strength.judge("").score == 0


def test_the_page_is_in_both_languages(database: Database, sign_in: SignInAs) -> None:
    user = make_cashier()
    assert "Where I am signed in" in sign_in(user).get("/account").text
    user.locale = "zh_CN"
    page = sign_in(user).get("/account").text
    assert "我的登录设备" in page
    assert 'href="/account"' in page
