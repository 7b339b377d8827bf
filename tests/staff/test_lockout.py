"""Who fails often waits, and nobody can make somebody else wait."""

from __future__ import annotations

import re
import threading
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security.utils import hash_password
from sqlalchemy import select

from tests.databases import Database
from tests.factories import AT, make_branch, make_user
from workshop import clock, db
from workshop.db import session
from workshop.errors import NotAllowed
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.staff.sessions import lockout, rules
from workshop.staff.sessions.models import SignInFailure

PASSWORD = "a long password"


def make_cashier() -> User:
    return staff.create_user(
        "qian", "钱芳", [RoleName.CASHIER], make_branch().id, at=AT, password=PASSWORD
    )


def try_in(
    client: FlaskClient, name: str = "qian", password: str = "wrong", address: str = "10.0.0.9"
) -> str:
    """The error that the page shows; empty when it let the person in."""
    answer = client.post(
        "/sign-in",
        data={"username": name, "password": password},
        environ_base={"REMOTE_ADDR": address},
        headers={"Accept-Language": "en"},
    )
    if answer.status_code == 302:
        return ""
    found = re.search(r'role="alert".*?<li>(.*?)</li>', answer.text, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    ("failures", "wait"),
    [(0, 0), (4, 0), (5, 30), (6, 60), (8, 240), (11, 1800), (500, 1800)],
)
def test_the_wait_doubles_from_the_fifth_failure_on(failures: int, wait: int) -> None:
    assert rules.wait_after(failures) == timedelta(seconds=wait)


def test_failures_of_yesterday_count_no_more() -> None:
    assert not rules.wait_left(500, AT - timedelta(hours=25), AT)
    assert rules.wait_left(500, AT - timedelta(minutes=10), AT) == timedelta(minutes=20)


def test_a_name_that_nobody_has_waits_like_any_other(
    database: Database, client: FlaskClient
) -> None:
    make_cashier()
    told = {name: [try_in(client, name) for _ in range(6)] for name in ("qian", "nobody")}
    assert told["qian"] == told["nobody"]
    assert told["qian"][0] == "Name and password do not fit together."
    assert told["qian"][5].startswith("Too many tries. Wait 30 seconds")


def test_the_right_password_does_not_help_while_one_waits(
    database: Database, client: FlaskClient
) -> None:
    make_cashier()
    for _ in range(5):
        try_in(client)
    assert "Wait" in try_in(client, password=PASSWORD)
    clock.freeze(AT + timedelta(seconds=31))
    assert try_in(client, password=PASSWORD) == ""
    assert session.scalars(select(SignInFailure)).all() == []


def test_a_stranger_makes_only_their_own_place_wait(
    database: Database, client: FlaskClient, app: Flask
) -> None:
    # given: the person has signed in on this device before
    make_cashier()
    assert try_in(client, password=PASSWORD, address="10.0.0.1") == ""
    client.post("/sign-out")
    # when: a stranger fails, from elsewhere and from behind the same address
    stranger = app.test_client()
    for address in ("10.6.6.6", "10.0.0.1"):
        for _ in range(8):
            try_in(stranger, address=address)
        assert "Wait" in try_in(stranger, password=PASSWORD, address=address)
    # then
    assert try_in(client, password=PASSWORD, address="10.0.0.1") == ""
    assert try_in(app.test_client(), password=PASSWORD, address="10.0.0.2") == ""


def test_a_cookie_of_somebody_else_or_a_made_up_one_is_no_known_device(
    database: Database, client: FlaskClient, app: Flask
) -> None:
    make_cashier()
    other = make_user(RoleName.WASHER)
    other.password = hash_password(PASSWORD)
    assert try_in(client, other.username, PASSWORD) == ""
    client.post("/sign-out")
    for _ in range(5):
        try_in(client)
    assert "Wait" in try_in(client, password=PASSWORD)
    forger = app.test_client()
    forger.set_cookie("workshop_known", '["x",1,2,3].signature')
    assert "Wait" in try_in(forger, password=PASSWORD)


def test_the_manager_lets_somebody_try_again(database: Database, client: FlaskClient) -> None:
    user, manager = make_cashier(), make_user(RoleName.SERVICE_MANAGER)
    for _ in range(5):
        try_in(client)
    assert lockout.count_waiting(user, at=AT) == 1
    with pytest.raises(NotAllowed):
        lockout.unlock(user, by=user, at=AT)
    lockout.unlock(user, by=manager, at=AT)
    assert lockout.count_waiting(user, at=AT) == 0
    assert try_in(client, password=PASSWORD) == ""


def test_many_tries_at_once_count_one_by_one(database: Database, app: Flask) -> None:
    # given
    make_cashier()
    db.commit()
    told: list[str] = []
    app.test_client_class = FlaskClient

    def press() -> None:
        told.append(try_in(app.test_client()))

    # when
    presses = [threading.Thread(target=press) for _ in range(8)]
    for each in presses:
        each.start()
    for each in presses:
        each.join()
    # then: no more guesses than one by one
    assert sum(each.startswith("Name and password") for each in told) == rules.FREE_TRIES
    assert sum("Wait" in each for each in told) == 8 - rules.FREE_TRIES
    db.rollback()
    assert session.scalars(select(SignInFailure.count)).one() == rules.FREE_TRIES
