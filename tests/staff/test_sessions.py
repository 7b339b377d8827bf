"""A session lives on the server: who signs out or is signed out leaves no cookie that opens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from tests.databases import Database
from tests.factories import AT, begin_session, make_branch, make_user
from workshop import clock
from workshop.db import session
from workshop.errors import NotAllowed, NotFound
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.staff.sessions import rules
from workshop.staff.sessions import service as sessions
from workshop.staff.sessions.models import SignIn, SignInWay

SignInAs = Callable[[User], FlaskClient]
PASSWORD = "a long password"
PHONE = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Mobile Safari/537.36"
)


def make_cashier() -> User:
    return staff.create_user(
        "qian", "钱芳", [RoleName.CASHIER], make_branch().id, at=AT, password=PASSWORD
    )


def sign_in_by_hand(client: FlaskClient) -> None:
    data = {"username": "qian", "password": PASSWORD, "remember": "y"}
    answer = client.post("/sign-in", data=data, headers={"User-Agent": PHONE})
    assert answer.status_code == 302


def copy_cookies(of: FlaskClient) -> FlaskClient:
    """Another browser with all cookies of this one, as one who stole them would have them."""
    thief = of.application.test_client()
    for name in ("session", "remember_token"):
        cookie = of.get_cookie(name)
        if cookie is not None:
            thief.set_cookie(name, cookie.value)
    return thief


def is_out(browser: FlaskClient) -> bool:
    answer = browser.get("/account")
    return answer.status_code == 302 and "/sign-in" in answer.headers["Location"]


def test_a_copied_cookie_dies_with_the_sign_out(database: Database, client: FlaskClient) -> None:
    make_cashier()
    sign_in_by_hand(client)
    thief = copy_cookies(client)
    assert not is_out(thief)
    client.post("/sign-out")
    assert is_out(thief)
    assert is_out(client)


def test_the_remembered_cookie_alone_opens_only_a_living_session(
    database: Database, client: FlaskClient
) -> None:
    make_cashier()
    sign_in_by_hand(client)
    thief = copy_cookies(client)
    thief.delete_cookie("session")
    assert not is_out(thief)
    client.post("/sign-out")
    thief.delete_cookie("session")
    assert is_out(thief)


def test_a_token_in_the_address_or_a_header_opens_nothing(
    database: Database, client: FlaskClient
) -> None:
    user = make_cashier()
    with client.application.test_request_context("/"):
        token = user.get_auth_token()
    assert client.get(f"/account?auth_token={token}").status_code == 302
    assert client.get("/account", headers={"Authentication-Token": token}).status_code == 302


def test_the_account_page_tells_where_one_is_signed_in(
    database: Database, client: FlaskClient
) -> None:
    user = make_cashier()
    user.locale = "en"
    sign_in_by_hand(client)
    sessions.begin(user, SignInWay.PASSWORD, at=AT, agent="Mozilla/5.0 (Windows NT 10.0) Firefox/1")
    page = client.get("/account", headers={"User-Agent": PHONE}).text
    assert "Phone · Android · Chrome" in page
    assert "Computer · Windows · Firefox" in page
    assert page.count("this one") == 1
    assert "127.0.0.1" in page


def test_one_ends_another_session_of_ones_own(
    database: Database, client: FlaskClient, sign_in: SignInAs
) -> None:
    user = make_cashier()
    sign_in_by_hand(client)
    other = copy_cookies(client)
    first = session.scalars(select(SignIn)).one().id
    mine = sign_in(user)
    assert mine.post(f"/account/sessions/{first}/end").status_code == 302
    assert is_out(other)
    assert not is_out(mine)


def test_all_others_end_and_this_one_stays(database: Database, sign_in: SignInAs) -> None:
    user = make_cashier()
    begin_session(user)
    begin_session(user)
    mine = sign_in(user)
    mine.post("/account/sessions/end-others")
    assert not is_out(mine)
    assert len(sessions.list_live(user, at=AT)) == 1


def test_nobody_ends_the_session_of_somebody_else(database: Database, sign_in: SignInAs) -> None:
    user, stranger = make_cashier(), make_user(RoleName.SERVICE_ADVISOR)
    begin_session(user)
    number = session.scalars(select(SignIn.id)).one()
    assert sign_in(stranger).post(f"/account/sessions/{number}/end").status_code == 404
    with pytest.raises(NotAllowed):
        sessions.revoke(user, number, by=stranger, at=AT)
    assert sessions.list_live(user, at=AT)


def test_the_manager_ends_the_sessions_of_a_person_of_the_branch(
    database: Database, sign_in: SignInAs, client: FlaskClient
) -> None:
    user, manager = make_cashier(), make_user(RoleName.SERVICE_MANAGER)
    begin_session(user)
    desk = sign_in(manager)
    assert "127.0.0.1" not in desk.get(f"/staff/{user.id}").text
    desk.post(f"/staff/{user.id}/sessions/end")
    assert not sessions.list_live(user, at=AT)
    assert desk.get("/account").status_code == 200
    west = make_user(RoleName.CASHIER, branch=make_branch("west"))
    with pytest.raises(NotFound):
        sessions.revoke_all(west, by=manager, at=AT)


def test_who_has_left_is_out_at_once(database: Database, sign_in: SignInAs) -> None:
    user = make_cashier()
    browser = sign_in(user)
    user.active = False
    assert is_out(browser)


def test_an_ended_session_never_lives_again(database: Database) -> None:
    user = make_cashier()
    begun, _ = sessions.begin(user, SignInWay.PASSWORD, at=AT)
    sessions.sign_out(begun, by=user, at=AT)
    session.flush()
    begun.ended_at = None
    with pytest.raises(DatabaseError, match="ended:sign_in"):
        session.flush()


def test_the_time_of_the_last_use_is_kept_by_ten_minutes(
    database: Database, sign_in: SignInAs
) -> None:
    browser = sign_in(make_cashier())
    clock.freeze(AT + timedelta(minutes=9))
    browser.get("/account")
    assert session.scalars(select(SignIn.seen_at)).one() == AT
    clock.freeze(AT + timedelta(minutes=11))
    assert browser.get("/account").status_code == 200
    assert session.scalars(select(SignIn.seen_at)).one() == AT + timedelta(minutes=11)


def test_sessions_of_long_ago_are_forgotten(database: Database) -> None:
    user = make_cashier()
    for days, ended in ((200, False), (170, True), (1, False)):
        begun, _ = sessions.begin(user, SignInWay.PASSWORD, at=AT - timedelta(days=days))
        if ended:
            sessions.sign_out(begun, by=user, at=AT - timedelta(days=days))
    sessions.forget_old(at=AT)
    assert session.scalars(select(SignIn.started_at).order_by(SignIn.id)).all() == [
        AT - timedelta(days=170),
        AT - timedelta(days=1),
    ]


@pytest.mark.parametrize(
    ("started", "seen", "by_pin", "is_over"),
    [
        (timedelta(days=400), timedelta(days=59), False, False),
        (timedelta(days=400), timedelta(days=61), False, True),
        (timedelta(hours=11), timedelta(0), True, False),
        (timedelta(hours=13), timedelta(0), True, True),
    ],
)
def test_a_session_ends_by_itself(
    at: datetime, started: timedelta, seen: timedelta, by_pin: bool, is_over: bool
) -> None:
    assert rules.is_over(at - started, at - seen, by_pin=by_pin, at=at) is is_over


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        (PHONE, ("Phone", "Android", "Chrome")),
        ("Mozilla/5.0 (iPad; CPU OS 17_0) Safari/604.1", ("Tablet", "iPad", "Safari")),
        ("Mozilla/5.0 (iPhone) MicroMessenger/8 Safari", ("Phone", "iPhone", "WeChat")),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/1 Safari/1 Edg/1", ("Computer", "Windows", "Edge")),
        ("curl/8", ("Computer", "", "")),
    ],
)
def test_a_browser_in_words(agent: str, told: tuple[str, str, str]) -> None:
    found = rules.describe(agent)
    assert (found.kind, found.system, found.browser) == told
