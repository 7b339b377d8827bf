"""How far a part still goes, from two measurements: the rule, without a database."""

from __future__ import annotations

import pytest

from workshop.catalogue.checklists.models import ChecklistItem
from workshop.catalogue.checklists.rules import ItemKind, Limits, Spot
from workshop.inspections.trend import Course, Measured, Trend, foresee

PADS = Limits(green_low=5000, red_low=1600)
ONE = Spot.WHOLE


def measured(milli: int, km: int | None) -> Measured:
    return Measured({ONE: milli}, km)


def test_wear_by_the_kilometre_says_how_far_a_pad_still_goes() -> None:
    # 5.0 mm in May at 40,000 km, 3.1 mm now at 47,600: 1.9 mm in 7,600 km, 1.5 mm are left.
    found = foresee(PADS, measured(5000, 40_000), measured(3100, 47_600))
    assert found == Trend(Course.WEARS, 6000)


def test_under_a_thousand_kilometres_it_is_told_in_hundreds() -> None:
    found = foresee(PADS, measured(3000, 10_000), measured(2000, 12_000))
    assert found == Trend(Course.WEARS, 800)


def test_the_wheel_with_the_shortest_way_left_decides() -> None:
    was = Measured({Spot.FRONT_LEFT: 6000, Spot.REAR_LEFT: 6000}, 10_000)
    now = Measured({Spot.FRONT_LEFT: 3600, Spot.REAR_LEFT: 5000}, 20_000)
    assert foresee(PADS, was, now) == Trend(Course.WEARS, 8000)


def test_what_grew_was_replaced_and_foretells_nothing() -> None:
    assert foresee(PADS, measured(3000, 10_000), measured(12_000, 20_000)) == Trend(Course.RENEWED)


def test_a_gauge_in_another_hand_is_no_new_part() -> None:
    found = foresee(PADS, measured(5000, 10_000), measured(5200, 20_000))
    assert found == Trend(Course.STEADY)


def test_wheels_that_changed_places_foretell_nothing() -> None:
    was = Measured({Spot.FRONT_LEFT: 3000, Spot.REAR_LEFT: 6000}, 10_000)
    now = Measured({Spot.FRONT_LEFT: 5900, Spot.REAR_LEFT: 2900}, 20_000)
    assert foresee(PADS, was, now) == Trend(Course.SWAPPED)


def test_without_an_odometer_or_a_way_nothing_is_foretold() -> None:
    for was_km, now_km in ((None, 20_000), (10_000, None), (10_000, 10_499), (20_000, 10_000)):
        found = foresee(PADS, measured(5000, was_km), measured(4000, now_km))
        assert found == Trend(Course.NO_DISTANCE), (was_km, now_km)


def test_no_wear_is_steady_and_hardly_any_is_more_than_anybody_foresees() -> None:
    assert foresee(PADS, measured(5000, 1_000), measured(5000, 9_000)) == Trend(Course.STEADY)
    found = foresee(PADS, measured(8000, 1_000), measured(7900, 9_000))
    assert found == Trend(Course.WEARS, 60_000, is_more=True)


def test_a_part_below_its_least_value_is_due() -> None:
    assert foresee(PADS, measured(3000, 1_000), measured(1500, 9_000)) == Trend(Course.DUE)


def test_what_has_no_least_value_does_not_wear() -> None:
    assert foresee(Limits(green_high=8000), measured(5000, 1), measured(9000, 9_000)) is None
    assert foresee(PADS, Measured({}, 1), measured(5000, 9_000)) is None


@pytest.mark.parametrize(
    ("unit", "least", "wears"),
    [("mm", 1600, True), ("mm", None, False), ("V", 12_200, False), ("%", 70_000, False)],
)
def test_only_what_gets_thinner_wears(unit: str, least: int | None, wears: bool) -> None:
    item = ChecklistItem(kind=ItemKind.MEASURED, unit=unit, red_low_milli=least)
    assert item.wears is wears
