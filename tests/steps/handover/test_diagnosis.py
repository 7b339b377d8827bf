"""A customer who declines the work may still pay for the diagnosis (domain.md §4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import make_order, make_user, make_vehicle
from tests.steps.handover.factories import prepare
from tests.steps.quotation import factories as quotations
from tests.steps.settlement.factories import make_cashier, pay
from workshop.errors import Invalid, NotAllowed, RuleBroken
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.handover import delivery, queries, service, worklist
from workshop.steps.handover import gates as handover_gates
from workshop.steps.handover.rules import HandoverItem
from workshop.steps.quotation import queries as quotation
from workshop.steps.quotation import service as offers
from workshop.steps.quotation.models import LineKind, QuotationState
from workshop.steps.settlement import queries as settlement
from workshop.steps.settlement import service as bills

SignIn = Callable[[User], FlaskClient]


def make_declined(at: datetime) -> RepairOrder:
    """An order whose quotation the customer declined whole."""
    order = make_order(Stage.INSPECTED, vehicle=make_vehicle(mileage_km=20_000))
    written = quotations.make_draft(order=order)
    offers.decline(offers.offer(order, by=order.advisor, at=at), "太贵", by=order.advisor, at=at)
    assert written.state is QuotationState.DECLINED
    return order


def test_a_signed_diagnosis_is_billed_and_paid_before_the_car_leaves(
    database: Database, at: datetime
) -> None:
    # given
    order = make_declined(at)
    # when
    service.charge_diagnosis(order, 15_000, signer_name="王小明", by=order.advisor, at=at)
    # then
    signed = quotation.find_signed(order)
    assert signed is not None
    assert (signed.version_no, signed.signer_name, signed.total_fen) == (2, "王小明", 15_000)
    assert [line.kind for line in quotation.list_authorised_lines(order)] == [LineKind.DIAGNOSIS]
    assert order.stage is Stage.READY
    assert [each.code for each in handover_gates.missing_to_leave(order)] == ["payment"]
    assert HandoverItem.BILL in [each.code for each in queries.list_items(order)]
    assert HandoverItem.WORK not in [each.code for each in queries.list_items(order)]
    # when
    bill = bills.make_settlement(order, by=make_cashier(), at=at)
    # then
    assert (bill.customer_fen, bill.other_fen) == (15_000, 15_000)
    assert not worklist.list_to_wash(order.branch)
    # when
    pay(bill)
    delivery.deliver(prepare(order), signer_name="王小明", by=order.advisor, at=at)
    # then
    assert order.stage is Stage.DELIVERED


def test_a_diagnosis_needs_a_price_a_signature_and_a_declined_order(
    database: Database, at: datetime
) -> None:
    order = make_declined(at)
    for price_fen in (0, -100):
        with pytest.raises(Invalid):
            service.charge_diagnosis(order, price_fen, signer_name="王", by=order.advisor, at=at)
    with pytest.raises(NotAllowed):
        service.charge_diagnosis(order, 15_000, signer_name="王", by=make_cashier(), at=at)
    service.charge_diagnosis(order, 15_000, signer_name="王", by=order.advisor, at=at)
    with pytest.raises(RuleBroken):
        service.charge_diagnosis(order, 15_000, signer_name="王", by=order.advisor, at=at)


def test_the_diagnosis_is_signed_on_the_handover_page(
    database: Database, sign_in: SignIn, at: datetime
) -> None:
    # given
    order = make_declined(at)
    advisor = order.advisor
    advisor.locale = "en"
    browser, address = sign_in(advisor), f"/orders/{order.no}/handover"
    assert "Charge the diagnosis" in browser.get(address).text
    # when
    data = {"diagnosis-price": "１５０．００", "diagnosis-signature_typed": ""}
    unsigned = browser.post(f"{address}/diagnosis", data=data)
    wrong = browser.post(
        f"{address}/diagnosis",
        data={"diagnosis-price": "viel", "diagnosis-signature_typed": "王小明"},
    )
    signed = browser.post(
        f"{address}/diagnosis", data=data | {"diagnosis-signature_typed": "王小明"}
    )
    # then
    assert unsigned.status_code == 422
    assert "The signature is missing" in unsigned.text
    assert 'value="150.00"' in unsigned.text
    assert wrong.status_code == 422
    assert 'value="viel"' in wrong.text
    assert 'value="王小明"' in wrong.text
    assert signed.location.endswith(f"/orders/{order.no}/settlement")
    assert "Make the settlement list" in browser.get(signed.location).text
    assert browser.get(f"/orders/{order.no}/quotation").status_code == 200
    assert settlement.find_live(order) is None


def test_another_role_charges_no_diagnosis(
    database: Database, sign_in: SignIn, at: datetime
) -> None:
    order = make_declined(at)
    answer = sign_in(make_user(RoleName.CASHIER)).post(f"/orders/{order.no}/handover/diagnosis")
    assert answer.status_code == 403
