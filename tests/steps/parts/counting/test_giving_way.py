"""Less was counted than is kept for orders: who gives way is chosen, and waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import make_branch
from tests.steps.parts.factories import make_scheduled
from tests.steps.parts.test_picking import Scene, make_scene
from workshop.db import session
from workshop.errors import RuleBroken
from workshop.orders.models import RepairOrder
from workshop.staff.models import User
from workshop.steps.parts import gates, picking, queries, service
from workshop.steps.parts.counting import counting, giving_way
from workshop.stock import queries as stock
from workshop.stock import service as shelf


def _two(at: datetime) -> tuple[Scene, RepairOrder]:
    """Two orders keep two each of five; the second was promised later."""
    scene = make_scene(at)
    scene.order.promised_at = at + timedelta(hours=3)
    second = make_scheduled((scene.part, 2000))
    second.promised_at = at + timedelta(hours=6)
    service.release(second, by=second.advisor, at=at)
    session.flush()
    return scene, second


def test_the_chosen_order_gives_way_and_waits_for_the_part(
    database: Database, at: datetime
) -> None:
    # given
    scene, second = _two(at)
    branch, part, by = make_branch(), scene.part, scene.clerk
    with pytest.raises(RuleBroken, match="are reserved for orders") as caught:
        service.count_stock(branch, part, 3000, "少一件", by=by, at=at)
    assert caught.value.way is not None
    assert caught.value.way.endpoint == "parts.give_way"
    want = giving_way.want_of(branch.id, part, 3000)
    assert want.missing_milli == 1000
    assert [each.order for each in want.holders] == [second, scene.order]
    # when nobody is chosen
    with pytest.raises(RuleBroken, match="still kept too many"):
        giving_way.count_one(branch, part, 3000, "少一件", [], by=by, at=at)
    # when
    giving_way.count_one(branch, part, 3000, "少一件", [second.id], by=by, at=at)
    # then exactly what is missing is opened again
    level = stock.find_level(branch.id, part.id)
    assert level is not None
    assert (level.on_hand_milli, level.reserved_milli) == (3000, 3000)
    (line,) = queries.list_order_lines(second)
    assert (line.reserved_milli, line.short_milli) == (1000, 1000)
    (waiting,) = stock.list_backorders(second.id)
    assert (waiting.quantity_milli, waiting.customer_told_at) == (1000, None)
    assert "short" in {m.code for m in gates.missing_to_start(second)}
    # when goods come, the order is served
    shelf.receive(part, branch, 1000, "补货", by=by, at=at)
    service.take_arrivals(part, branch.id, at)
    assert line.short_milli == 0


def test_what_stands_in_a_basket_is_put_back_first(database: Database, at: datetime) -> None:
    scene, second = _two(at)
    picking.pick(scene.line, by=scene.clerk, at=at)
    want = giving_way.want_of(second.branch_id, scene.part, 1000)
    assert [each.can_give_milli for each in want.holders] == [2000, 0]
    chosen = [second.id, scene.order.id]
    with pytest.raises(RuleBroken, match="still kept too many"):
        giving_way.count_one(make_branch(), scene.part, 1000, "少", chosen, by=scene.clerk, at=at)


def test_a_stocktake_is_booked_with_who_gives_way(database: Database, at: datetime) -> None:
    # given
    scene, second = _two(at)
    branch, by, part = make_branch(), scene.clerk, scene.part
    found = counting.open_count(branch, "A-01", "", by=by, at=at)
    counting.count(found, part, 2000, 0, by=by, at=at)
    with pytest.raises(RuleBroken) as caught:
        counting.book(found, "盘亏", by=by, at=at)
    assert caught.value.way is not None
    assert caught.value.way.endpoint == "parts.count_give_way"
    # when
    giving_way.book(found, "盘亏", {part.id: [second.id]}, by=by, at=at)
    # then
    assert found.booked_at == at
    assert stock.held_milli(second.id, part.id) == 0
    assert stock.held_milli(scene.order.id, part.id) == 2000


def test_the_page_lists_who_gives_way_and_sets_the_shelf(
    database: Database, at: datetime, sign_in: Callable[[User], FlaskClient]
) -> None:
    # given
    scene, second = _two(at)
    scene.clerk.locale = "en"
    session.commit()
    client, part_id = sign_in(scene.clerk), scene.part.id
    # when
    refused = client.post(f"/parts/stock/{part_id}/count", data={"counted": "3", "reason": "少"})
    # then the refusal leads to the page
    assert refused.status_code == 409
    url = f"/parts/stock/{part_id}/give-way"
    assert f'href="{url}?counted=3&amp;reason=' in refused.text
    page = client.get(f"{url}?counted=3&reason=少").text
    assert second.no in page
    # when
    sent = {"counted": "3", "reason": "少", "gives": f"{part_id}-{second.id}"}
    assert client.post(url, data={**sent, "gives": ""}).status_code == 409
    assert client.post(url, data=sent).status_code == 302
    # then
    assert "Nobody has to give way" in client.get(f"{url}?counted=3&reason=少").text
