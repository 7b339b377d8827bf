"""The same slip or invoice number twice is most often one that was typed twice."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import make_user
from tests.steps.settlement.factories import make_cashier, make_checked
from workshop.errors import RuleBroken
from workshop.orders.models import RepairOrder
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.settlement import paying
from workshop.steps.settlement import service as settlement
from workshop.steps.settlement.rules import InvoiceKind, Tender


def pay(order: RepairOrder, reference: str, at: datetime, *, is_meant: bool = False) -> None:
    paying.take_payment(
        order,
        Tender.WECHAT,
        1_000,
        client_id=uuid.uuid4().hex,
        reference=reference,
        is_meant=is_meant,
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
    pay(second, "WX-42", at, is_meant=True)


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
    settlement.record_invoice(bills[1], kind, "044001", is_meant=True, by=cashier, at=at)


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
    assert client.post(url, data=sent | {"pay-is_meant": "y"}).status_code == 302
