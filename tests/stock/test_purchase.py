"""From the purchase list to the order, its deliveries and its invoice."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.databases import Database
from tests.factories import make_branch, make_order, make_part, make_user
from tests.stock.factories import TODAY, make_purchase, make_supplier
from workshop.db import session
from workshop.errors import Invalid, NotAllowed, RuleBroken
from workshop.orders.flow import Stage
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.stock import backorders
from workshop.stock import queries as stock
from workshop.stock.models import StockLevel
from workshop.stock.purchase import gates, queries
from workshop.stock.purchase import service as purchasing
from workshop.stock.purchase.models import Purchase
from workshop.stock.purchase.rules import Billed, Position, in_packs
from workshop.stock.purchase.service import Wish
from workshop.stock.receipts import service as receipts
from workshop.stock.receipts.service import Delivery


@pytest.fixture
def clerk(database: Database) -> User:
    return make_user(RoleName.PARTS_CLERK)


@pytest.mark.parametrize(
    ("position", "missing"),
    [
        (Position(), 0),
        (Position(free=5, minimum=5), 0),
        (Position(free=4, minimum=5), 1),
        (Position(waiting=3, incoming=2), 1),
        (Position(free=2, booked=3, waiting=4, minimum=1), 6),
        (Position(free=9, booked=3, waiting=4, minimum=2), 0),
    ],
)
def test_what_is_missing(position: Position, missing: int) -> None:
    assert position.missing == missing


@pytest.mark.parametrize(
    ("milli", "pack", "ordered"),
    [(4_500, 4_000, 8_000), (4_000, 4_000, 4_000), (1, 1_000, 1_000), (0, 4_000, 0)],
)
def test_packages_are_whole(milli: int, pack: int, ordered: int) -> None:
    assert in_packs(milli, pack) == ordered


def test_delivery_and_invoice_agree_in_quantity_and_cost() -> None:
    billed = Billed(5, 3, 0, 3, 100, frozenset({100}))
    assert (billed.outstanding, billed.agrees) == (2, True)
    assert Billed(5, 3, 2, 3, None, frozenset({7})).agrees
    assert Billed(5, 3, 0, 4, 100).quantity_differs
    assert Billed(5, 3, 0, 3, 100, frozenset({100, 101})).cost_differs


def test_an_order_takes_over_who_waits_and_leaves_the_list(clerk: User, at: datetime) -> None:
    # given
    part, branch = make_part(on_hand=0, pack_milli=4_000), make_branch()
    elsewhere, order = make_order(Stage.SCHEDULED), make_order(Stage.SCHEDULED)
    ordered = backorders.note(part, elsewhere, 1_000, at, by=clerk, at=at)
    backorders.change(ordered, at + timedelta(days=1), "电话订购", by=clerk, at=at)
    short = backorders.note(part, order, 5_000, at, by=clerk, at=at)
    level = session.query(StockLevel).filter_by(part_id=part.id).one()
    level.minimum_milli = 2_000
    # Ordered by phone is on its way: 5 for the order and a minimum of 2.
    assert queries.list_positions(branch.id, {})[part.id].missing == 7_000
    # when
    purchase = make_purchase((part, 7_000))
    # then
    (line,) = queries.list_lines(purchase)
    assert line.quantity_milli == 8_000
    assert (short.purchase_no, ordered.purchase_no) == (purchase.no, "电话订购")
    assert short.expected_at == at + timedelta(days=1)
    assert queries.list_positions(branch.id, {})[part.id].missing == 0


def deliver(purchase: object, milli: int, document: str, by: User, at: datetime) -> object:
    (line,) = queries.list_lines(purchase)  # type: ignore[arg-type]
    return receipts.take_in(
        line.part,
        make_branch(),
        milli,
        Delivery(line.purchase.supplier.name, document, line.cost_fen),
        today=TODAY,
        by=by,
        at=at,
        purchase_line_id=line.id,
    )


def test_partial_deliveries_an_invoice_and_the_end(clerk: User, at: datetime) -> None:
    # given
    part = make_part("PAD-1", on_hand=0)
    purchase = make_purchase((part, 5_000))
    (line,) = queries.list_lines(purchase)
    # when
    deliver(purchase, 2_000, "DN-1", clerk, at)
    deliver(purchase, 3_000, "DN-2", clerk, at)
    # then
    assert stock.ledger_milli(make_branch().id, part.id) == 5_000
    assert gates.is_delivered(purchase)
    with pytest.raises(RuleBroken, match="PAD-1: 0 件 are billed, 5 came"):
        purchasing.close(purchase, by=clerk, at=at)
    # when
    purchasing.invoice(purchase, "INV-1", {line.id: (4_000, 200_00)}, by=clerk, at=at)
    wrong = purchasing.invoice(purchase, "INV-2", {line.id: (1_000, 210_00)}, by=clerk, at=at)
    # then
    (fact,) = gates.missing_to_close(purchase, make_user(RoleName.SERVICE_MANAGER))
    assert str(fact) == "PAD-1 is billed at another cost than ordered."
    with pytest.raises(Invalid, match="INV-1 is there already"):
        purchasing.invoice(purchase, "INV-1", {line.id: (1_000, 1)}, by=clerk, at=at)
    # when
    purchasing.withdraw(wrong, by=clerk, at=at)
    purchasing.invoice(purchase, "INV-2", {line.id: (1_000, 200_00)}, by=clerk, at=at)
    purchasing.close(purchase, by=clerk, at=at)
    # then
    assert not purchase.is_open
    with pytest.raises(RuleBroken, match="is over"):
        purchasing.invoice(purchase, "INV-3", {line.id: (1_000, 1)}, by=clerk, at=at)


def test_a_difference_is_accepted_for_a_reason(clerk: User, at: datetime) -> None:
    purchase = make_purchase((make_part("PAD-1"), 5_000))
    deliver(purchase, 2_000, "DN-1", clerk, at)
    facts = [
        str(each) for each in gates.missing_to_close(purchase, make_user(RoleName.SERVICE_MANAGER))
    ]
    assert facts == ["PAD-1: 3 件 are still to come.", "PAD-1: 0 件 are billed, 2 came."]
    with pytest.raises(NotAllowed):
        purchasing.close(purchase, "样品", by=make_user(RoleName.SERVICE_ADVISOR), at=at)
    purchasing.close(purchase, "样品", by=clerk, at=at)
    assert (purchase.reason, purchase.closed_by_id) == ("样品", clerk.id)


def test_a_corrected_receipt_is_still_to_come(clerk: User, at: datetime) -> None:
    purchase = make_purchase((make_part(on_hand=0), 5_000))
    receipt = deliver(purchase, 5_000, "DN-1", clerk, at)
    receipts.correct(receipt, 3_000, "点错", by=clerk, at=at)  # type: ignore[arg-type]
    (bill,) = queries.bill(purchase).values()
    assert (bill.received, bill.outstanding) == (3_000, 2_000)


def test_what_is_cancelled_puts_who_waits_on_the_list_again(clerk: User, at: datetime) -> None:
    # given
    part, order = make_part(on_hand=0), make_order(Stage.SCHEDULED)
    short = backorders.note(part, order, 3_000, at, by=clerk, at=at)
    purchase = make_purchase((part, 3_000))
    deliver(purchase, 1_000, "DN-1", clerk, at)
    (line,) = queries.list_lines(purchase)
    # when
    purchasing.cancel_line(line, "停产", by=clerk, at=at)
    # then
    assert (short.purchase_no, short.expected_at, short.quantity_milli) == ("", None, 2_000)
    assert queries.list_positions(order.branch_id, {})[part.id].missing == 2_000
    with pytest.raises(RuleBroken, match="still to come"):
        purchasing.cancel_line(line, "停产", by=clerk, at=at)
    with pytest.raises(RuleBroken, match="Something of this order came"):
        purchasing.cancel(purchase, "停产", by=clerk, at=at)
    other = make_purchase((part, 2_000))
    purchasing.cancel(other, "下错", by=clerk, at=at)
    assert not other.is_open
    assert queries.list_positions(order.branch_id, {})[part.id].missing == 2_000


def test_an_order_needs_a_part_a_living_supplier_and_a_day_to_come(
    clerk: User, at: datetime
) -> None:
    branch, supplier, part = make_branch(), make_supplier(), make_part()

    def order(wishes: list[Wish], expected_at: datetime) -> None:
        purchasing.order(
            branch, supplier, wishes, "PO-9", TODAY, expected_at=expected_at, by=clerk, at=at
        )

    with pytest.raises(Invalid, match="one part at least"):
        order([], at)
    with pytest.raises(Invalid, match="in the past"):
        order([Wish(part, 1_000)], at - timedelta(hours=1))
    supplier.active = False
    with pytest.raises(RuleBroken, match="retired"):
        order([Wish(part, 1_000)], at)


def test_an_order_below_the_minimum_says_why(clerk: User, at: datetime) -> None:
    supplier, part = make_supplier(), make_part()
    supplier.minimum_order_fen = 50_000

    def order(wish: Wish, no: str, why: str = "") -> Purchase:
        day, expected = TODAY + timedelta(days=1), at + timedelta(days=1)
        return purchasing.order(
            make_branch(),
            supplier,
            [wish],
            no,
            day,
            expected_at=expected,
            small_reason=why,
            by=clerk,
            at=at,
        )

    with pytest.raises(RuleBroken, match=r"delivers from ¥500\.00 on") as refusal:
        order(Wish(part, 2_000, 24_999), "PO-1")
    assert refusal.value.field == "small_reason"
    assert order(Wish(part, 2_000, 24_999), "PO-1", "客户等着").small_reason == "客户等着"
    # Enough, or a cost that nobody knows: nothing is said, and no reason is kept.
    assert order(Wish(part, 2_000, 25_000), "PO-2", "客户等着").small_reason == ""
    assert order(Wish(part, 1_000), "PO-3").small_reason == ""


def test_who_orders_takes_in_and_checks_alone_says_why(clerk: User, at: datetime) -> None:
    # given: one person has done all of it
    purchase = make_purchase((make_part("PAD-1"), 1_000))
    purchase.made_by_id = clerk.id
    (line,) = queries.list_lines(purchase)
    deliver(purchase, 1_000, "DN-1", clerk, at)
    purchasing.invoice(purchase, "INV-1", {line.id: (1_000, 200_00)}, by=clerk, at=at)
    # then
    (fact,) = gates.missing_to_close(purchase, clerk)
    assert (
        str(fact) == f"{clerk.display_name} has ordered it, taken it in and checks the bill alone."
    )
    assert not gates.missing_to_close(purchase, make_user(RoleName.SERVICE_MANAGER))
    with pytest.raises(RuleBroken, match="alone"):
        purchasing.close(purchase, by=clerk, at=at)
    purchasing.close(purchase, "只有我一人在库房", by=clerk, at=at)
    assert purchase.reason == "只有我一人在库房"
