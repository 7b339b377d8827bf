from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import pytest
import sqlalchemy as sa

from tests.databases import Database
from tests.factories import make_branch, make_part, make_technician, make_user
from tests.steps.parts.factories import make_scheduled
from workshop.db import session
from workshop.errors import Invalid, NotAllowed, RuleBroken
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.shop.models import Technician
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.parts import gates as parts_gates
from workshop.steps.parts import picking, queries, returns, service, worklist
from workshop.steps.parts.models import PickLine, PickList, PickMove
from workshop.steps.parts.rules import MoveKind, PickState
from workshop.stock import queries as stock_queries
from workshop.stock import service as stock
from workshop.stock.models import Part


class Scene(NamedTuple):
    order: RepairOrder
    pick_list: PickList
    line: PickLine
    part: Part
    clerk: User
    technician: Technician


def make_scene(at: datetime, *, on_hand: int = 5, milli: int = 2000) -> Scene:
    part, clerk, technician = make_part(on_hand=on_hand), make_user(RoleName.PARTS_CLERK), None
    technician = make_technician()
    order = make_scheduled((part, milli), technician=technician)
    pick_list = service.release(order, by=order.advisor, at=at)
    assert pick_list is not None
    (line,) = queries.list_lines(pick_list)
    return Scene(order, pick_list, line, part, clerk, technician)


def on_hand(scene: Scene) -> int:
    level = stock_queries.find_level(scene.order.branch_id, scene.part.id)
    assert level is not None
    assert stock_queries.ledger_milli(level.branch_id, level.part_id) == level.on_hand_milli
    return level.on_hand_milli


def test_parts_go_from_the_shelf_through_the_basket_to_the_technician(
    database: Database, at: datetime
) -> None:
    scene = make_scene(at)
    assert [m.code for m in parts_gates.missing(scene.order)] == ["parts_issued"]
    # when
    picking.pick(scene.line, by=scene.clerk, at=at)
    # then
    assert scene.pick_list.state is PickState.PICKED
    assert (scene.pick_list.picked_at, scene.pick_list.picked_by_id) == (at, scene.clerk.id)
    assert on_hand(scene) == 5000
    # when
    picking.issue(scene.pick_list, scene.technician, by=scene.clerk, at=at)
    # then
    assert scene.pick_list.state is PickState.ISSUED
    assert scene.pick_list.issued_to_id == scene.technician.id
    assert on_hand(scene) == 3000
    assert queries.issued_milli(scene.line.quotation_line_id) == 2000
    assert parts_gates.missing(scene.order) == []
    assert parts_gates.missing_to_settle(scene.order) == []
    kinds = [move.kind for move in queries.list_moves(scene.pick_list)]
    assert kinds == [MoveKind.ISSUED, MoveKind.PICKED]


def test_no_more_is_picked_than_is_reserved(database: Database, at: datetime) -> None:
    scene = make_scene(at, on_hand=1)
    with pytest.raises(RuleBroken, match=r"Only 1 件 .* are reserved and not picked"):
        picking.pick(scene.line, by=scene.clerk, at=at, quantity_milli=2000)
    picking.pick(scene.line, by=scene.clerk, at=at)
    assert scene.pick_list.state is PickState.PARTLY_PICKED
    with pytest.raises(RuleBroken, match="is short"):
        picking.pick(scene.line, by=scene.clerk, at=at)


def test_a_line_is_not_picked_twice(database: Database, at: datetime) -> None:
    scene = make_scene(at)
    picking.pick(scene.line, by=scene.clerk, at=at)
    with pytest.raises(RuleBroken, match="picked already"):
        picking.pick(scene.line, by=scene.clerk, at=at)


def test_an_empty_basket_is_not_issued(database: Database, at: datetime) -> None:
    scene = make_scene(at)
    with pytest.raises(RuleBroken, match="basket is empty"):
        picking.issue(scene.pick_list, scene.technician, by=scene.clerk, at=at)


