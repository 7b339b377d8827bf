"""Warranty: the clerk sees what makers owe, keeps old parts for them and notes what they paid."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.duties.test_views import make_reader, words
from tests.factories import AT
from tests.steps.settlement.factories import make_checked, make_settlement
from workshop import db
from workshop.catalogue.models import Payer
from workshop.errors import NotAllowed
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.settlement import balances, paying, queries
from workshop.steps.settlement.models import Settlement
from workshop.steps.settlement.rules import Account, Tender

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def bill(database: Database) -> Settlement:
    order = make_checked(labour=((24_000, Payer.CUSTOMER), (30_000, Payer.WARRANTY)))
    return make_settlement(order)


def take(bill: Settlement, tender: Tender, fen: int, by: User) -> None:
    paying.take_payment(bill.order, tender, fen, client_id=uuid.uuid4().hex, by=by, at=AT)


def test_the_clerk_notes_the_makers_money_and_no_customers(bill: Settlement) -> None:
    clerk = make_reader(RoleName.WARRANTY_CLERK)
    with pytest.raises(NotAllowed):
        take(bill, Tender.CASH, 24_000, clerk)
    with pytest.raises(NotAllowed):
        take(bill, Tender.MANUFACTURER, 30_000, make_reader(RoleName.GREETER))
    (claim,) = balances.list_claims(bill.order.branch)
    assert claim.owed_fen == 30_000
    take(bill, Tender.MANUFACTURER, 30_000, clerk)
    assert queries.balance_fen(bill, Account.MANUFACTURER) == 0
    assert balances.list_claims(bill.order.branch) == []


def test_the_page_of_claims_leads_to_the_bill(bill: Settlement, sign_in: SignIn) -> None:
    clerk = make_reader(RoleName.WARRANTY_CLERK)
    db.commit()
    desk = sign_in(clerk)
    page = desk.get("/settlement/claims")
    assert "¥300.00" in words(page)
    assert bill.order.customer.name not in page.text
    url = f"/orders/{bill.order.no}/settlement"
    assert f'href="{url}#pay"' in page.text
    # only the maker's tender is offered there, with what is open of the claim
    shown = desk.get(url).text
    assert 'value="manufacturer"' in shown
    assert 'value="cash"' not in shown
    assert 'value="300.00"' in shown
    sent = {"pay-client_id": "one", "pay-tender": "manufacturer", "pay-amount": "300"}
    assert desk.post(f"{url}/pay", data=sent).status_code == 302
    assert "No claim is open" in words(desk.get("/settlement/claims"))


def test_the_page_of_claims_is_for_who_handles_warranty(bill: Settlement, sign_in: SignIn) -> None:
    db.commit()
    assert sign_in(make_reader(RoleName.CASHIER)).get("/settlement/claims").status_code == 403
