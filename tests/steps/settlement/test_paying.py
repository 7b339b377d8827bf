from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.databases import Database
from tests.factories import make_order, make_user
from tests.steps.settlement.factories import (
    make_cashier,
    make_checked,
    make_settlement,
    pay,
)
from workshop.catalogue.models import Payer
from workshop.errors import Invalid, NotAllowed, RuleBroken
from workshop.orders.flow import Stage
from workshop.staff.permissions import RoleName
from workshop.steps.settlement import paying, queries, service
from workshop.steps.settlement.rules import Account, SettlementState, Tender

DUE = date(2026, 12, 23)


def test_several_tenders_pay_one_bill(database: Database) -> None:
    bill = make_settlement()
    pay(bill, 20_000, Tender.CASH)
    assert queries.balance_fen(bill) == 42_000
    assert bill.state is SettlementState.OPEN
    pay(bill, 42_000, Tender.WECHAT)
    assert bill.state is SettlementState.PAID
    assert queries.received_by_tender(bill.order) == {Tender.CASH: 20_000, Tender.WECHAT: 42_000}


def test_the_same_form_sent_twice_pays_once(database: Database, at: datetime) -> None:
    bill, cashier = make_settlement(), make_cashier()
    for _ in range(2):
        paying.take_payment(
            bill.order, Tender.CASH, 62_000, client_id="one-click", by=cashier, at=at
        )
    assert [each.amount_fen for each in queries.list_payments(bill.order)] == [62_000]


def test_more_than_the_balance_is_refused(database: Database) -> None:
    with pytest.raises(RuleBroken, match=r"¥620\.00"):
        pay(make_settlement(), 62_001)


def test_a_deposit_counts_for_the_bill_that_is_made_later(database: Database, at: datetime) -> None:
    # given
    order = make_checked()
    paying.take_payment(order, Tender.ALIPAY, 30_000, client_id="deposit", by=make_cashier(), at=at)
    # when
    bill = make_settlement(order)
    # then
    assert queries.balance_fen(bill) == 32_000
    assert queries.list_payments(order)[0].is_deposit


def test_a_cancelled_order_takes_no_deposit_and_gives_its_own_back(
    database: Database, at: datetime
) -> None:
    # given
    order, cashier = make_order(), make_cashier()
    paying.take_payment(order, Tender.CASH, 10_000, client_id="in", by=cashier, at=at)
    order.move_to(Stage.CANCELLED, cashier, at)
    # then
    with pytest.raises(RuleBroken):
        paying.take_payment(order, Tender.CASH, 100, client_id="more", by=cashier, at=at)
    paying.refund(order, Tender.CASH, 10_000, "取消", client_id="out", by=cashier, at=at)
    assert queries.received_fen(order) == 0


def test_a_refund_is_a_negative_entry_by_the_same_tender(database: Database, at: datetime) -> None:
    bill, cashier = make_settlement(), make_cashier()
    pay(bill, 20_000, Tender.CARD)
    with pytest.raises(RuleBroken):
        paying.refund(bill.order, Tender.CASH, 100, "错", client_id="a", by=cashier, at=at)
    with pytest.raises(Invalid):
        paying.refund(bill.order, Tender.CARD, 100, "", client_id="b", by=cashier, at=at)
    paying.refund(bill.order, Tender.CARD, 5_000, "错", client_id="c", by=cashier, at=at)
    assert queries.balance_fen(bill) == 47_000
    pay(bill)
    with pytest.raises(RuleBroken, match="Reverse it"):
        paying.refund(bill.order, Tender.CARD, 100, "错", client_id="d", by=cashier, at=at)


def test_a_bill_that_became_smaller_than_the_money_waits_for_the_refund(
    database: Database, at: datetime
) -> None:
    # given
    order, manager = make_checked(), make_user(RoleName.SERVICE_MANAGER)
    paying.take_payment(order, Tender.CASH, 62_000, client_id="deposit", by=manager, at=at)
    bill = make_settlement(order)
    service.set_discount(bill, 2_000, "老客户", by=manager, at=at)
    # then
    assert queries.balance_fen(bill) == -2_000
    with pytest.raises(RuleBroken, match="given back"):
        service.close_settlement(bill, by=manager, at=at)
    paying.refund(order, Tender.CASH, 2_000, "折扣", client_id="back", by=manager, at=at)
    service.close_settlement(bill, by=manager, at=at)
    assert queries.is_settled(order)


def test_an_insurer_pays_its_own_share_and_no_more(database: Database) -> None:
    # given
    order = make_checked(labour=((24_000, Payer.INSURANCE),))
    bill = make_settlement(order)
    assert queries.balance_fen(bill, Account.INSURER) == 24_000
    # when
    pay(bill)
    # then the customer is settled, and the claim stays open until the insurer pays
    assert bill.state is SettlementState.PAID
    with pytest.raises(RuleBroken):
        pay(bill, 24_001, Tender.INSURER)
    pay(bill, 24_000, Tender.INSURER)
    assert queries.balance_fen(bill, Account.INSURER) == 0


def test_credit_is_approved_by_somebody_else_than_who_asks(
    database: Database, at: datetime
) -> None:
    # given
    bill, manager = make_settlement(), make_user(RoleName.SERVICE_MANAGER)
    own = paying.ask_credit(bill, DUE, "月结客户", by=manager, at=at)
    with pytest.raises(NotAllowed, match="asked for this credit"):
        paying.decide_credit(own, True, by=manager, at=at)
    with pytest.raises(NotAllowed):
        paying.decide_credit(own, True, by=make_cashier(), at=at)
    # when
    paying.decide_credit(own, True, by=make_user(RoleName.SERVICE_MANAGER), at=at)
    # then
    assert bill.state is SettlementState.CREDITED
    assert queries.is_settled(bill.order)
    # and it can be paid later
    pay(bill)
    assert bill.state is SettlementState.PAID


def test_a_refused_credit_leaves_the_bill_to_be_paid(database: Database, at: datetime) -> None:
    bill, cashier = make_settlement(), make_cashier()
    credit = paying.ask_credit(bill, DUE, "月结客户", by=cashier, at=at)
    with pytest.raises(RuleBroken, match="waits"):
        paying.ask_credit(bill, DUE, "月结客户", by=cashier, at=at)
    paying.decide_credit(credit, False, by=make_user(RoleName.SERVICE_MANAGER), at=at)
    assert not queries.is_settled(bill.order)
    paying.ask_credit(bill, DUE, "再次申请", by=cashier, at=at)
    pay(bill)
    waiting = queries.find_credit(bill)
    assert waiting is not None
    assert waiting.approved is False


def test_credit_needs_a_day_ahead_a_reason_and_something_open(
    database: Database, at: datetime
) -> None:
    bill, cashier = make_settlement(), make_cashier()
    with pytest.raises(Invalid):
        paying.ask_credit(bill, date(2026, 11, 22), "月结", by=cashier, at=at)
    with pytest.raises(Invalid):
        paying.ask_credit(bill, DUE, "", by=cashier, at=at)
    pay(bill)
    with pytest.raises(RuleBroken):
        paying.ask_credit(bill, DUE, "月结", by=cashier, at=at)
