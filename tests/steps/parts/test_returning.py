"""A returned part: why, in what state, and whether the work waits for another one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import make_user
from tests.steps.parts.test_picking import Scene, make_scene, on_hand
from workshop.db import session
from workshop.errors import NotAllowed, RuleBroken
from workshop.orders import cancellation
from workshop.orders.models import JobState
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.parts import gates, picking, queries, replacing, returns
from workshop.steps.parts.rules import PickState, ReturnReason
from workshop.stock import queries as stock
from workshop.stock.quarantine import service as quarantine
from workshop.stock.quarantine.models import QuarantineEnd
from workshop.stock.suppliers.models import Supplier


def _issued(at: datetime, on_hand: int = 5) -> Scene:
    scene = make_scene(at, on_hand=on_hand)
    picking.pick(scene.line, by=scene.clerk, at=at)
    picking.issue(scene.pick_list, scene.technician, by=scene.clerk, at=at)
    return scene


def test_the_good_piece_is_issued_after_a_defective_one_came_back(
    database: Database, at: datetime
) -> None:
    # given two pads issued of five
    scene = _issued(at)
    # when one is defective
    returns.give_back(
        scene.line, 1000, reason=ReturnReason.DEFECTIVE, note="裂纹", by=scene.clerk, at=at
    )
    # then it lies apart, and the list goes on
    assert on_hand(scene) == 3000
    (row,) = quarantine.list_open(scene.order.branch_id)
    assert (row.quantity_milli, row.note, row.order_id) == (1000, "裂纹", scene.order.id)
    assert scene.pick_list.state is PickState.PARTLY_PICKED
    assert [m.code for m in gates.missing_to_settle(scene.order)] == ["parts_issued"]
    assert stock.held_milli(scene.order.id, scene.part.id) == 1000
    # when
    picking.pick(scene.line, by=scene.clerk, at=at)
    picking.issue(scene.pick_list, scene.technician, by=scene.clerk, at=at)
    # then
    assert scene.pick_list.state is PickState.ISSUED
    assert gates.missing_to_settle(scene.order) == []
    assert queries.issued_milli(scene.line.quotation_line_id) == 2000
    assert on_hand(scene) == 2000


def test_the_last_piece_was_defective_so_the_next_is_ordered(
    database: Database, at: datetime
) -> None:
    # given nothing else on the shelf
    scene = _issued(at, on_hand=2)
    # when
    returns.give_back(scene.line, 1000, reason=ReturnReason.DEFECTIVE, by=scene.clerk, at=at)
    # then the defective one is not given out again
    assert on_hand(scene) == 0
    assert (scene.line.short_milli, scene.line.to_pick_milli) == (1000, 0)
    assert [each.quantity_milli for each in stock.list_backorders(scene.order.id)] == [1000]
    assert "short" in {m.code for m in gates.missing_to_start(scene.order)}
    # when the work goes on without it
    with pytest.raises(RuleBroken, match="Only 1 件"):
        replacing.give_up(scene.line, 2000, by=scene.clerk, at=at)
    replacing.give_up(scene.line, 1000, by=scene.clerk, at=at)
    # then
    assert scene.pick_list.state is PickState.ISSUED
    assert stock.list_backorders(scene.order.id) == []


def test_a_wrong_piece_goes_back_on_the_shelf_and_the_right_one_is_kept(
    database: Database, at: datetime
) -> None:
    scene = _issued(at, on_hand=2)
    returns.give_back(scene.line, 1000, reason=ReturnReason.WRONG_PART, by=scene.clerk, at=at)
    assert (on_hand(scene), scene.line.to_pick_milli) == (1000, 1000)
    assert quarantine.list_open(scene.order.branch_id) == []


def test_a_piece_that_was_not_needed_is_issued_again_when_it_is(
    database: Database, at: datetime
) -> None:
    # given all came back
    scene = _issued(at)
    returns.give_back(scene.line, 2000, reason=ReturnReason.NOT_NEEDED, by=scene.clerk, at=at)
    assert scene.pick_list.state is PickState.ISSUED
    # when
    with pytest.raises(NotAllowed):
        replacing.need_again(scene.line, 1000, by=make_user(RoleName.CASHIER), at=at)
    with pytest.raises(RuleBroken, match="Only 2 件"):
        replacing.need_again(scene.line, 3000, by=scene.clerk, at=at)
    replacing.need_again(scene.line, 1000, by=scene.clerk, at=at)
    picking.pick(scene.line, by=scene.clerk, at=at)
    picking.issue(scene.pick_list, scene.technician, by=scene.clerk, at=at)
    # then
    assert queries.issued_milli(scene.line.quotation_line_id) == 1000
    assert on_hand(scene) == 4000


def test_nothing_is_needed_again_for_work_that_was_called_off(
    database: Database, at: datetime
) -> None:
    scene = _issued(at)
    job = queries.job_of(scene.line.quotation_line)
    assert job is not None
    job.state = JobState.CANCELLED
    returns.give_back(scene.line, 2000, reason=ReturnReason.DEFECTIVE, by=scene.clerk, at=at)
    assert scene.line.again_milli == 0
    with pytest.raises(RuleBroken) as caught:
        replacing.need_again(scene.line, 1000, by=scene.clerk, at=at)
    assert caught.value.way is not None


def test_the_basket_of_a_cancelled_order_is_free_once_its_parts_are_back(
    database: Database, at: datetime
) -> None:
    scene = _issued(at)
    returns.give_back(scene.line, 2000, by=scene.clerk, at=at)
    cancellation.cancel_order(scene.order, "客户不修了", by=scene.order.advisor, at=at)
    returns.close_finished(scene.order.branch_id, at=at)
    assert scene.pick_list.state is PickState.CLOSED


def test_a_defective_piece_is_claimed_and_decided_once(database: Database, at: datetime) -> None:
    # given
    scene = _issued(at)
    returns.give_back(scene.line, 1000, reason=ReturnReason.DEFECTIVE, by=scene.clerk, at=at)
    (row,) = quarantine.list_open(scene.order.branch_id)
    supplier = _make_supplier(scene.clerk, at)
    # when
    quarantine.claim(row, supplier, "SP-7", by=scene.clerk, at=at)
    quarantine.end(row, QuarantineEnd.FOUND_GOOD, "复检合格", by=scene.clerk, at=at)
    # then
    assert on_hand(scene) == 4000
    assert quarantine.list_open(scene.order.branch_id) == []
    with pytest.raises(RuleBroken, match="decided before"):
        quarantine.end(row, QuarantineEnd.SCRAPPED, "", by=scene.clerk, at=at)


def _make_supplier(by: User, at: datetime) -> Supplier:
    supplier = Supplier(name="华东配件", made_at=at, made_by_id=by.id)
    session.add(supplier)
    session.flush()
    return supplier


def test_the_pages_take_a_defective_part_back_and_decide_on_it(
    database: Database, at: datetime, sign_in: Callable[[User], FlaskClient]
) -> None:
    # given
    scene = _issued(at)
    _make_supplier(scene.clerk, at)
    scene.clerk.locale = "en"
    session.commit()
    client, line_id, list_no = sign_in(scene.clerk), scene.line.id, scene.pick_list.no
    assert "No defective parts" in client.get("/parts/quarantine").text
    # when
    sent = {"quantity": "1", "reason": "defective", "note": "裂纹"}
    assert client.post(f"/parts/lines/{line_id}/return", data=sent).status_code == 302
    # then
    page = client.get(f"/parts/{list_no}").text
    assert "No other one is needed" in page
    shelf = client.get("/parts/quarantine").text
    assert "裂纹" in shelf
    assert "Not claimed yet" in shelf
    # when
    (row,) = quarantine.list_open(scene.order.branch_id)
    url = f"/parts/quarantine/{row.id}"
    supplier_id = session.query(Supplier).one().id
    claimed = client.post(f"{url}/claim", data={"supplier_id": supplier_id, "claim_no": "SP-7"})
    assert claimed.status_code == 302
    assert "Claimed from 华东配件" in client.get("/parts/quarantine").text
    assert client.post(f"{url}/end", data={"how": "nothing"}).status_code == 422
    assert client.post(f"{url}/end", data={"how": "credited"}).status_code == 302
    assert "The supplier credited them" in client.get("/parts/quarantine").text
    gone = client.post(f"/parts/lines/{line_id}/give-up", data={"quantity": "1"})
    assert gone.status_code == 302
    again = client.post(f"/parts/lines/{line_id}/again", data={"quantity": "9"})
    assert again.status_code == 409
