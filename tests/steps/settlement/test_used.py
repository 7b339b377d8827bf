"""The same slip or invoice number twice is most often one that was typed twice."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.databases import Database
from tests.factories import AT, make_branch, make_user
from tests.guards.rows import ANOTHER, change, put, refused
from tests.steps.settlement.factories import make_cashier, make_checked
from workshop.db import session
from workshop.errors import RuleBroken
from workshop.orders.models import RepairOrder
from workshop.staff.models import AuditEntry, User
from workshop.staff.permissions import RoleName
from workshop.steps.settlement import paying
from workshop.steps.settlement import service as settlement
from workshop.steps.settlement.models import Payment
from workshop.steps.settlement.rules import InvoiceKind, Tender


def pay(order: RepairOrder, reference: str, at: datetime, *, why: str = "") -> None:
    paying.take_payment(
        order,
        Tender.WECHAT,
        1_000,
        client_id=uuid.uuid4().hex,
        reference=reference,
        repeat_reason=why,
        by=make_cashier(),
        at=at,
    )


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_slip_that_was_used_is_refused_until_it_is_meant(
    database: Database, at: datetime
) -> None:
    first, second = make_checked(), make_checked()
    pay(first, "WX-42", at)
    pay(second, "", at)
    pay(second, "", at)
    for order in (first, second):
        with pytest.raises(RuleBroken, match="already") as caught:
            pay(order, " wx-42 ", at)
        assert caught.value.values["no"] == first.no
    pay(second, "WX-42", at, why="一笔转账付两台车")
    # then the reason stays with the payment and in the audit trail; nobody needs one for a new slip
    pay(second, "WX-43", at, why="一笔转账付两台车")
    kept = session.scalars(select(Payment.repeat_reason).order_by(Payment.id))
    assert [each for each in kept if each] == ["一笔转账付两台车"]
    entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "settlement.payment"))
    said = [each.details["repeat_reason"] for each in entries if "repeat_reason" in each.details]
    assert said == ["一笔转账付两台车"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_invoice_number_of_another_order_is_refused_until_it_is_meant(
    database: Database, at: datetime
) -> None:
    cashier = make_user(RoleName.CASHIER)
    bills = [settlement.make_settlement(make_checked(), by=cashier, at=at) for _ in range(2)]
    kind = InvoiceKind.ORDINARY
    settlement.record_invoice(bills[0], kind, "044001", by=cashier, at=at)
    settlement.record_invoice(bills[0], kind, "044001", by=cashier, at=at)
    with pytest.raises(RuleBroken, match="already"):
        settlement.record_invoice(bills[1], kind, "044001", by=cashier, at=at)
    settlement.record_invoice(
        bills[1], kind, "044001", repeat_reason="公司两台车一张票", by=cashier, at=at
    )


def test_the_database_takes_no_slip_twice_without_a_reason(database: Database) -> None:
    first = put("payment", amount_fen=100, reference="WX-42")
    with refused("used-before:payment"):
        put("payment", amount_fen=200, reference="wx-42")
    put("payment", amount_fen=200, reference="wx-42", repeat_reason="一笔转账付两台车")
    put("payment", amount_fen=-100, reference="WX-42", reason="多收")
    for _ in range(2):
        put("payment", amount_fen=100)
    put("payment", amount_fen=100, reference="WX-42", branch_id=ANOTHER)
    assert first


def test_the_database_takes_no_invoice_for_two_orders_without_a_reason(database: Database) -> None:
    branch = make_branch().id
    put("settlement", invoice_no="044A", branch_id=branch)
    second = put("settlement", branch_id=branch, order_id=ANOTHER)
    with refused("used-before:settlement"):
        change("settlement", second, invoice_no="044a")
    with refused("used-before:settlement"):
        put("settlement", invoice_no="044A", branch_id=branch, order_id=ANOTHER)
    change("settlement", second, invoice_no="044a", invoice_repeat_reason="公司两台车一张票")
    # and what was told once is not asked of every later change
    change("settlement", second, state="paid")
    with refused("used-before:settlement"):
        change("settlement", second, invoice_repeat_reason="")


def test_the_database_takes_no_own_credit_without_a_named_exception(database: Database) -> None:
    credit = put("credit_request")
    own = {"approved": True, "decided_at": AT, "decided_by_id": ...}
    with refused("two-people:credit_request"):
        change("credit_request", credit, **own)
    put("named_exception", rule="credit", subject="credit_request", subject_id=credit)
    change("credit_request", credit, **own)
    with refused("two-people:credit_request"):
        put("credit_request", settlement_id=ANOTHER, **own)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_page_leads_to_the_other_order_and_asks(
    database: Database, at: datetime, sign_in: Callable[[User], FlaskClient]
) -> None:
    first, second = make_checked(), make_checked()
    pay(first, "WX-42", at)
    cashier = make_user(RoleName.CASHIER)
    cashier.locale = "en"
    client, url = sign_in(cashier), f"/orders/{second.no}/settlement/pay"
    sent = {"pay-client_id": "one", "pay-tender": "wechat", "pay-amount": "10"}
    sent |= {"pay-reference": "WX-42"}
    answer = client.post(url, data=sent)
    assert answer.status_code == 409
    assert f"stands at a payment of {first.no} already" in answer.text
    assert f'href="/orders/{first.no}/settlement"' in answer.text
    assert (
        client.post(url, data=sent | {"pay-repeat_reason": "一笔转账付两台车"}).status_code == 302
    )