def test_what_was_picked_by_mistake_goes_back_on_the_shelf(
    database: Database, at: datetime
) -> None:
    scene = make_scene(at)
    picking.pick(scene.line, by=scene.clerk, at=at)
    # when
    picking.put_back(scene.line, by=scene.clerk, at=at)
    # then
    assert scene.pick_list.state is PickState.OPEN
    assert (scene.line.picked_milli, scene.line.reserved_milli) == (0, 2000)
    with pytest.raises(RuleBroken, match="are in the basket"):
        picking.put_back(scene.line, by=scene.clerk, at=at)


def test_the_rest_is_issued_when_it_has_arrived(database: Database, at: datetime) -> None:
    # given
    scene = make_scene(at, on_hand=1)
    picking.pick(scene.line, by=scene.clerk, at=at)
    picking.issue(scene.pick_list, scene.technician, by=scene.clerk, at=at)
    assert scene.pick_list.state is PickState.PARTLY_PICKED
    assert [m.code for m in parts_gates.missing_to_start(scene.order)] == ["short"]
    # when
    service.receive_goods(make_branch(), scene.part, 1000, "博世", by=scene.clerk, at=at)
    picking.pick(scene.line, by=scene.clerk, at=at)
    picking.issue(scene.pick_list, scene.technician, by=scene.clerk, at=at)
    # then
    assert scene.pick_list.state is PickState.ISSUED
    assert on_hand(scene) == 0
    assert parts_gates.missing_to_start(scene.order) == []


def test_only_the_parts_counter_picks_and_issues(database: Database, at: datetime) -> None:
    scene = make_scene(at)
    for name in (RoleName.TECHNICIAN, RoleName.SERVICE_ADVISOR):
        user = make_user(name)
        with pytest.raises(NotAllowed):
            picking.pick(scene.line, by=user, at=at)
        with pytest.raises(NotAllowed):
            picking.issue(scene.pick_list, scene.technician, by=user, at=at)


def test_nothing_is_picked_or_issued_for_a_cancelled_order(
    database: Database, at: datetime
) -> None:
    # given
    scene = make_scene(at)
    picking.pick(scene.line, by=scene.clerk, at=at)
    stock.release_all(scene.order.id, by=scene.order.advisor, at=at)
    scene.order.move_to(Stage.CANCELLED, scene.order.advisor, at)
    # then
    with pytest.raises(RuleBroken, match="ISSUE_PARTS"):
        picking.issue(scene.pick_list, scene.technician, by=scene.clerk, at=at)
    # when
    picking.clear_cancelled(scene.pick_list, by=scene.clerk, at=at)
    # then
    assert scene.pick_list.state is PickState.CANCELLED
    assert (scene.line.picked_milli, scene.line.reserved_milli) == (0, 0)
    assert stock.free_milli(scene.order.branch_id, scene.part.id) == 5000


def test_two_lists_never_share_a_basket(database: Database, at: datetime) -> None:
    # given
    first, second = make_scene(at), make_scene(at)
    assert (first.pick_list.basket_no, second.pick_list.basket_no) == (1, 2)
    # then
    with pytest.raises(RuleBroken, match="Basket 1 is in use"):
        picking.change_basket(second.pick_list, 1, by=second.clerk, at=at)
    with pytest.raises(Invalid):
        picking.change_basket(second.pick_list, 0, by=second.clerk, at=at)
    picking.change_basket(second.pick_list, 7, by=second.clerk, at=at)
    assert second.pick_list.basket_no == 7
    with pytest.raises(sa.exc.IntegrityError):
        session.execute(sa.update(PickList).values(basket_no=3))


def test_unused_parts_hold_up_the_bill_until_they_are_back(
    database: Database, at: datetime
) -> None:
    # given
    scene = make_scene(at)
    picking.pick(scene.line, by=scene.clerk, at=at)
    picking.issue(scene.pick_list, scene.technician, by=scene.clerk, at=at)
    # when
    returns.report_unused(scene.line, 1000, by=scene.technician.user, at=at)
    # then
    assert [m.code for m in parts_gates.missing_to_settle(scene.order)] == ["parts_returned"]
    # when
    returns.give_back(scene.line, 1000, by=scene.clerk, at=at)
    # then
    assert parts_gates.missing_to_settle(scene.order) == []
    assert queries.issued_milli(scene.line.quotation_line_id) == 1000
    assert on_hand(scene) == 4000
    assert scene.pick_list.state is PickState.ISSUED


