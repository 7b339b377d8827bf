"""The pages of follow-up and cases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from flask.testing import FlaskClient
from sqlalchemy import select

from tests.databases import Database
from tests.factories import make_order, make_user
from tests.steps.followup.factories import make_delivered, make_follow_up
from workshop.cases.models import Case
from workshop.db import session
from workshop.orders.flow import Stage
from workshop.staff.models import User
from workshop.staff.permissions import RoleName

SignIn = Callable[[User], FlaskClient]
ANSWERS = {
    "is_fixed": "yes",
    "on_time": "5",
    "price_as_told": "5",
    "explanation": "5",
    "cleanliness": "5",
    "advisor": "5",
    "recommendation": "9",
    "words": "",
    "channel": "phone",
}


def english(role: RoleName) -> User:
    user = make_user(role)
    user.locale = "en"
    return user


def test_the_days_calls_are_listed(database: Database, sign_in: SignIn) -> None:
    order = make_delivered()
    make_follow_up(order)
    page = sign_in(english(RoleName.CUSTOMER_RELATIONS)).get("/followup").text
    assert order.customer.name in page
    assert "To call now" in page


def test_an_empty_list_says_so(database: Database, sign_in: SignIn) -> None:
    page = sign_in(english(RoleName.CUSTOMER_RELATIONS)).get("/followup").text
    assert "No call is due" in page


def test_answers_are_saved_and_the_order_is_closed(database: Database, sign_in: SignIn) -> None:
    order = make_delivered()
    make_follow_up(order)
    browser = sign_in(english(RoleName.CUSTOMER_RELATIONS))
    assert browser.post(f"/orders/{order.no}/followup/answers", data=ANSWERS).status_code == 302
    assert order.stage is Stage.CLOSED


def test_a_missing_answer_gives_the_form_back_with_what_was_typed(
    database: Database, sign_in: SignIn
) -> None:
    order = make_delivered()
    make_follow_up(order)
    typed = {**ANSWERS, "words": "还是有异响", "on_time": ""}
    answer = sign_in(english(RoleName.CUSTOMER_RELATIONS)).post(
        f"/orders/{order.no}/followup/answers", data=typed
    )
    assert answer.status_code == 422
    assert "还是有异响" in answer.text
    assert "Choose an answer." in answer.text


def test_a_bad_answer_leads_to_the_case(database: Database, sign_in: SignIn) -> None:
    order = make_delivered()
    make_follow_up(order)
    browser = sign_in(english(RoleName.CUSTOMER_RELATIONS))
    answer = browser.post(
        f"/orders/{order.no}/followup/answers", data={**ANSWERS, "is_fixed": "no"}
    )
    case = session.scalars(select(Case)).one()
    assert answer.headers["Location"].endswith(f"/cases/{case.no}")
    assert "The customer was not told yet" in browser.get(f"/cases/{case.no}").text


def test_a_case_cannot_be_closed_through_http_before_it_is_resolved(
    database: Database, sign_in: SignIn
) -> None:
    order = make_delivered()
    make_follow_up(order)
    sign_in(english(RoleName.CUSTOMER_RELATIONS)).post(
        f"/orders/{order.no}/followup/answers", data={**ANSWERS, "is_fixed": "no"}
    )
    case = session.scalars(select(Case)).one()
    answer = sign_in(english(RoleName.SERVICE_MANAGER)).post(
        f"/cases/{case.no}/second_call", data={"verdict": "satisfied", "words": "ok"}
    )
    assert answer.status_code == 409
    assert "this is not possible now" in answer.text
    assert case.closed_at is None


def test_a_call_before_the_delivery_is_refused(database: Database, sign_in: SignIn) -> None:
    order = make_order(Stage.READY)
    browser = sign_in(english(RoleName.CUSTOMER_RELATIONS))
    answer = browser.post(f"/orders/{order.no}/followup/answers", data=ANSWERS)
    assert answer.status_code == 404
    assert "No follow-up call is planned" in answer.text


def test_an_unknown_case_is_not_found(database: Database, sign_in: SignIn) -> None:
    answer = sign_in(english(RoleName.CUSTOMER_RELATIONS)).get("/cases/CS1")
    assert answer.status_code == 404


def test_nobody_is_called_within_a_day_of_the_handover(
    database: Database, sign_in: SignIn, at: datetime
) -> None:
    # given
    order = make_delivered()
    order.delivered_at = at - timedelta(hours=23)
    make_follow_up(order)
    browser, address = sign_in(english(RoleName.CUSTOMER_RELATIONS)), f"/orders/{order.no}/followup"
    words = "The call is made 24 hours after the handover at the earliest"
    assert words in browser.get(address).text
    # when
    answers = browser.post(f"{address}/answers", data=ANSWERS | {"words": "一切都好"})
    attempt = browser.post(
        f"{address}/attempt", data={"outcome": "busy", "attempt_channel": "phone"}
    )
    # then
    assert (answers.status_code, attempt.status_code) == (409, 409)
    assert words in answers.text
    assert "一切都好" in answers.text
    assert order.stage is Stage.DELIVERED
