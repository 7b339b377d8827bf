"""A case that somebody brings: found by customer or order, owned by who was asked first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.databases import Database
from tests.factories import make_branch, make_customer, make_order, make_user
from workshop.cases.models import Case, CaseKind, CaseTopic
from workshop.customers.models import Customer
from workshop.db import session
from workshop.orders.flow import Stage
from workshop.staff.models import User
from workshop.staff.permissions import RoleName

SignIn = Callable[[User], FlaskClient]
CASE = {"kind": "inquiry", "topic": "price", "summary": "什么时候可以来做保养？"}


@pytest.fixture
def officer() -> Callable[[], User]:
    def make() -> User:
        user = make_user(RoleName.CUSTOMER_RELATIONS)
        user.locale = "en"
        return user

    return make


def only_case() -> Case:
    return session.scalars(select(Case)).one()


def test_a_case_is_opened_for_a_customer_and_an_order(
    database: Database, sign_in: SignIn, officer: Callable[[], User], at: datetime
) -> None:
    # given
    me, order = officer(), make_order(Stage.DELIVERED)
    browser = sign_in(me)
    assert "/cases/new" in browser.get("/cases").text
    found = browser.get("/cases/new", query_string={"q": order.customer.phone[-4:]}).text
    assert f"/cases/new?customer={order.customer_id}" in found
    led = browser.get("/cases/new", query_string={"q": order.no.lower()})
    assert led.location.endswith(f"/cases/new?order={order.no}")
    page = browser.get(led.location).text
    assert f'selected value="{order.no}"' in page
    # when
    answer = browser.post(
        f"/cases/new?customer={order.customer_id}", data=CASE | {"order": order.no}
    )
    # then
    case = only_case()
    assert answer.location.endswith(f"/cases/{case.no}")
    assert (case.kind, case.topic) == (CaseKind.INQUIRY, CaseTopic.PRICE)
    assert (case.owner_id, case.order_id) == (me.id, order.id)
    assert case.due_ack_at == at + timedelta(hours=1)
    assert case.due_resolve_at == at + timedelta(hours=72)
    assert case.no in browser.get(f"/orders/{order.no}").text


def test_what_is_urgent_is_answered_within_a_quarter_of_an_hour(
    database: Database, sign_in: SignIn, officer: Callable[[], User], at: datetime
) -> None:
    customer = make_customer()
    sign_in(officer()).post(
        f"/cases/new?customer={customer.id}", data=CASE | {"order": "", "is_urgent": "y"}
    )
    assert only_case().due_ack_at == at + timedelta(minutes=15)


def test_a_case_of_somebody_unknown_makes_the_customer(
    database: Database, sign_in: SignIn, officer: Callable[[], User]
) -> None:
    # given
    browser = sign_in(officer())
    # when
    data = CASE | {"name": "赵六", "phone": "１３８００１３８９９９", "order": ""}
    wrong = browser.post("/cases/new?new=1", data=data | {"phone": "12"})
    answer = browser.post("/cases/new?new=1", data=data)
    # then
    assert wrong.status_code == 422
    assert 'value="赵六"' in wrong.text
    assert "什么时候可以来做保养？" in wrong.text
    assert answer.status_code == 302
    made = session.get_one(Customer, only_case().customer_id)
    assert (made.name, made.phone) == ("赵六", "13800138999")


def test_a_case_without_words_comes_back_as_it_was_typed(
    database: Database, sign_in: SignIn, officer: Callable[[], User]
) -> None:
    customer = make_customer()
    answer = sign_in(officer()).post(
        f"/cases/new?customer={customer.id}", data={"kind": "complaint", "order": ""}
    )
    assert answer.status_code == 422
    assert "Say what it is about." in answer.text
    assert "Say in a sentence what it is about." in answer.text
    assert session.scalars(select(Case)).all() == []


def test_a_case_concerns_only_the_customers_own_orders(
    database: Database, sign_in: SignIn, officer: Callable[[], User]
) -> None:
    other, customer = make_order(Stage.DELIVERED), make_customer()
    answer = sign_in(officer()).post(
        f"/cases/new?customer={customer.id}", data=CASE | {"order": other.no}
    )
    assert answer.status_code == 422


def test_unknown_customers_and_other_branches_are_not_found(
    database: Database, sign_in: SignIn, officer: Callable[[], User]
) -> None:
    browser = sign_in(officer())
    far = make_order(Stage.DELIVERED, branch=make_branch("west"))
    assert browser.get("/cases/new?customer=9999").status_code == 404
    assert browser.get(f"/cases/new?order={far.no}").status_code == 404
    assert "Nobody found" in browser.get("/cases/new?q=zzzz").text


def test_a_role_that_handles_no_cases_opens_none(database: Database, sign_in: SignIn) -> None:
    browser = sign_in(make_user(RoleName.CASHIER))
    assert browser.get("/cases/new").status_code == 403
    assert browser.post("/cases/new?new=1", data=CASE).status_code == 403
