"""Limits at, below and above; lists of kinds of jobs; what the law allows. Without a database."""

from __future__ import annotations

import pytest

from workshop.catalogue.checklists import rules
from workshop.catalogue.checklists.rules import Light, Limits

TREAD = Limits(green_low=3500, red_low=1600)
CHARGE = Limits(green_low=13_800, green_high=14_500, red_low=13_200, red_high=14_800)


@pytest.mark.parametrize(
    ("limits", "milli", "light"),
    [
        (TREAD, 1599, Light.RED),
        (TREAD, 1600, Light.YELLOW),
        (TREAD, 3499, Light.YELLOW),
        (TREAD, 3500, Light.GREEN),
        (CHARGE, 13_199, Light.RED),
        (CHARGE, 13_200, Light.YELLOW),
        (CHARGE, 13_800, Light.GREEN),
        (CHARGE, 14_500, Light.GREEN),
        (CHARGE, 14_501, Light.YELLOW),
        (CHARGE, 14_800, Light.YELLOW),
        (CHARGE, 14_801, Light.RED),
        (Limits(red_high=0), 0, Light.GREEN),
        (Limits(red_high=0), 1000, Light.RED),
        (Limits(), -5, Light.GREEN),
    ],
)
def test_a_value_on_a_limit_counts_to_the_better_side(
    limits: Limits, milli: int, light: Light
) -> None:
    assert limits.light_of(milli) is light


def test_four_wheels_are_as_good_as_the_worst() -> None:
    assert TREAD.worst_of([5000, 4000]) is Light.GREEN
    assert TREAD.worst_of([5000, 3000, 4000]) is Light.YELLOW
    assert TREAD.worst_of([5000, 3000, 1500]) is Light.RED


def test_numbers_are_read_as_people_type_them() -> None:
    assert rules.values_in("7.5 / 7,2 / 6 mm") == [7500, 7200, 6000]
    assert rules.values_in("−12 °C") == [-12_000]
    assert rules.values_in("左7.5 右7.2mm；12V") == [7500, 7200, 12_000]
    assert rules.values_in("好的") == []


@pytest.mark.parametrize(
    "typed", ["1e2", "1E2 mm", "0x10", "1_000", "1.2.3", "7.5 / 1e2", "7.5-6.9", "٣", "7.12345"]
)
def test_only_plain_decimals_are_measured_values(typed: str) -> None:
    assert rules.values_in(typed) == []


def test_limits_go_up_from_red_over_green_to_red() -> None:
    assert CHARGE.is_ordered
    assert Limits(red_low=2, green_low=2).is_ordered
    assert not Limits(red_low=3, green_low=2).is_ordered
    assert not Limits(red_low=3, red_high=2).is_ordered


def test_the_laws_limit_is_made_stricter_and_never_looser() -> None:
    assert not rules.is_loosened(Limits(red_low=1600), 1600, None)
    assert not rules.is_loosened(Limits(red_low=2000), 1600, None)
    assert rules.is_loosened(Limits(red_low=1599), 1600, None)
    assert rules.is_loosened(Limits(), 1600, None)
    assert rules.is_loosened(Limits(red_high=11), None, 10)
    assert not rules.is_loosened(Limits(red_high=9), None, 10)


def test_a_list_is_of_the_jobs_whose_codes_begin_so() -> None:
    assert rules.covers("B- brakes", ["B-PAD-F", "chassis"])
    assert rules.covers("D-，P- body", ["p-panel"])
    assert rules.covers("high_voltage hv", ["hv2"])
    assert not rules.covers("B- brakes", ["M-OIL", "maintenance"])
    assert not rules.covers("", ["M-OIL"])
