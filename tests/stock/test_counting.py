"""A shelf is counted while work goes on; the ledger stays the level's sum whatever happens."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.databases import Database
from tests.factories import make_branch, make_order, make_part, make_user
from tests.stock.factories import TODAY, make_purchase
from workshop import db
from workshop.db import session
from workshop.errors import Conflict, Invalid, NotAllowed, RuleBroken, WorkshopError
from workshop.orders.flow import Stage
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.stock import backorders, reserving
from workshop.stock import queries as stock
from workshop.stock import service as shelf
from workshop.stock.counting import queries
from workshop.stock.counting import service as counting
from workshop.stock.counting.models import Stocktake
from workshop.stock.models import Part, StockMove
from workshop.stock.purchase import queries as bought
from workshop.stock.receipts import queries as received
from workshop.stock.receipts import service as receipts
from workshop.stock.receipts.models import GoodsReceipt
from workshop.stock.receipts.service import Delivery


@pytest.fixture
def clerk(database: Database) -> User:
    return make_user(RoleName.PARTS_CLERK)


def begin(by: User, at: datetime, first: str = "A-01", last: str = "A-09") -> Stocktake:
    count = session.query(Stocktake).count()
    return counting.open_count(make_branch(), first, last, f"ST-{count + 1}", by=by, at=at)


def on_hand(part: Part) -> int:
    level = stock.find_level(make_branch().id, part.id)
    assert level is not None
    assert level.on_hand_milli == stock.ledger_milli(make_branch().id, part.id)
    return level.on_hand_milli


def test_what_moves_after_the_count_stays_moved(clerk: User, at: datetime) -> None:
    # given
    part, stocktake = make_part(on_hand=10), begin(clerk, at)
    held = shelf.reserve(part, make_order(Stage.SCHEDULED), 3_000, by=clerk, at=at)
    # One of ten is missing.
    counting.count(stocktake, part, 9_000, by=clerk, at=at)
    # when
    shelf.issue(held, 3_000, by=clerk, at=at)
    shelf.receive(part, make_branch(), 5_000, "博世 DN-1", by=clerk, at=at)
    counting.book(stocktake, "盘亏", by=clerk, at=at + timedelta(hours=1))
    # then
    # 10 − 3 + 5, and the missing one.
    assert on_hand(part) == 11_000
    (entry,) = [
        each for each in stock.list_entries(make_branch().id, part) if each.move is StockMove.COUNT
    ]
    assert (entry.quantity_milli, entry.origin) == (-1_000, f"{stocktake.no} · 盘亏")


def test_what_stands_in_baskets_is_not_missing(clerk: User, at: datetime) -> None:
    part, stocktake = make_part(on_hand=10), begin(clerk, at)
    line = counting.count(stocktake, part, 8_000, elsewhere_milli=2_000, by=clerk, at=at)
    assert (line.expected_milli, line.difference_milli) == (8_000, 0)


def test_counted_again_the_last_counts_and_another_counter_sees_both(
    clerk: User, at: datetime
) -> None:
    part, stocktake, other = (
        make_part(on_hand=10),
        begin(clerk, at),
        make_user(RoleName.PARTS_CLERK),
    )
    first = counting.count(stocktake, part, 9_000, by=clerk, at=at)
    with pytest.raises(Conflict) as caught:
        counting.count(stocktake, part, 8_000, by=other, at=at)
    assert (caught.value.theirs, caught.value.yours) == ({"Counted": "9"}, {"Counted": "8"})
    counting.count(stocktake, part, 10_000, seen_line=first.id, by=other, at=at)
    assert [each.counted_milli for each in queries.list_lines(stocktake)] == [10_000]
    assert counting.book(stocktake, "复盘", by=clerk, at=at) == []
    assert on_hand(part) == 10_000


def test_a_count_below_what_is_reserved_is_refused_when_it_is_booked(
    clerk: User, at: datetime
) -> None:
    part, stocktake = make_part("PAD-1", on_hand=5), begin(clerk, at)
    shelf.reserve(part, make_order(Stage.SCHEDULED), 4_000, by=clerk, at=at)
    counting.count(stocktake, part, 3_000, by=clerk, at=at)
    with pytest.raises(RuleBroken, match="PAD-1: 3 件 would be left, 4 are reserved"):
        counting.book(stocktake, "盘亏", by=clerk, at=at)
    with pytest.raises(Invalid, match="negative"):
        counting.count(stocktake, part, -1, by=clerk, at=at)
    with pytest.raises(Invalid, match="why the count differs"):
        counting.book(stocktake, " ", by=clerk, at=at)


def test_bins_are_counted_once_at_a_time(clerk: User, at: datetime) -> None:
    first = begin(clerk, at, "A-01", "B-05")
    with pytest.raises(RuleBroken, match=f"Count {first.no} is at these bins"):
        begin(clerk, at, "b-05", "C-01")
    begin(clerk, at, "C-01", "C-09")
    counting.drop(first, "改天", by=clerk, at=at)
    begin(clerk, at, "B-01", "B-01")
    with pytest.raises(Invalid, match="from which bin"):
        begin(clerk, at, "Z", "A")
    with pytest.raises(NotAllowed):
        begin(make_user(RoleName.SERVICE_ADVISOR), at, "Z", "Z")
    with pytest.raises(RuleBroken, match="is over"):
        counting.count(first, make_part(), 1, by=clerk, at=at)


def test_what_turns_up_goes_to_who_waits(clerk: User, at: datetime) -> None:
    part, order, stocktake = make_part(on_hand=0), make_order(Stage.SCHEDULED), begin(clerk, at)
    backorders.note(part, order, 1_000, at, by=clerk, at=at)
    counting.count(stocktake, part, 1_000, by=clerk, at=at)
    assert counting.book(stocktake, "盘盈", by=clerk, at=at) == [part]
    assert stock.held_milli(order.id, part.id) == 1_000


def test_two_counters_at_one_part_at_once(database: Database, at: datetime) -> None:
    # given
    clerk, part = make_user(RoleName.PARTS_CLERK), make_part(on_hand=10)
    stocktake_id, part_id, clerk_id = begin(clerk, at).id, part.id, clerk.id
    db.commit()
    db.session.remove()
    answers: list[str] = []
    start = threading.Barrier(2)

    def count(milli: int) -> None:
        start.wait()
        with database.app.app_context():
            try:
                stocktake = session.get_one(Stocktake, stocktake_id)
                by, counted = session.get_one(User, clerk_id), session.get_one(Part, part_id)
                counting.count(stocktake, counted, milli, by=by, at=at)
                db.commit()
                answers.append("counted")
            except WorkshopError as error:
                db.rollback()
                answers.append(error.code)
            finally:
                db.session.remove()

    # when
    threads = [threading.Thread(target=count, args=(milli,)) for milli in (9_000, 8_000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # then
    assert sorted(answers) == ["conflict", "counted"]
    assert len(queries.list_lines(session.get_one(Stocktake, stocktake_id))) == 1


ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            ["receive", "correct", "reserve", "keep", "let_go", "issue", "return", "count", "book"]
        ),
        st.integers(1, 6),
    ),
    max_size=25,
)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_the_ledger_is_the_level_whatever_happens(
    database: Database, at: datetime, acts: list[tuple[str, int]]
) -> None:
    # given
    clerk, part = make_user(RoleName.PARTS_CLERK), make_part(on_hand=4, price_fen=999_00)
    order, stocktake = make_order(Stage.SCHEDULED), begin(clerk, at)
    purchase = make_purchase((part, 9_000))
    (line,) = bought.list_lines(purchase)
    # when
    for act, number in acts:
        milli = number * 500
        try:
            with session.begin_nested():
                if act == "receive":
                    delivery = Delivery("博世", f"DN-{number}", 10_00)
                    receipts.take_in(
                        part,
                        make_branch(),
                        milli,
                        delivery,
                        today=TODAY,
                        by=clerk,
                        at=at,
                        purchase_line_id=line.id if number % 2 else None,
                    )
                elif act == "correct":
                    for receipt in session.query(GoodsReceipt).filter_by(corrects_id=None):
                        right = max(received.left_milli(receipt) - milli, 0)
                        receipts.correct(receipt, right, "点错", by=clerk, at=at)
                elif act == "reserve":
                    shelf.reserve(part, order, milli, by=clerk, at=at)
                elif act == "keep":
                    reserving.reserve(order, [(part, milli)], lambda _: at, by=clerk, at=at)
                elif act == "let_go":
                    reserving.let_go(order, part, milli, by=clerk, at=at)
                elif act == "issue":
                    for held in stock.list_held(order.id)[:1]:
                        shelf.issue(held, min(milli, held.quantity_milli), by=clerk, at=at)
                elif act == "return":
                    shelf.give_back(part, order, milli, by=clerk, at=at)
                elif act == "count":
                    seen = queries.find_line(stocktake, part.id)
                    counting.count(
                        stocktake, part, milli, seen_line=seen.id if seen else 0, by=clerk, at=at
                    )
                else:
                    counting.book(stocktake, "盘点", by=clerk, at=at)
        except WorkshopError:
            session.expire_all()
    # then
    level = stock.find_level(make_branch().id, part.id)
    assert level is not None
    assert level.on_hand_milli == stock.ledger_milli(make_branch().id, part.id) >= 0
    assert level.reserved_milli == stock.held_milli(order.id, part.id) <= level.on_hand_milli
    (bill,) = bought.bill(purchase).values()
    came = session.query(GoodsReceipt).filter_by(purchase_line_id=line.id)
    assert bill.received == sum(each.quantity_milli for each in came)
    db.rollback()
