from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import make_branch, make_order, make_user
from tests.steps.settlement.factories import (
    make_cashier,
    make_checked,
    make_settled,
    make_settlement,
    pay,
)
from workshop.catalogue.models import Payer
from workshop.orders import service as orders
from workshop.orders.flow import Stage
from workshop.orders.models import JobState
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.settlement import paying, queries, snapshots
from workshop.web import versions

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def cashier(sign_in: SignIn) -> FlaskClient:
    person = make_cashier()
    person.locale = "en"
    return sign_in(person)


@pytest.fixture
def manager(sign_in: SignIn) -> Callable[[], FlaskClient]:
    def become() -> FlaskClient:
        person = make_user(RoleName.SERVICE_MANAGER)
        person.locale = "en"
        return sign_in(person)

    return become


def _post(client: FlaskClient, url: str, data: dict[str, str] | None = None) -> str:
    """Send a form that is accepted, and return the page that follows."""
    answer = client.post(url, data=data)
    assert answer.status_code == 302
    return client.get(answer.location).text


def _pay(amount: str, tender: str = "cash", client_id: str = "click-1") -> dict[str, str]:
    return {"pay-amount": amount, "pay-tender": tender, "pay-client_id": client_id}


def test_the_cashier_settles_and_is_paid_in_two_tenders(
    database: Database, cashier: FlaskClient
) -> None:
    # given
    no = make_checked(Stage.WASH).no
    # when
    page = cashier.get("/settlement").text
    assert no in page
    assert "Make the settlement list" in page
    made = _post(cashier, f"/orders/{no}/settlement/make")
    # then
    assert "¥620.00" in made
    assert "陆佰贰拾元整" in made
    # when
    cashier.post(f"/orders/{no}/settlement/pay", data=_pay("200", "cash", "a"))
    page = _post(cashier, f"/orders/{no}/settlement/pay", _pay("４２０", "wechat", "b"))
    # then
    assert "card-good" in page
    assert "To the handover" not in page
    assert orders.get_order(no).stage is Stage.SETTLED


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"final_check": False}, "The final check has not been passed."),
        ({"job_state": JobState.RUNNING}, "Jobs not finished yet: 1."),
        ({"issued": False}, "Authorised parts are not issued yet."),
        ({"stage": Stage.REPAIR}, "The order is “In repair”."),
    ],
)
def test_the_gate_refuses_in_words_and_shows_them_beside_the_button(
    database: Database, cashier: FlaskClient, values: dict[str, object], words: str
) -> None:
    no = make_checked(**values).no  # type: ignore[arg-type]
    page = cashier.get(f"/orders/{no}/settlement").text
    assert words in page
    assert 'aria-disabled="true"' in page
    refused = cashier.post(f"/orders/{no}/settlement/make")
    assert refused.status_code == 409
    assert words in refused.text


def test_a_declined_order_has_nothing_to_settle(database: Database, cashier: FlaskClient) -> None:
    no = make_order(Stage.DECLINED).no
    refused = cashier.post(f"/orders/{no}/settlement/make")
    assert refused.status_code == 409
    assert "Nothing was authorised" in refused.text


def test_an_overpayment_is_refused_and_what_was_typed_stays(
    database: Database, cashier: FlaskClient
) -> None:
    no = make_settlement().order.no
    refused = cashier.post(f"/orders/{no}/settlement/pay", data=_pay("700"))
    assert refused.status_code == 409
    assert "Only ¥620.00 is open. Give the rest back as change." in refused.text
    assert 'value="700"' in refused.text
    assert 'value="click-1"' in refused.text


@pytest.mark.parametrize("amount", ["", "abc", "12.345", "0"])
def test_a_wrong_amount_is_refused_and_stays_typed(
    database: Database, cashier: FlaskClient, amount: str
) -> None:
    no = make_settlement().order.no
    refused = cashier.post(f"/orders/{no}/settlement/pay", data=_pay(amount))
    assert refused.status_code == 422
    assert f'value="{amount}"' in refused.text
    assert 'aria-invalid="true"' in refused.text


def test_a_double_click_pays_once(database: Database, cashier: FlaskClient) -> None:
    order = make_settlement().order
    for _ in range(2):
        answer = cashier.post(f"/orders/{order.no}/settlement/pay", data=_pay("620"))
        assert answer.status_code == 302
    assert [each.amount_fen for each in queries.list_payments(order)] == [62_000]


