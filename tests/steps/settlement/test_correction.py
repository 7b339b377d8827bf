"""A bill is corrected after the delivery as before it: red letter, new version, money counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import AT, make_user
from tests.steps.handover.factories import prepare
from tests.steps.settlement.factories import (
    make_cashier,
    make_checked,
    make_settled,
    make_settlement,
    pay,
)
from workshop.errors import NotAllowed, RuleBroken
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.shop.models import Branch
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.handover import delivery
from workshop.steps.parts import queries as parts
from workshop.steps.parts import returns, worklist
from workshop.steps.parts.rules import PickState
from workshop.steps.settlement import paying, queries, service
from workshop.steps.settlement import worklist as bills
from workshop.steps.settlement.rules import SettlementState, Tender

SignIn = Callable[[User], FlaskClient]
STAGES = (Stage.DELIVERED, Stage.FOLLOWED_UP, Stage.CLOSED)


def make_delivered(stage: Stage = Stage.DELIVERED) -> RepairOrder:
    """An order that is paid and handed over, and has come as far as `stage`."""
    order = make_settled(Stage.READY)
    delivery.deliver(prepare(order), signer_name="王", by=order.advisor, at=AT)
    for reached in STAGES[1 : STAGES.index(stage) + 1]:
        order.move_to(reached, order.advisor, AT)
    return order


def branch_of(order: RepairOrder) -> Branch:
    return order.branch


@pytest.mark.parametrize("stage", STAGES)
def test_a_bill_is_corrected_after_the_delivery_without_moving_the_order(
    database: Database, at: datetime, stage: Stage
) -> None:
    # given
    order, manager = make_delivered(stage), make_user(RoleName.SERVICE_MANAGER)
    first = queries.get_live(order)
    # when
    red = service.reverse_settlement(first, "折扣漏记", by=manager, at=at)
    # then
    assert red.customer_fen == -first.customer_fen
    assert order.stage is stage
    assert [row.order for row in bills.list_to_make(branch_of(order))] == [order]
    # when
    second = service.make_settlement(order, by=manager, at=at)
    service.set_discount(second, 2_000, "折扣漏记", by=manager, at=at)
    # then
    assert [row.balance_fen for row in bills.list_to_pay(branch_of(order))] == [-2_000]
    # when
    paying.refund(order, Tender.CASH, 2_000, "折扣", client_id="r", by=manager, at=at)
    service.close_settlement(second, by=manager, at=at)
    # then
    assert second.state is SettlementState.PAID
    assert order.settled_at == at
    assert order.stage is stage
    assert not bills.list_to_pay(branch_of(order))


def test_a_corrected_bill_that_grew_is_paid_after_the_delivery(
    database: Database, at: datetime
) -> None:
    # given
    order, manager = make_delivered(), make_user(RoleName.SERVICE_MANAGER)
    service.reverse_settlement(queries.get_live(order), "折扣取消", by=manager, at=at)
    paying.refund(order, Tender.CASH, 10_000, "退款", client_id="r", by=manager, at=at)
    second = make_settlement(order, by=manager)
    # when
    pay(second, 10_000)
    # then
    assert second.state is SettlementState.PAID
    assert order.stage is Stage.DELIVERED


def test_only_the_manager_corrects_a_bill_after_the_delivery(
    database: Database, at: datetime
) -> None:
    with pytest.raises(NotAllowed):
        service.reverse_settlement(
            queries.get_live(make_delivered()), "错", by=make_cashier(), at=at
        )


def test_a_car_that_left_without_a_bill_gets_none_later(database: Database, at: datetime) -> None:
    order = make_checked(Stage.DELIVERED)
    with pytest.raises(RuleBroken, match="The order is"):
        service.make_settlement(order, by=make_cashier(), at=at)
    assert queries.find_live(order) is None


def test_the_page_offers_the_correction_after_the_delivery(
    database: Database, sign_in: SignIn
) -> None:
    # given
    order, manager = make_delivered(), make_user(RoleName.SERVICE_MANAGER)
    manager.locale = "en"
    browser, address = sign_in(manager), f"/orders/{order.no}/settlement"
    assert "Reverse with a red letter" in browser.get(address).text
    # when
    empty = browser.post(f"{address}/reverse", data={"reverse-reason": " "})
    done = browser.post(f"{address}/reverse", data={"reverse-reason": "折扣漏记"})
    # then
    assert empty.status_code == 422
    assert "Say why the settlement list is reversed." in empty.text
    assert done.status_code == 302
    page = browser.get(address).text
    assert f"{address}/make" in page
    assert "Take a deposit" not in page
    # when
    assert browser.post(f"{address}/make").status_code == 302
    # then
    assert "Settle without a payment" in browser.get(address).text


def test_the_baskets_of_a_billed_order_are_free(database: Database) -> None:
    bill = make_settlement()
    states = {each.state for each in parts.list_pick_lists(bill.order)}
    assert states == {PickState.CLOSED}


def test_what_a_billed_order_did_not_use_is_still_on_the_counters_list(
    database: Database, at: datetime
) -> None:
    # given
    order, manager = make_settled(), make_user(RoleName.SERVICE_MANAGER)
    (line,) = parts.list_order_lines(order)
    service.reverse_settlement(queries.get_live(order), "少用一件", by=manager, at=at)
    # when
    returns.report_unused(line, 1_000, by=manager, at=at)
    # then
    assert worklist.load(order.branch_id).unused == [line]
