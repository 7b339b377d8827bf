from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.databases import Database
from tests.factories import make_branch, make_order, make_part, make_user
from workshop.db import session
from workshop.errors import Invalid, NotAllowed, RuleBroken
from workshop.orders.flow import Stage
from workshop.staff.permissions import RoleName
from workshop.stock import backorders, queries
from workshop.stock import service as stock
from workshop.stock.models import ReservationState, StockEntry, StockLevel, StockMove


def level(part_id: int) -> StockLevel:
    found = queries.find_level(make_branch().id, part_id)
    assert found is not None
    return found


def test_what_is_reserved_is_not_free_for_another_order(database: Database, at: datetime) -> None:
    # given
    clerk, part = make_user(RoleName.PARTS_CLERK), make_part(on_hand=2)
    first, second = make_order(Stage.SCHEDULED), make_order(Stage.SCHEDULED)
    # when
    stock.reserve(part, first, 2000, by=clerk, at=at)
    # then
    assert stock.free_milli(first.branch_id, part.id) == 0
    with pytest.raises(RuleBroken, match="Only 0 件"):
        stock.reserve(part, second, 1000, by=clerk, at=at)


def test_a_released_reservation_is_free_again_and_released_once(
    database: Database, at: datetime
) -> None:
    clerk, part, order = make_user(RoleName.PARTS_CLERK), make_part(on_hand=2), make_order()
    reservation = stock.reserve(part, order, 2000, by=clerk, at=at)
    # when
    stock.release(reservation, by=clerk, at=at)
    stock.release(reservation, by=clerk, at=at)
    # then
    assert (level(part.id).reserved_milli, level(part.id).free_milli) == (0, 2000)


def test_a_part_of_a_reservation_can_be_issued_and_the_rest_stays_reserved(
    database: Database, at: datetime
) -> None:
    clerk, part, order = make_user(RoleName.PARTS_CLERK), make_part(on_hand=10), make_order()
    reservation = stock.reserve(part, order, 4500, by=clerk, at=at)
    # when
    stock.issue(reservation, 1500, by=clerk, at=at)
    # then
    assert reservation.state is ReservationState.HELD
    assert reservation.quantity_milli == 3000
    assert (level(part.id).on_hand_milli, level(part.id).reserved_milli) == (8500, 3000)
    with pytest.raises(RuleBroken, match=r"Only 3 件 .* are reserved"):
        stock.issue(reservation, 3001, by=clerk, at=at)
    stock.issue(reservation, 3000, by=clerk, at=at)
    with pytest.raises(RuleBroken, match=r"Only 0 件"):
        stock.issue(reservation, 1, by=clerk, at=at)


def test_no_more_comes_back_than_was_issued(database: Database, at: datetime) -> None:
    clerk, part, order = make_user(RoleName.PARTS_CLERK), make_part(on_hand=2), make_order()
    stock.issue(stock.reserve(part, order, 2000, by=clerk, at=at), 2000, by=clerk, at=at)
    # when
    stock.give_back(part, order, 1500, by=clerk, at=at)
    # then
    assert level(part.id).on_hand_milli == 1500
    with pytest.raises(RuleBroken, match=r"Only 0\.5 件"):
        stock.give_back(part, order, 501, by=clerk, at=at)


def test_the_ledger_adds_up_to_the_level(database: Database, at: datetime) -> None:
    # given
    clerk, part, order = make_user(RoleName.PARTS_CLERK), make_part(on_hand=2), make_order()
    branch = make_branch()
    # when
    stock.issue(stock.reserve(part, order, 2000, by=clerk, at=at), 2000, by=clerk, at=at)
    stock.give_back(part, order, 1000, by=clerk, at=at)
    stock.receive(part, branch, 5000, "博世 DN-88", by=clerk, at=at)
    stock.count(part, branch, 5500, "破损一件", by=clerk, at=at)
    # then
    assert queries.ledger_milli(branch.id, part.id) == level(part.id).on_hand_milli == 5500
    assert [entry.move for entry in queries.list_entries(branch.id, part)] == [
        StockMove.COUNT,
        StockMove.RECEIPT,
        StockMove.RETURN,
        StockMove.ISSUE,
        StockMove.RECEIPT,
    ]


def test_a_receipt_needs_an_origin_a_quantity_and_the_right(
    database: Database, at: datetime
) -> None:
    clerk, part, branch = make_user(RoleName.PARTS_CLERK), make_part(), make_branch()
    with pytest.raises(Invalid, match="where the parts come from"):
        stock.receive(part, branch, 1000, " ", by=clerk, at=at)
    with pytest.raises(Invalid, match="more than zero"):
        stock.receive(part, branch, 0, "博世", by=clerk, at=at)
    with pytest.raises(NotAllowed):
        stock.receive(part, branch, 1000, "博世", by=make_user(RoleName.TECHNICIAN), at=at)