def test_a_bill_above_the_authorised_is_refused(
    database: Database, manager: Callable[[], FlaskClient]
) -> None:
    # given
    bill = make_settlement()
    # when somebody tries to raise it by a negative discount
    refused = manager().post(
        f"/orders/{bill.order.no}/settlement/discount",
        data={
            "discount-discount": "-1",
            "discount-reason": "加价",
        },
    )
    # then
    assert refused.status_code == 409
    assert "The bill would be ¥621.00; the customer authorised no more than" in refused.text
    assert 'value="-1"' in refused.text


def test_a_discount_is_the_managers_and_a_stale_page_shows_both(
    database: Database, cashier: FlaskClient, manager: Callable[[], FlaskClient]
) -> None:
    bill = make_settlement()
    url = f"/orders/{bill.order.no}/settlement/discount"
    seen = versions.mark(snapshots.discount_now(bill))
    data = {"discount-discount": "20", "discount-reason": "老客户", "discount-seen": seen}
    assert cashier.post(url, data=data).status_code == 403
    client = manager()
    assert client.post(url, data=data).status_code == 302
    assert client.post(url, data=data).status_code == 302
    stale = client.post(url, data=data | {"discount-discount": "10"})
    assert stale.status_code == 409
    assert "Somebody else changed this meanwhile" in stale.text
    assert "¥20.00" in stale.text
    assert "¥10.00" in stale.text
    assert 'value="10"' in stale.text


def test_two_invoice_numbers_for_one_bill_are_a_conflict(
    database: Database, cashier: FlaskClient
) -> None:
    # given
    bill = make_settlement()
    url = f"/orders/{bill.order.no}/settlement/invoice"
    seen = versions.mark(snapshots.invoice_now(bill))
    data = {"invoice-invoice_kind": "ordinary", "invoice-seen": seen}
    # when
    first = cashier.post(url, data=data | {"invoice-invoice_no": "０１２３"})
    stale = cashier.post(url, data=data | {"invoice-invoice_no": "0456"})
    nothing = cashier.post(url, data=data | {"invoice-invoice_no": " "})
    # then
    assert first.status_code == 302
    assert stale.status_code == 409
    assert "0123" in stale.text
    assert 'value="0456"' in stale.text
    assert nothing.status_code == 422
    assert queries.get_live(bill.order).invoice_no == "0123"


def test_credit_is_asked_for_and_decided_by_two_people(
    database: Database, cashier: FlaskClient, manager: Callable[[], FlaskClient]
) -> None:
    # given
    order = make_settlement().order
    url = f"/orders/{order.no}/settlement"
    asked = {"credit-due_on": "2026-12-23", "credit-credit_reason": "月结客户"}
    assert cashier.post(f"{url}/credit", data=asked).status_code == 302
    bill = queries.get_live(order)
    credit = queries.find_credit(bill)
    assert credit is not None
    decide = f"{url}/credit/{credit.id}"
    assert cashier.post(decide, data={"decision": "approve"}).status_code == 403
    # when
    page = _post(manager(), decide, {"decision": "approve"})
    # then
    assert "On credit" in page
    assert queries.is_settled(order)


def test_the_manager_who_asked_for_credit_cannot_approve_it(
    database: Database, manager: Callable[[], FlaskClient]
) -> None:
    order, client = make_settlement().order, manager()
    url = f"/orders/{order.no}/settlement"
    data = {"credit-due_on": "2026-12-23", "credit-credit_reason": "月结客户"}
    client.post(f"{url}/credit", data=data)
    credit = queries.find_credit(queries.get_live(order))
    assert credit is not None
    refused = client.post(f"{url}/credit/{credit.id}", data={"decision": "approve"})
    assert refused.status_code == 403
    assert "Somebody else has to approve it." in refused.text
    assert not queries.is_settled(order)


def test_a_credit_without_reason_keeps_the_day(database: Database, cashier: FlaskClient) -> None:
    no = make_settlement().order.no
    refused = cashier.post(
        f"/orders/{no}/settlement/credit",
        data={"credit-due_on": "2026-12-24", "credit-credit_reason": ""},
    )
    assert refused.status_code == 422
    assert 'value="2026-12-24"' in refused.text


def test_a_locked_list_is_reversed_by_the_manager_and_both_papers_stay(
    database: Database, cashier: FlaskClient, manager: Callable[[], FlaskClient]
) -> None:
    # given
    order = make_settled()
    url = f"/orders/{order.no}/settlement"
    data = {"reverse-reason": "付费方录错"}
    refused = cashier.post(f"{url}/reverse", data=data)
    assert refused.status_code == 403
    assert "付费方录错" not in queries.get_live(order).reverse_reason
    # when
    client = manager()
    page = _post(client, f"{url}/reverse", data)
    # then
    assert "Red letter" in page
    assert "ST20261123-0002" in page
    red, first = queries.list_settlements(order)
    for document in (red, first):
        paper = client.get(f"{url}/list.pdf?document={document.id}")
        assert paper.data.startswith(b"%PDF")
    # and without a reason nothing happens
    client.post(f"{url}/make")
    assert client.post(f"{url}/reverse", data={"reverse-reason": " "}).status_code == 422


