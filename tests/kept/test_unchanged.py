"""Who has a page gets it again only when something was written; nobody gets another's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from tests.conftest import AT
from tests.factories import make_order, make_user
from workshop import clock, db
from workshop.orders.models import RepairOrder
from workshop.staff.models import User
from workshop.staff.permissions import RoleName

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def order(database: object) -> RepairOrder:
    assert database
    return make_order()


@pytest.fixture
def advisor(order: RepairOrder) -> User:
    return order.advisor


def _ask(client: FlaskClient, tag: str = '"none"', path: str = "/") -> TestResponse:
    return client.get(path, headers={"If-None-Match": tag})


def _tag_of(client: FlaskClient) -> str:
    """Of the second time: the first one gives the session its token for forms."""
    _ask(client)
    return _ask(client).headers["ETag"]


@contextmanager
def _asked() -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(db.db.engine, "before_cursor_execute", note)
    yield asked
    event.remove(db.db.engine, "before_cursor_execute", note)


def _ask_twice(client: FlaskClient) -> tuple[list[str], TestResponse]:
    """Again, if somebody else has written meanwhile: a test server has other databases as well."""
    for _ in range(_TRIES):
        tag = _tag_of(client)
        with _asked() as asked:
            answer = _ask(client, tag)
        if answer.status_code == 304:
            break
    return asked, answer


_TRIES = 30


def test_who_has_the_page_hears_that_it_is_the_same(advisor: User, sign_in: SignIn) -> None:
    client = sign_in(advisor)
    asked, answer = _ask_twice(client)
    assert (answer.status_code, answer.data) == (304, b""), asked
    # On one engine where the transaction begins, on the other which writings it sees.
    assert len(asked) <= 1


def test_a_tag_holds_however_the_page_was_sent(advisor: User, sign_in: SignIn) -> None:
    client = sign_in(advisor)
    client.environ_base["HTTP_ACCEPT_ENCODING"] = "gzip"
    asked, answer = _ask_twice(client)
    assert answer.status_code == 304, asked


def test_another_desk_takes_what_the_first_has_found(advisor: User, sign_in: SignIn) -> None:
    """What waits, what lies wrong and what the shop still needs is the same for both."""
    other = make_user(RoleName.SERVICE_ADVISOR)
    db.commit()
    first, second = sign_in(advisor), sign_in(other)
    for _ in range(_TRIES):
        second.get("/")
        with _asked() as alone:
            first.get("/?whose=all")
        with _asked() as beside:
            second.get("/?whose=all")
        if len(beside) <= _BESIDE:
            break
    assert len(beside) <= _BESIDE, (len(alone), beside)


_BESIDE = 12


def test_after_any_writing_it_is_made_again(
    advisor: User, order: RepairOrder, sign_in: SignIn
) -> None:
    client = sign_in(advisor)
    tag = _tag_of(client)
    order.mileage_km = 77_123
    db.commit()
    answer = _ask(client, tag)
    assert answer.status_code == 200
    assert answer.headers["ETag"] != tag


def test_in_the_next_minute_it_is_made_again(advisor: User, sign_in: SignIn) -> None:
    client = sign_in(advisor)
    tag = _tag_of(client)
    clock.freeze(AT + timedelta(minutes=1))
    assert _ask(client, tag).status_code == 200


def test_nobody_hears_of_the_page_of_another(advisor: User, sign_in: SignIn) -> None:
    other = make_user(RoleName.SERVICE_ADVISOR, name="别人")
    db.commit()
    client = sign_in(advisor)
    tag = _tag_of(client)
    stranger = sign_in(other)
    answer = _ask(stranger, tag)
    assert answer.status_code == 200
    assert "别人" in answer.text
    assert advisor.display_name not in answer.text.partition("menu-panel")[2].partition("</div>")[0]


def test_another_address_is_another_page(advisor: User, sign_in: SignIn) -> None:
    client = sign_in(advisor)
    tag = _tag_of(client)
    assert _ask(client, tag, "/?whose=all").status_code == 200


def test_another_language_is_another_page(advisor: User, sign_in: SignIn) -> None:
    client = sign_in(advisor)
    tag = _tag_of(client)
    advisor.locale = "en"
    db.commit()
    answer = _ask(client, tag)
    assert answer.status_code == 200
    assert 'lang="en"' in answer.text


def test_who_has_signed_out_has_no_page(advisor: User, sign_in: SignIn) -> None:
    client = sign_in(advisor)
    tag = _tag_of(client)
    client.post("/sign-out")
    assert _ask(client, tag).status_code == 302


def test_a_message_is_shown_though_nothing_was_written(advisor: User, sign_in: SignIn) -> None:
    client = sign_in(advisor)
    tag = _tag_of(client)
    with client.session_transaction() as session:
        session["_flashes"] = [("good", "Only once")]
    assert "Only once" in _ask(client, tag).text
    assert "Only once" not in _ask(client).text


def test_a_browser_keeps_nothing_of_it(advisor: User, sign_in: SignIn) -> None:
    """The tag lives in the page's script; on a shared computer nothing of it stays on the disk."""
    client = sign_in(advisor)
    assert _ask(client).headers["Cache-Control"] == "no-store"
    assert "ETag" not in client.get("/").headers