def test_the_first_receipt_of_a_part_makes_its_place(database: Database, at: datetime) -> None:
    clerk, part = make_user(RoleName.PARTS_CLERK), make_part()
    other = make_branch("west")
    stock.receive(part, other, 3000, "博世", by=clerk, at=at, bin_code="C-07")
    made = queries.find_level(other.id, part.id)
    assert made is not None
    assert (made.bin, made.free_milli) == ("C-07", 3000)


def test_arrivals_go_to_who_waits_longest_and_a_partial_one_is_split(
    database: Database, at: datetime
) -> None:
    # given
    clerk, part, branch = make_user(RoleName.PARTS_CLERK), make_part(on_hand=0), make_branch()
    first, second = make_order(Stage.SCHEDULED), make_order(Stage.SCHEDULED)
    backorders.note(part, first, 2000, at, by=clerk, at=at)
    backorders.note(part, second, 2000, at, by=clerk, at=at)
    # when
    stock.receive(part, branch, 3000, "博世", by=clerk, at=at)
    # then
    assert queries.held_milli(first.id, part.id) == 2000
    assert queries.held_milli(second.id, part.id) == 1000
    assert stock.free_milli(branch.id, part.id) == 0
    assert [each.quantity_milli for each in queries.list_waiting(branch.id)] == [1000]
    # when
    stock.receive(part, branch, 2000, "博世", by=clerk, at=at)
    # then
    assert queries.held_milli(second.id, part.id) == 2000
    assert queries.list_waiting(branch.id) == []
    assert stock.free_milli(branch.id, part.id) == 1000


def test_a_cancelled_order_lets_go_of_all_and_waits_for_nothing(
    database: Database, at: datetime
) -> None:
    clerk, part, order = make_user(RoleName.PARTS_CLERK), make_part(on_hand=1), make_order()
    stock.reserve(part, order, 1000, by=clerk, at=at)
    backorders.note(part, order, 1000, at, by=clerk, at=at)
    # when
    stock.release_all(order.id, by=clerk, at=at)
    # then
    assert stock.free_milli(order.branch_id, part.id) == 1000
    assert queries.list_waiting(order.branch_id) == []


def test_a_later_arrival_has_to_be_told_again(database: Database, at: datetime) -> None:
    # given
    clerk, advisor = make_user(RoleName.PARTS_CLERK), make_user(RoleName.SERVICE_ADVISOR)
    backorder = backorders.note(make_part(), make_order(), 1000, at, by=clerk, at=at)
    backorders.mark_told(backorder, by=advisor, at=at)
    # when
    backorders.change(backorder, at + timedelta(days=2), "PO-1", by=clerk, at=at)
    # then
    assert backorder.customer_told_at is None
    with pytest.raises(NotAllowed):
        backorders.mark_told(backorder, by=clerk, at=at)
    with pytest.raises(Invalid, match="in the past"):
        backorders.change(backorder, at - timedelta(hours=1), "", by=clerk, at=at)


def test_a_count_below_what_is_reserved_is_refused(database: Database, at: datetime) -> None:
    clerk, part, order = make_user(RoleName.PARTS_CLERK), make_part(on_hand=3), make_order()
    stock.reserve(part, order, 2000, by=clerk, at=at)
    with pytest.raises(RuleBroken, match="2 件 are reserved"):
        stock.count(part, make_branch(), 1000, "盘点", by=clerk, at=at)
    assert stock.count(part, make_branch(), 3000, "盘点", by=clerk, at=at) is None


@pytest.mark.parametrize("values", [{"on_hand_milli": -1}, {"reserved_milli": 11_000}])
def test_the_database_refuses_a_shelf_below_zero_or_below_its_reservations(
    database: Database, values: dict[str, int]
) -> None:
    part = make_part(on_hand=10)
    with pytest.raises(sa.exc.IntegrityError):
        session.execute(sa.update(StockLevel).where(StockLevel.part_id == part.id).values(**values))


@pytest.mark.parametrize(
    "statement", [sa.update(StockEntry).values(origin="x"), sa.delete(StockEntry)]
)
def test_the_database_refuses_to_change_the_ledger(
    database: Database, statement: sa.Executable
) -> None:
    make_part(on_hand=1)
    with pytest.raises(sa.exc.IntegrityError, match="append-only"):
        session.execute(statement)
