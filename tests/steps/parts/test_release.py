from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest

from tests.databases import Database
from tests.factories import make_branch, make_order, make_part, make_user
from tests.steps.parts.factories import make_scheduled, sign
from workshop import db
from workshop.catalogue.models import Payer
from workshop.db import session
from workshop.errors import NotAllowed, RuleBroken
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.parts import gates as parts_gates
from workshop.steps.parts import picking, queries, service
from workshop.steps.parts.models import PickLine
from workshop.steps.parts.rules import PickState
from workshop.steps.quotation.models import QuotationKind
from workshop.steps.reception.models import Walkaround
from workshop.steps.reception.rules import OldParts
from workshop.stock import queries as stock_queries
from workshop.stock import service as stock


def only_line(order: RepairOrder) -> PickLine:
    (line,) = queries.list_order_lines(order)
    return line


def codes(order: RepairOrder) -> list[str]:
    return [each.code for each in parts_gates.missing_to_start(order)]


def test_releasing_makes_the_pick_list_by_itself(database: Database, at: datetime) -> None:
    # given
    pads, oil = make_part(on_hand=3), make_part(on_hand=10, unit="升")
    order = make_scheduled((pads, 2000), (oil, 4500))
    # when
    pick_list = service.release(order, by=order.advisor, at=at)
    # then
    assert pick_list is not None
    assert pick_list.no == "PL20261123-0001"
    assert (pick_list.state, pick_list.basket_no) == (PickState.OPEN, 1)
    assert pick_list.needed_by == at + timedelta(minutes=45)
    assert not pick_list.supplementary
    assert order.released_at == at
    lines = queries.list_lines(pick_list)
    assert [(line.ordered_milli, line.reserved_milli, line.short_milli) for line in lines] == [
        (2000, 2000, 0),
        (4500, 4500, 0),
    ]
    assert [line.unit_fen for line in lines] == [38_000, 38_000]
    assert stock.free_milli(order.branch_id, pads.id) == 1000


def test_an_order_without_parts_is_released_without_a_list(
    database: Database, at: datetime
) -> None:
    order = make_scheduled()
    assert service.release(order, by=order.advisor, at=at) is None
    assert order.released_at == at
    assert parts_gates.missing_to_start(order) == []


def test_an_order_that_is_not_scheduled_is_not_released(database: Database, at: datetime) -> None:
    order = make_scheduled((make_part(), 1000), stage=Stage.AUTHORISED)
    with pytest.raises(RuleBroken, match="has a technician, a bay and a time"):
        service.release(order, by=order.advisor, at=at)


def test_an_order_without_a_signature_is_not_released(database: Database, at: datetime) -> None:
    order = make_order(Stage.SCHEDULED)
    with pytest.raises(RuleBroken, match="not signed"):
        service.release(order, by=order.advisor, at=at)


def test_a_technician_does_not_release(database: Database, at: datetime) -> None:
    with pytest.raises(NotAllowed):
        service.release(make_scheduled(), by=make_user(RoleName.TECHNICIAN), at=at)


def test_a_second_release_is_refused(database: Database, at: datetime) -> None:
    order = make_scheduled((make_part(), 1000))
    service.release(order, by=order.advisor, at=at)
    with pytest.raises(RuleBroken, match="Everything that was authorised is released"):
        service.release(order, by=order.advisor, at=at)


def test_what_the_shelf_has_not_is_short_and_on_order_by_the_lead_days(
    database: Database, at: datetime
) -> None:
    # given
    part = make_part(on_hand=1, lead_days=2)
    order = make_scheduled((part, 3000))
    # when
    service.release(order, by=order.advisor, at=at)
    # then
    line = only_line(order)
    assert (line.reserved_milli, line.short_milli) == (1000, 2000)
    (backorder,) = stock_queries.list_waiting(order.branch_id)
    # Monday 10:00 plus two days, when the shop opens at 8.
    assert backorder.expected_at == at + timedelta(days=1, hours=22)
    assert backorder.customer_told_at is None
    assert codes(order) == ["short"]


def test_what_was_reserved_before_the_release_is_used_first(
    database: Database, at: datetime
) -> None:
    part = make_part(on_hand=2)
    order = make_scheduled((part, 2000))
    stock.reserve(part, order, 2000, by=order.advisor, at=at)
    # when
    service.release(order, by=order.advisor, at=at)
    # then
    assert only_line(order).reserved_milli == 2000
    assert stock_queries.held_milli(order.id, part.id) == 2000


def test_an_accepted_addition_gets_a_supplementary_list(database: Database, at: datetime) -> None:
    # given
    main, extra = make_part(), make_part()
    order = make_scheduled((main, 1000))
    first = service.release(order, by=order.advisor, at=at)
    later = at + timedelta(hours=3)
    sign(order, (extra, 1000), kind=QuotationKind.ADDITION, starts_at=later)
    assert codes(order) == ["addition_released"]
    # when
    second = service.release(order, by=order.advisor, at=at)
    # then
    assert first is not None
    assert second is not None
    assert second.supplementary
    assert second.needed_by == later - timedelta(minutes=15)
    assert [line.part_id for line in queries.list_lines(second)] == [extra.id]
    assert (first.basket_no, second.basket_no) == (1, 2)


