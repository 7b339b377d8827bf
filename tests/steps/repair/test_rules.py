"""Points, haste, undo, checklists and road tests, without a database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import AT
from workshop.steps.repair import rules
from workshop.steps.repair.rules import Point, Verdict


def test_the_six_points_are_the_two_acts_and_four_by_hand() -> None:
    assert len(Point) == 6
    assert set(Point) - set(rules.POINTS_BY_HAND) == {Point.START, Point.FINISH}


def test_the_points_missing_before_the_finish_never_include_the_finish() -> None:
    assert rules.points_missing([]) == [Point.START, *rules.POINTS_BY_HAND]
    assert rules.points_missing([Point.START, *rules.POINTS_BY_HAND]) == []


@pytest.mark.parametrize(("seconds", "hurried"), [(0, True), (2.9, True), (3, False), (60, False)])
def test_a_tick_within_three_seconds_of_the_one_before_is_hurried(
    seconds: float, hurried: bool
) -> None:
    assert rules.is_hurried(AT, AT + timedelta(seconds=seconds)) is hurried


def test_the_first_tick_is_never_hurried() -> None:
    assert not rules.is_hurried(None, AT)


@pytest.mark.parametrize(("seconds", "can"), [(0, True), (10, True), (10.1, False)])
def test_a_slip_is_taken_back_within_ten_seconds(seconds: float, can: bool) -> None:
    assert rules.can_undo(AT, AT + timedelta(seconds=seconds)) is can


def test_one_bad_item_fails_a_check_and_attention_does_not() -> None:
    assert rules.is_passed([Verdict.GOOD, Verdict.ATTENTION, Verdict.NOT_APPLICABLE])
    assert not rules.is_passed([Verdict.GOOD, Verdict.BAD])


def test_brakes_and_repeat_repairs_are_driven_and_an_oil_change_is_not() -> None:
    assert rules.needs_road_test(["brakes"], is_repeat=False)
    assert rules.needs_road_test(["electrics"], is_repeat=True)
    assert not rules.needs_road_test(["maintenance"], is_repeat=False)


@pytest.mark.parametrize(
    ("count", "in_guarantee", "alarm"),
    [(1, True, False), (2, True, True), (3, True, True), (2, False, False)],
)
def test_the_second_return_within_the_guarantee_asks_for_another_shop(
    count: int, in_guarantee: bool, alarm: bool
) -> None:
    assert rules.must_offer_other_shop(count, in_guarantee=in_guarantee) is alarm


def test_minutes_are_rounded_half_up() -> None:
    assert rules.minutes_between(AT, AT + timedelta(seconds=89)) == 1
    assert rules.minutes_between(AT, AT + timedelta(seconds=90)) == 2


def test_shared_minutes_are_all_shared() -> None:
    assert rules.share(60, {1: 30, 2: 90}) == {1: 15, 2: 45}
    assert rules.share(10, {1: 1, 2: 1, 3: 1}) == {1: 3, 2: 3, 3: 4}
    assert rules.share(10, {1: 0, 2: 0}) == {1: 5, 2: 5}
    assert rules.share(60, {}) == {}
