"""A core deposit from the quotation to the refund; it is neither turnover nor margin (P22)."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from tests.databases import Database
from tests.factories import AT, make_operation, make_order, make_package, make_part, make_user
from tests.guards.rows import refused
from tests.steps.quotation.factories import make_brakes, make_draft, make_shop
from tests.steps.settlement.cores import deposits, make_bill
from workshop.catalogue.models import Payer
from workshop.db import session
from workshop.errors import Invalid, NotAllowed, RuleBroken
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.staff.permissions import RoleName
from workshop.steps.parts.cores import queries, rules, service
from workshop.steps.parts.cores.rules import Deposit
from workshop.steps.quotation import lines, payers
from workshop.steps.quotation import queries as quotations
from workshop.steps.quotation.pricing import package_lines, todays_prices
from workshop.steps.settlement import balances, paying, worklist
from workshop.steps.settlement import queries as bills
from workshop.steps.settlement import service as settlement
from workshop.steps.settlement.rules import Tender

LATER = AT + timedelta(days=3)


@pytest.mark.parametrize(
    ("deposit", "out", "back_fen"),
    [
        (Deposit(30_000, 1_000), 1_000, 0),
        (Deposit(30_000, 2_000, back=1_000), 1_000, 30_000),
        (Deposit(30_000, 2_000, back=1_000, kept=1_000), 0, 30_000),
        # A part that went back to the shelf was never charged: nobody gets money for it.
        (Deposit(30_000, 0, back=1_000), 0, 0),
    ],
)
def test_what_is_out_and_what_goes_back(deposit: Deposit, out: int, back_fen: int) -> None:
    assert (deposit.out, deposit.back_fen) == (out, back_fen)


def test_an_old_part_has_its_days_from_the_settlement_on() -> None:
    """P22: 30 days, a setting of the branch."""
    due = rules.due_on(date(2026, 11, 23), 30)
    assert due == date(2026, 12, 23)
    assert not rules.is_late(due, date(2026, 12, 23))
    assert rules.is_late(due, date(2026, 12, 24))
    assert not rules.is_late(rules.due_on(None, 30), date(2026, 12, 24))


def test_a_deposit_goes_with_its_part_in_the_draft(database: Database) -> None:
    # given
    part = make_part(core_deposit_fen=30_000)
    draft = make_draft(make_brakes(part=part, milli=2_000))
    head, piece = (line for line in quotations.list_lines(draft) if not line.is_core)
    (deposit,) = deposits(draft)
    assert (deposit.total_fen, deposit.tax_basis_points, deposit.quantity_milli) == (
        60_000,
        0,
        2_000,
    )
    sums = quotations.totals(quotations.list_lines(draft))
    assert (sums.core_fen, sums.other_fen, sums.parts_fen) == (60_000, 0, 76_000)
    # when, then
    lines.change_quantity(piece, draft, 1_000)
    assert deposits(draft)[0].total_fen == 30_000
    payers.choose_payer(head, draft, Payer.WARRANTY, by=draft.order.advisor, at=AT)
    assert not deposits(draft)
    payers.choose_payer(head, draft, Payer.CUSTOMER, by=draft.order.advisor, at=AT)
    (deposit,) = deposits(draft)
    boss = make_user(RoleName.SERVICE_MANAGER)
    with pytest.raises(RuleBroken, match="goes with its part"):
        lines.give_discount(deposit, draft, 100, "好友", by=boss, at=AT)
    with pytest.raises(RuleBroken, match="goes with its part"):
        lines.remove_line(deposit, draft)
    # when
    part.core_deposit_fen = 35_000
    session.flush()
    (change,) = todays_prices.list_changes(draft, AT)
    assert (change.was_fen, change.now_fen) == (30_000, 35_000)
    # when
    lines.remove_line(piece, draft)
    # then
    assert not deposits(draft)


def test_a_package_at_a_fixed_price_has_its_deposit_apart(database: Database) -> None:
    make_shop()
    operation = make_brakes(part=make_part(core_deposit_fen=30_000))
    draft = make_draft(make_operation("OTHER"), order=make_order(Stage.INSPECTED))
    package_lines.add_package(draft, make_package(operation, fen=50_000), at=AT)
    found = [line for line in quotations.list_lines(draft) if line.package_id]
    assert sum(line.total_fen for line in found) == 50_000
    assert [line.total_fen for line in deposits(draft)] == [30_000]


def pay(order: RepairOrder, fen: int) -> None:
    cashier = make_user(RoleName.CASHIER)
    paying.take_payment(order, Tender.CASH, fen, client_id=uuid.uuid4().hex, by=cashier, at=AT)


def test_the_customer_pays_the_deposit_and_gets_it_back(database: Database) -> None:
    # given
    order, bill, line = make_bill()
    clerk, cashier = make_user(RoleName.PARTS_CLERK), make_user(RoleName.CASHIER)
    assert (bill.customer_fen, bill.parts_fen, bill.other_fen) == (92_000, 38_000, 30_000)
    sums = bills.add_up(bills.list_lines(bill))
    # No turnover, no tax of it, no discount on it.
    assert (sums.core_fen, sums.charged_fen) == (30_000, 0)
    assert sums.net_fen == 62_000 - sums.tax_fen
    boss = make_user(RoleName.SERVICE_MANAGER)
    with pytest.raises(Invalid, match="620"):
        settlement.set_discount(bill, 62_001, "好友", by=boss, at=AT)
    pay(order, 92_000)
    (row,) = queries.list_out(order.branch_id, order.no)
    assert (row.deposit.out_fen, row.due_on) == (30_000, date(2026, 12, 23))
    # when
    with pytest.raises(NotAllowed):
        service.take_back(line, 1_000, by=make_user(RoleName.TECHNICIAN), at=LATER)
    made = service.take_back(line, 1_000, "完好", by=clerk, at=LATER)
    # then
    assert not queries.list_out(order.branch_id)
    (owed,) = balances.load(order.branch).to_give
    assert owed.balance_fen == -30_000
    with pytest.raises(RuleBroken, match="is locked"):
        paying.refund(order, Tender.CASH, 30_001, "旧件", client_id="a", by=cashier, at=LATER)
    paying.refund(order, Tender.CASH, 30_000, "旧件已还", client_id="b", by=cashier, at=LATER)
    assert not balances.load(order.branch).to_give
    assert bills.balance_fen(bill) == 0
    # when it was the wrong part after all
    service.withdraw(made, "不是本车的", by=clerk, at=LATER)
    # then the money is open again, and can be taken
    (open_again,) = balances.load(order.branch).to_come
    assert open_again.balance_fen == 30_000
    pay(order, 30_000)
    assert not balances.load(order.branch).to_come


def test_an_old_part_that_stays_here_lowers_what_is_paid(database: Database) -> None:
    order, bill, line = make_bill(2_000)
    clerk, boss = make_user(RoleName.PARTS_CLERK), make_user(RoleName.SERVICE_MANAGER)
    service.take_back(line, 1_000, by=clerk, at=AT)
    assert bills.balance_fen(bill) == bill.customer_fen - 30_000
    (to_pay,) = worklist.list_to_pay(order.branch)
    assert to_pay.balance_fen == bill.customer_fen - 30_000
    # The second one is broken: somebody who may says so, with a reason.
    with pytest.raises(Invalid, match="Say why"):
        service.keep(line, 1_000, " ", by=boss, at=AT)
    with pytest.raises(NotAllowed):
        service.keep(line, 1_000, "壳体破裂", by=make_user(RoleName.CASHIER), at=AT)
    kept = service.keep(line, 1_000, "壳体破裂", by=boss, at=AT)
    with pytest.raises(RuleBroken, match="Only 0 件"):
        service.take_back(line, 1_000, by=clerk, at=AT)
    with pytest.raises(Invalid, match="Say why"):
        service.withdraw(kept, "", by=boss, at=AT)
    service.withdraw(kept, "看错了", by=boss, at=AT)
    with pytest.raises(RuleBroken, match="taken back already"):
        service.withdraw(kept, "看错了", by=boss, at=AT)
    service.take_back(line, 1_000, by=clerk, at=AT)
    pay(order, bills.balance_fen(bill))
    assert bill.state.value == "paid"


def test_a_red_letter_and_a_new_list_keep_what_came_back(database: Database) -> None:
    order, bill, line = make_bill()
    boss = make_user(RoleName.SERVICE_MANAGER)
    service.take_back(line, 1_000, by=make_user(RoleName.PARTS_CLERK), at=AT)
    pay(order, 62_000)
    red = settlement.reverse_settlement(bill, "开错抬头", by=boss, at=LATER)
    assert red.customer_fen == -92_000
    again = settlement.make_settlement(order, by=boss, at=LATER)
    assert (again.customer_fen, bills.balance_fen(again)) == (92_000, 0)


def test_the_database_refuses_more_than_was_charged(database: Database) -> None:
    order, _bill, line = make_bill()
    service.take_back(line, 1_000, by=make_user(RoleName.PARTS_CLERK), at=AT)
    session.flush()
    with refused("within:core_return"):
        session.execute(
            text(
                "INSERT INTO core_return (branch_id, order_id, quotation_line_id, outcome, "
                "quantity_milli, note, at, by_id, withdrawn_reason) SELECT branch_id, order_id, "
                "quotation_line_id, outcome, 1, note, at, by_id, '' FROM core_return"
            )
        )
    assert order.no