def test_work_goes_on_while_the_parts_of_an_addition_are_on_the_way(
    database: Database, at: datetime
) -> None:
    # given
    order = make_scheduled((make_part(), 1000))
    service.release(order, by=order.advisor, at=at)
    main_job = queries.job_of(only_line(order).quotation_line)
    clerk = make_user(RoleName.PARTS_CLERK)
    (pick_list,) = queries.list_pick_lists(order)
    picking.pick(only_line(order), by=clerk, at=at)
    technician = service.timing.find_technician(pick_list)
    assert technician is not None
    picking.issue(pick_list, technician, by=clerk, at=at)
    # when
    later = at + timedelta(hours=3)
    (line,) = sign(
        order, (make_part(on_hand=0), 1000), kind=QuotationKind.ADDITION, starts_at=later
    )
    # then
    assert parts_gates.missing_to_start(order, main_job) == []
    assert codes(order) == ["addition_released"]
    service.release(order, by=order.advisor, at=at)
    assert parts_gates.missing_to_start(order, main_job) == []
    assert [m.code for m in parts_gates.missing_to_start(order, queries.job_of(line))] == ["short"]


@pytest.mark.parametrize(
    ("payer", "wish", "kept"),
    [
        (Payer.CUSTOMER, None, False),
        (Payer.CUSTOMER, OldParts.DISPOSE, False),
        (Payer.CUSTOMER, OldParts.TAKE, True),
        (Payer.WARRANTY, OldParts.DISPOSE, True),
    ],
)
def test_old_parts_are_kept_for_the_customer_or_the_warranty(
    database: Database, at: datetime, payer: Payer, wish: OldParts | None, kept: bool
) -> None:
    order = make_scheduled((make_part(), 1000), payer=payer)
    session.add(Walkaround(order_id=order.id, old_parts=wish))
    # when
    service.release(order, by=order.advisor, at=at)
    # then
    assert only_line(order).old_wanted is kept


def test_goods_go_to_the_order_that_waits_even_when_they_come_in_parts(
    database: Database, at: datetime
) -> None:
    # given
    part, clerk, branch = make_part(on_hand=0), make_user(RoleName.PARTS_CLERK), make_branch()
    order, newer = make_scheduled((part, 3000)), make_scheduled((part, 1000))
    service.release(order, by=order.advisor, at=at)
    # when
    served = service.receive_goods(branch, part, 2000, "博世 DN-1", by=clerk, at=at)
    # then
    assert [line.id for line in served] == [only_line(order).id]
    assert (only_line(order).reserved_milli, only_line(order).short_milli) == (2000, 1000)
    # when another order wants it before the rest comes
    service.release(newer, by=newer.advisor, at=at)
    service.receive_goods(branch, part, 1000, "博世 DN-2", by=clerk, at=at)
    # then
    assert (only_line(order).short_milli, only_line(newer).short_milli) == (0, 1000)
    assert codes(order) == ["parts_issued"]


def test_what_a_cancelled_order_lets_go_of_goes_to_who_waits(
    database: Database, at: datetime
) -> None:
    # given
    part = make_part(on_hand=1)
    first, second = make_scheduled((part, 1000)), make_scheduled((part, 1000))
    service.release(first, by=first.advisor, at=at)
    service.release(second, by=second.advisor, at=at)
    # when
    service.cancel_for_order(first, by=first.advisor, at=at)
    service.serve_waiting(first.branch_id, at=at)
    # then
    assert queries.list_pick_lists(first)[0].state is PickState.CANCELLED
    assert only_line(second).reserved_milli == 1000
    assert stock_queries.list_waiting(second.branch_id) == []


def test_the_last_piece_is_reserved_by_one_of_many_simultaneous_releases(
    database: Database, at: datetime
) -> None:
    # given
    part = make_part(on_hand=1)
    orders = [make_scheduled((part, 1000)) for _ in range(12)]
    ids = [(order.id, order.advisor_id) for order in orders]
    branch_id, part_id = orders[0].branch_id, part.id
    db.commit()
    db.session.remove()
    failures: list[BaseException] = []
    start = threading.Barrier(len(ids))

    def release(order_id: int, advisor_id: int) -> None:
        start.wait()
        with database.app.app_context():
            try:
                order, by = (
                    session.get_one(RepairOrder, order_id),
                    session.get_one(User, advisor_id),
                )
                service.release(order, by=by, at=at)
                db.commit()
            except BaseException as error:
                db.rollback()
                failures.append(error)
            finally:
                db.session.remove()

    # when
    threads = [threading.Thread(target=release, args=each) for each in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # then
    assert failures == []
    lines = [only_line(session.get_one(RepairOrder, order_id)) for order_id, _ in ids]
    assert sorted(line.reserved_milli for line in lines) == [0] * 11 + [1000]
    assert sorted(line.short_milli for line in lines) == [0] + [1000] * 11
    assert sorted(line.pick_list.basket_no for line in lines) == list(range(1, 13))
    level = stock_queries.find_level(branch_id, part_id)
    assert level is not None
    assert (level.on_hand_milli, level.reserved_milli) == (1000, 1000)
    assert len(stock_queries.list_waiting(branch_id)) == 11
