"""What people see while they count a shelf."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from tests.factories import make_part, make_user
from tests.steps.parts.factories import make_scheduled
from workshop.db import session
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.parts import picking, queries, service
from workshop.stock import queries as stock
from workshop.stock.counting.models import Stocktake, StocktakeLine

SignIn = Callable[[User], FlaskClient]


def english(role: RoleName) -> User:
    user = make_user(role)
    user.locale = "en"
    return user


@pytest.fixture
def clerk(sign_in: SignIn) -> FlaskClient:
    return sign_in(english(RoleName.PARTS_CLERK))


def begin(browser: FlaskClient) -> str:
    browser.post("/parts/counts", data={"bin_from": "A-01", "bin_to": "A-09"})
    return f"/parts/counts/{session.query(Stocktake).one().no}"


def test_a_shelf_is_counted_again_and_booked(clerk: FlaskClient) -> None:
    # given
    part = make_part("PAD-1", on_hand=10, cost_fen=20_00)
    make_part("PAD-2", on_hand=2)
    address = begin(clerk)
    # when
    clerk.post(f"{address}/lines", data={"part_no": "PAD-1", "counted": "7", "seen": "0"})
    # then
    page = clerk.get(address).text
    # Three of ¥20.00 are missing.
    for words in ("−3", "-¥60.00", "Still to count"):
        assert words in page
    # when
    stale = clerk.post(f"{address}/lines", data={"part_no": "PAD-1", "counted": "9", "seen": "0"})
    # then
    assert stale.status_code == 409
    assert "Somebody else has counted this part meanwhile." in stale.text
    # when
    seen = session.query(StocktakeLine).filter_by(replaced_at=None).one().id
    clerk.post(f"{address}/lines", data={"part_no": "PAD-1", "counted": "9", "seen": seen})
    refused = clerk.post(f"{address}/book")
    assert "Say why the count differs." in refused.text
    clerk.post(f"{address}/book", data={"end-reason": "盘亏"})
    # then
    assert stock.ledger_milli(1, part.id) == 9_000
    page = clerk.get(address).text
    assert "Put into the ledger" in page
    assert "盘亏" in clerk.get("/parts/counts").text


def test_a_full_basket_is_no_loss(clerk: FlaskClient, at: datetime) -> None:
    # given
    part = make_part("PAD-1", on_hand=10)
    order = make_scheduled((part, 2_000))
    pick_list = service.release(order, by=order.advisor, at=at)
    assert pick_list is not None
    (line,) = queries.list_lines(pick_list)
    picking.pick(line, by=make_user(RoleName.PARTS_CLERK), at=at)
    address = begin(clerk)
    # when
    clerk.post(f"{address}/lines", data={"part_no": "PAD-1", "counted": "8", "seen": "0"})
    # then
    counted = session.query(StocktakeLine).one()
    assert (counted.expected_milli, counted.difference_milli) == (8_000, 0)


def test_a_wrong_range_and_a_negative_count_are_told(clerk: FlaskClient) -> None:
    refused = clerk.post("/parts/counts", data={"bin_from": "B-01", "bin_to": "A-01"})
    assert "Say from which bin to which one is counted." in refused.text
    make_part("PAD-1")
    address = begin(clerk)
    again = clerk.post("/parts/counts", data={"bin_from": "A-05", "bin_to": ""})
    assert "is at these bins already" in again.text
    wrong = clerk.post(f"{address}/lines", data={"part_no": "PAD-1", "counted": "-1"})
    assert wrong.status_code == 422
    assert "Enter a quantity such as 2 or 4.5." in wrong.text
    unknown = clerk.post(f"{address}/lines", data={"part_no": "NOPE", "counted": "1"})
    assert "There is no part NOPE." in unknown.text
    clerk.post(f"{address}/drop", data={"end-reason": "改天"})
    assert "Dropped" in clerk.get(address).text


def test_empty_bins_say_what_to_do(clerk: FlaskClient) -> None:
    assert "Nothing was counted yet" in clerk.get("/parts/counts").text
    assert "These bins are empty" in clerk.get(begin(clerk)).text