def test_no_more_is_returned_than_was_issued(database: Database, at: datetime) -> None:
    scene = make_scene(at)
    picking.pick(scene.line, by=scene.clerk, at=at)
    with pytest.raises(RuleBroken, match="Only 0 件"):
        returns.give_back(scene.line, 1000, by=scene.clerk, at=at)
    picking.issue(scene.pick_list, scene.technician, by=scene.clerk, at=at)
    with pytest.raises(RuleBroken, match="Only 2 件"):
        returns.give_back(scene.line, 2001, by=scene.clerk, at=at)
    with pytest.raises(RuleBroken, match="Only 2 件"):
        returns.report_unused(scene.line, 2001, by=scene.clerk, at=at)
    returns.give_back(scene.line, 2000, by=scene.clerk, at=at)
    assert scene.pick_list.state is PickState.ISSUED


def test_nothing_is_returned_once_the_order_is_settled(database: Database, at: datetime) -> None:
    scene = make_scene(at)
    picking.pick(scene.line, by=scene.clerk, at=at)
    picking.issue(scene.pick_list, scene.technician, by=scene.clerk, at=at)
    scene.order.settled_at = at
    with pytest.raises(RuleBroken, match="is settled"):
        returns.give_back(scene.line, 1000, by=scene.clerk, at=at)


def test_parts_that_are_not_issued_hold_up_the_bill(database: Database, at: datetime) -> None:
    scene = make_scene(at)
    assert [m.code for m in parts_gates.missing_to_settle(scene.order)] == ["parts_issued"]


def test_an_old_part_is_bagged_only_when_somebody_wants_it(
    database: Database, at: datetime
) -> None:
    scene = make_scene(at)
    with pytest.raises(RuleBroken, match="Nobody wants the old part"):
        returns.bag_old(scene.line, by=scene.clerk, at=at)
    returns.want_old(scene.line, True, by=scene.order.advisor, at=at)
    returns.bag_old(scene.line, by=scene.clerk, at=at)
    assert scene.line.old_bagged_at == at


def test_closing_an_order_frees_its_basket(database: Database, at: datetime) -> None:
    scene = make_scene(at)
    picking.pick(scene.line, by=scene.clerk, at=at)
    picking.issue(scene.pick_list, scene.technician, by=scene.clerk, at=at)
    assert queries.list_baskets_in_use(scene.order.branch_id) == [1]
    returns.close_for_order(scene.order, at=at)
    assert queries.list_baskets_in_use(scene.order.branch_id) == []


def test_the_history_of_a_line_takes_new_entries_only(database: Database, at: datetime) -> None:
    scene = make_scene(at)
    picking.pick(scene.line, by=scene.clerk, at=at)
    session.flush()
    with pytest.raises(sa.exc.IntegrityError, match="append-only"):
        session.execute(sa.delete(PickMove))


@pytest.mark.parametrize(
    "values", [{"picked_milli": 2001}, {"issued_milli": 1}, {"reserved_milli": 2001}]
)
def test_the_database_refuses_quantities_that_cannot_be(
    database: Database, at: datetime, values: dict[str, int]
) -> None:
    make_scene(at)
    with pytest.raises(sa.exc.IntegrityError):
        session.execute(sa.update(PickLine).values(**values))


def test_a_line_counts_as_picked_when_all_of_it_lies_in_the_basket() -> None:
    lines = [
        PickLine(reserved_milli=2000, short_milli=0, picked_milli=milli)
        for milli in (0, 1000, 2000)
    ]
    assert worklist.Row(PickList(), lines, None).picked_count == 1
