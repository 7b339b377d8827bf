"""Warranty: the clerk sees what makers owe, keeps old parts for them and notes what they paid."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.duties.test_views import make_reader, words
from tests.factories import AT
from tests.steps.quotation.factories import make_draft
from tests.steps.settlement.factories import make_checked, make_settlement
from workshop import db
from workshop.catalogue.models import Payer
from workshop.errors import NotAllowed
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.quotation import payers
from workshop.steps.quotation import queries as quotations
from workshop.steps.quotation.models import Decision, Quotation, QuotationLine
from workshop.steps.settlement import balances, claims, paying, queries
from workshop.steps.settlement import service as settlements
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


# ---- Before the customer signs ----


@pytest.fixture
def written(database: Database) -> Quotation:
    quotation = make_draft()
    by = quotation.order.advisor
    payers.choose_payer(_head(quotation), quotation, Payer.WARRANTY, by=by, at=AT)
    return quotation


def _head(quotation: Quotation) -> QuotationLine:
    return quotations.list_lines(quotation)[0]


def test_the_clerk_says_what_the_maker_pays_and_nothing_else(written: Quotation) -> None:
    clerk, head = make_reader(RoleName.WARRANTY_CLERK), _head(written)
    payers.choose_payer(head, written, Payer.CUSTOMER, by=clerk, at=AT)
    assert {each.payer for each in quotations.list_lines(written)} == {Payer.CUSTOMER}
    # What the customer pays becomes the maker's, and no insurer's.
    assert payers.list_payers(head, clerk) == [Payer.CUSTOMER, Payer.WARRANTY, Payer.STATUTORY]
    assert payers.list_payers(head, make_reader(RoleName.GREETER)) == []
    with pytest.raises(NotAllowed):
        payers.choose_payer(head, written, Payer.INSURANCE, by=clerk, at=AT)
    with pytest.raises(NotAllowed):
        payers.choose_payer(head, written, Payer.WARRANTY, by=make_reader(RoleName.GREETER), at=AT)
    assert head.payer is Payer.CUSTOMER
    payers.choose_payer(head, written, Payer.STATUTORY, by=clerk, at=AT)
    with pytest.raises(NotAllowed):
        payers.choose_payer(head, written, Payer.GOODWILL, by=clerk, at=AT)


def test_the_clerk_finds_the_quotation_and_corrects_who_pays(
    written: Quotation, sign_in: SignIn
) -> None:
    order, head = written.order, _head(written)
    clerk = make_reader(RoleName.WARRANTY_CLERK)
    db.commit()
    desk, url = sign_in(clerk), f"/orders/{order.no}/quotation"
    listed = desk.get("/settlement/claims")
    assert "Warranty work without a bill" in words(listed)
    assert f'href="{url}#lines"' in listed.text
    # There the payer can be corrected, and nothing else of the draft.
    shown = desk.get(url).text
    assert f'action="{url}/draft/lines/{head.id}/payer"' in shown
    assert f"/draft/lines/{head.id}/remove" not in shown
    assert re.findall(r'<option value="(\w+)" selected', shown) == ["warranty"]
    sent = {"payer": "customer", "seen": str(written.version)}
    assert desk.post(f"{url}/draft/lines/{head.id}/payer", data=sent).status_code == 302
    assert {each.payer for each in quotations.list_lines(written)} == {Payer.CUSTOMER}
    assert "Warranty work without a bill" not in words(desk.get("/settlement/claims"))
    assert re.findall(r'<option value="(\w+)" selected', desk.get(url).text) == ["customer"]
    # Somebody else's page is stale then, and nobody begins a quotation by it.
    assert desk.post(f"{url}/draft/lines/{head.id}/payer", data=sent).status_code == 409


def test_who_only_reads_a_draft_is_offered_nothing(written: Quotation, sign_in: SignIn) -> None:
    db.commit()
    url = f"/orders/{written.order.no}/quotation"
    shown = sign_in(make_reader(RoleName.CASHIER)).get(url).text
    assert _head(written).title_en in shown
    assert "/quotation/draft/" not in shown


def test_without_a_bill_are_lines_that_are_still_to_be_done(bill: Settlement) -> None:
    branch = bill.order.branch
    assert claims.list_ahead(branch) == []
    settlements.reverse_settlement(bill, "改单", by=make_reader(RoleName.SERVICE_MANAGER), at=AT)
    (found,) = claims.list_ahead(branch)
    assert (found.order, found.fen) == (bill.order, 30_000)


def test_what_the_customer_declined_is_not_for_the_maker(written: Quotation) -> None:
    (found,) = claims.list_ahead(written.order.branch)
    assert found.lines == quotations.list_lines(written)
    for line in found.lines:
        line.decision = Decision.DECLINED
    assert claims.list_ahead(written.order.branch) == []
