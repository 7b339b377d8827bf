"""The price of a day, its history, and the mark-up on the cost."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from tests.databases import Database
from tests.factories import make_branch, make_part, make_user
from tests.stock.factories import TODAY
from workshop.errors import Conflict, Invalid, NotAllowed, RuleBroken
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.stock.models import Part
from workshop.stock.parts import service as parts
from workshop.stock.pricing import queries as prices
from workshop.stock.pricing import rules
from workshop.stock.pricing import service as pricing
from workshop.stock.pricing.rules import STARTER, Tier
from workshop.web import versions


@pytest.fixture
def clerk(database: Database) -> User:
    return make_user(RoleName.PARTS_CLERK)


def on(days: int) -> date:
    return TODAY + timedelta(days=days)


def set_price(part: Part, fen: int, days: int, by: User, at: datetime, **more: object) -> object:
    return pricing.set_price(part, fen, on(days), today=TODAY, by=by, at=at, **more)  # type: ignore[arg-type]


def test_the_price_of_a_day_is_the_newest_that_is_valid_by_then(clerk: User, at: datetime) -> None:
    part = make_part(price_fen=10_000)
    set_price(part, 12_000, 5, clerk, at)
    set_price(part, 11_000, 2, clerk, at)
    # Of one day the later written counts.
    set_price(part, 12_500, 5, clerk, at)
    shown = [prices.price_on(part, on(days)) for days in (-300, 0, 1, 2, 4, 5, 400)]
    assert shown == [10_000, 10_000, 10_000, 11_000, 11_000, 12_500, 12_500]
    found = prices.find_next(part, TODAY)
    assert found is not None
    assert (found.valid_from, found.price_fen) == (on(2), 11_000)


def test_a_coming_price_is_taken_back_once_and_the_one_before_counts_again(
    clerk: User, at: datetime
) -> None:
    part = make_part(price_fen=10_000)
    set_price(part, 12_000, 5, clerk, at)
    row = prices.find_next(part, TODAY)
    assert row is not None
    # when
    pricing.take_back(row, part, "厂家推迟", today=TODAY, by=clerk, at=at)
    # then
    assert prices.price_on(part, on(9)) == 10_000
    with pytest.raises(RuleBroken, match="taken back already"):
        pricing.take_back(row, part, "", today=TODAY, by=clerk, at=at)
    assert [each.takes_back_id for each in prices.list_history(part)] == [row.id, None]


def test_a_price_that_counts_is_not_taken_back_and_none_begins_in_the_past(
    clerk: User, at: datetime
) -> None:
    part = make_part(price_fen=10_000)
    set_price(part, 12_000, 0, clerk, at)
    (row,) = prices.list_history(part)
    with pytest.raises(RuleBroken, match="counts already"):
        pricing.take_back(row, part, "", today=TODAY, by=clerk, at=at)
    with pytest.raises(Invalid, match="in the past"):
        set_price(part, 12_000, -1, clerk, at)
    with pytest.raises(NotAllowed):
        set_price(part, 12_000, 0, make_user(RoleName.SERVICE_ADVISOR), at)


def test_a_price_below_the_cost_is_meant_or_explained(clerk: User, at: datetime) -> None:
    part = make_part(price_fen=10_000, cost_fen=8_000)
    with pytest.raises(RuleBroken) as caught:
        set_price(part, 7_999, 0, clerk, at)
    assert caught.value.code == "below_cost"
    set_price(part, 8_000, 0, clerk, at)
    set_price(part, 7_999, 0, clerk, at, is_meant=True)
    set_price(part, 7_000, 0, clerk, at, reason="清仓")
    assert prices.price_on(part, TODAY) == 7_000


@pytest.mark.parametrize(
    ("cost_fen", "price_fen"),
    [
        # <50 ×1.8, 50–200 ×1.5, 200–1,000 ×1.35, >1,000 ×1.2: worked out by hand.
        (0, 0),
        (10_00, 18_00),
        (49_99, 89_98),
        (50_00, 75_00),
        (199_99, 299_99),
        (200_00, 270_00),
        (1_000_00, 1_350_00),
        (1_000_01, 1_200_01),
        (2_000_00, 2_400_00),
    ],
)
def test_the_starter_mark_up(cost_fen: int, price_fen: int) -> None:
    assert rules.marked_up(cost_fen, STARTER) == price_fen


def test_a_marked_up_price_follows_its_cost_from_today_on(clerk: User, at: datetime) -> None:
    branch = make_branch()
    part = make_part(price_fen=18_00, cost_fen=10_00, is_marked_up=True)
    # when
    parts.set_cost(
        part, 100_00, branch.id, follows=True, today=TODAY, seen_fen=10_00, by=clerk, at=at
    )
    # then
    assert prices.price_on(part, TODAY) == 150_00
    assert prices.price_on(part, on(-1)) == 18_00
    with pytest.raises(Conflict):
        parts.set_cost(
            part, 90_00, branch.id, follows=True, today=TODAY, seen_fen=10_00, by=clerk, at=at
        )
    with pytest.raises(RuleBroken):
        parts.set_cost(
            part, 160_00, branch.id, follows=False, today=TODAY, seen_fen=100_00, by=clerk, at=at
        )


def test_the_mark_up_is_the_branchs_own_and_a_stale_page_is_refused(
    clerk: User, at: datetime
) -> None:
    branch, other = make_branch(), make_branch("west")
    seen = versions.mark(pricing.state_of_tiers(prices.list_tiers(branch.id)))
    pricing.set_tiers(branch.id, [Tier(0, 200)], seen=seen, by=clerk, at=at)
    assert prices.list_tiers(branch.id) == [Tier(0, 200)]
    assert prices.list_tiers(other.id) == list(STARTER)
    with pytest.raises(Conflict):
        pricing.set_tiers(branch.id, [Tier(0, 150)], seen=seen, by=clerk, at=at)


@pytest.mark.parametrize(
    ("tiers", "words"),
    [
        ([], "begins at a cost of 0"),
        ([Tier(1, 150)], "begins at a cost of 0"),
        ([Tier(0, 150), Tier(0, 140)], "same cost"),
        ([Tier(0, 99)], "from 1 to 100"),
    ],
)
def test_a_mark_up_that_is_none_is_refused(
    clerk: User, at: datetime, tiers: list[Tier], words: str
) -> None:
    with pytest.raises(Invalid, match=words):
        pricing.set_tiers(make_branch().id, tiers, by=clerk, at=at)