def test_a_refund_of_a_locked_bill_needs_its_reversal(
    database: Database, cashier: FlaskClient
) -> None:
    no = make_settled().no
    data = {
        "refund-amount": "10",
        "refund-tender": "cash",
        "refund-reason": "错",
        "refund-client_id": "r",
    }
    refused = cashier.post(f"/orders/{no}/settlement/refund", data=data)
    assert refused.status_code == 409
    assert "Reverse it before money is given back." in refused.text


def test_the_days_close_adds_up_by_tender(database: Database, cashier: FlaskClient) -> None:
    make_settled()
    pay(make_settlement(), 10_000)
    page = cashier.get("/settlement/day").text
    assert re.search(r"Cash</th><td[^>]*>2</td>", page)
    assert "¥720.00" in page
    assert "No money moved on this day" in cashier.get("/settlement/day?day=2026-11-20").text


def test_claims_and_credits_are_listed_until_they_are_paid(
    database: Database, cashier: FlaskClient, at: datetime
) -> None:
    assert "Nothing is owed" in cashier.get("/settlement/owed").text
    bill = make_settlement(make_checked(labour=((24_000, Payer.INSURANCE),)))
    pay(bill)
    page = cashier.get("/settlement/owed").text
    assert "Insurer" in page
    assert "¥240.00" in page
    # the insurer's money is taken on the settled order
    url = f"/orders/{bill.order.no}/settlement"
    assert cashier.post(f"{url}/pay", data=_pay("240", "insurer", "c")).status_code == 302
    assert "Nothing is owed" in cashier.get("/settlement/owed").text


def test_a_deposit_and_the_closing_of_a_bill_that_it_covers(
    database: Database, cashier: FlaskClient
) -> None:
    order = make_checked()
    url = f"/orders/{order.no}/settlement"
    assert cashier.post(f"{url}/pay", data=_pay("620")).status_code == 302
    cashier.post(f"{url}/make")
    assert "Nothing is open." in cashier.get(url).text
    assert cashier.post(f"{url}/close").status_code == 302
    assert queries.is_settled(order)


def test_the_invoice_is_noted_on_a_settled_bill(database: Database, cashier: FlaskClient) -> None:
    order = make_settled()
    url = f"/orders/{order.no}/settlement/invoice"
    assert cashier.post(url, data={"invoice-invoice_kind": "special"}).status_code == 422
    data = {"invoice-invoice_kind": "special", "invoice-invoice_no": "2631200000012345"}
    assert cashier.post(url, data=data).status_code == 302
    assert queries.get_live(order).invoice_no == "2631200000012345"


def test_another_branch_and_an_unknown_number_are_not_found(
    database: Database, cashier: FlaskClient
) -> None:
    other = make_order(Stage.READY, branch=make_branch("west"))
    assert cashier.get(f"/orders/{other.no}/settlement").status_code == 404
    assert cashier.get("/orders/RO20991231-0001/settlement").status_code == 404
    assert cashier.get(f"/orders/{make_checked().no}/settlement/list.pdf").status_code == 404


@pytest.mark.parametrize("role", [RoleName.TECHNICIAN, RoleName.GREETER, RoleName.WASHER])
def test_who_has_nothing_to_do_with_money_is_refused(
    database: Database, sign_in: SignIn, role: RoleName
) -> None:
    no = make_settlement().order.no
    client = sign_in(make_user(role))
    assert client.get("/settlement").status_code == 403
    assert client.get(f"/orders/{no}/settlement").status_code == 403
    assert client.post(f"/orders/{no}/settlement/pay", data=_pay("1")).status_code == 403


def test_the_lists_are_kind_when_they_are_empty(database: Database, cashier: FlaskClient) -> None:
    page = cashier.get("/settlement").text
    assert "Nothing to settle" in page
    assert "No bill is open." in page


def test_a_credit_that_waits_blocks_the_reversal(
    database: Database, cashier: FlaskClient, at: datetime
) -> None:
    bill = make_settlement()
    paying.ask_credit(bill, date(2026, 11, 23), "月结", by=make_cashier(), at=at)
    refused = cashier.post(
        f"/orders/{bill.order.no}/settlement/reverse", data={"reverse-reason": "错"}
    )
    assert refused.status_code == 409
    assert "A credit request waits for its decision." in refused.text
