"""A part of a bill is taken back: the sums are told by plain arithmetic."""

from __future__ import annotations

import pytest

from tests.databases import Database
from tests.factories import AT, make_user
from tests.steps.settlement.factories import make_checked, make_settled
from workshop.errors import Invalid, NotAllowed
from workshop.orders.flow import Stage
from workshop.staff.permissions import RoleName
from workshop.steps.settlement import correcting, paying, queries, service
from workshop.steps.settlement.models import Settlement
from workshop.steps.settlement.rules import Tender

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def find(bill: Settlement, total_fen: int) -> int:
    return next(line.id for line in queries.list_lines(bill) if line.total_fen == total_fen)


def test_the_lines_that_stay_keep_their_price_and_the_rest_is_owed(database: Database) -> None:
    order = make_settled()  # An hour of ¥240.00 and a part of ¥380.00, paid.
    bill, manager = queries.get_live(order), make_user(RoleName.SERVICE_MANAGER)
    # when: the part is taken back
    corrected = correcting.reverse_lines(
        bill, {find(bill, 38_000)}, "配件不收费", by=manager, at=AT
    )
    # then
    assert (corrected.total_fen, corrected.customer_fen, corrected.labour_fen) == (24_000,) * 3
    assert corrected.parts_fen == 0
    documents = queries.list_settlements(order)
    assert sum(each.total_fen for each in documents) == 62_000 - 62_000 + 24_000
    assert queries.balance_fen(corrected) == 24_000 - 62_000
    assert order.stage is Stage.SETTLEMENT
    # when: the money goes back
    cashier = make_user(RoleName.CASHIER)
    (tender,) = queries.received_by_tender(order)
    paying.refund(order, tender, 38_000, "配件不收费", client_id="r", by=cashier, at=AT)
    service.close_settlement(corrected, by=cashier, at=AT)
    assert queries.is_settled(order)


def test_a_discount_stays_on_the_lines_that_stay(database: Database) -> None:
    order, manager = make_checked(), make_user(RoleName.SERVICE_MANAGER)
    bill = service.make_settlement(order, by=manager, at=AT)
    service.set_discount(bill, 6_200, "老客户", by=manager, at=AT)
    # 6,200 of 62,000 is a tenth: 21,600 and 34,200.
    corrected = correcting.reverse_lines(
        bill, {find(bill, 34_200)}, "配件不收费", by=manager, at=AT
    )
    assert (corrected.customer_fen, corrected.discount_fen) == (21_600, 2_400)
    assert corrected.discount_reason == "老客户"
    paying.take_payment(order, Tender.CASH, 21_600, client_id="p", by=manager, at=AT)
    assert queries.is_settled(order)


def test_who_may_not_reverse_the_list_takes_no_line_back(database: Database) -> None:
    order = make_settled()
    bill, cashier = queries.get_live(order), make_user(RoleName.CASHIER)
    with pytest.raises(NotAllowed):
        correcting.reverse_lines(bill, {find(bill, 38_000)}, "误收", by=cashier, at=AT)


def test_no_line_and_all_lines_are_refused(database: Database) -> None:
    order, manager = make_settled(), make_user(RoleName.SERVICE_MANAGER)
    bill = queries.get_live(order)
    every = {line.id for line in queries.list_lines(bill)}
    for chosen in (set(), every):
        with pytest.raises(Invalid):
            correcting.reverse_lines(bill, chosen, "误收", by=manager, at=AT)
