"""The rules of reception and the drawn car, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from workshop.errors import Invalid
from workshop.steps.reception import gates, rules
from workshop.steps.reception.car import zones
from workshop.steps.reception.car.shapes import DRAWINGS, CarView, mirrored
from workshop.steps.reception.rules import CoverKind, Facts

DONE = Facts(
    is_identified=True,
    has_mileage=True,
    has_energy=True,
    is_electric=False,
    unchecked_views=[],
    open_covers=[],
    valuables_asked=True,
)


def test_nothing_is_missing_when_all_is_done() -> None:
    assert gates.missing_in(DONE) == []


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (replace(DONE, is_identified=False), "vin"),
        (replace(DONE, has_mileage=False), "mileage"),
        (replace(DONE, has_energy=False), "energy"),
        (replace(DONE, unchecked_views=["left"]), "views"),
        (replace(DONE, open_covers=[CoverKind.SEAT]), "covers"),
        (replace(DONE, valuables_asked=False), "valuables"),
    ],
)
def test_each_missing_fact_is_named(facts: Facts, code: str) -> None:
    assert [missing.code for missing in gates.missing_in(facts)] == [code]


def test_the_level_is_called_by_what_drives_the_car() -> None:
    electric = replace(DONE, has_energy=False, is_electric=True)
    assert "charge" in str(gates.missing_in(electric)[0])
    assert "fuel" in str(gates.missing_in(replace(electric, is_electric=False))[0])


@pytest.mark.parametrize("eighths", range(9))
def test_eighths_survive_as_whole_per_cent(eighths: int) -> None:
    assert rules.eighths_of_percent(rules.percent_of_eighths(eighths)) == eighths


@pytest.mark.parametrize("eighths", [-1, 9])
def test_a_gauge_has_eight_eighths(eighths: int) -> None:
    with pytest.raises(Invalid):
        rules.percent_of_eighths(eighths)


def test_a_booked_car_goes_first_once_its_slot_has_come() -> None:
    # given
    at = datetime(2026, 11, 23, 2, tzinfo=UTC)
    walk_in = rules.turn(at - timedelta(minutes=40), None, at)
    due = rules.turn(at - timedelta(minutes=2), at - timedelta(minutes=5), at)
    early = rules.turn(at - timedelta(minutes=3), at + timedelta(minutes=30), at)
    # then
    assert sorted([early, walk_in, due]) == [due, walk_in, early]


def test_every_place_lies_on_its_view_and_is_the_nearest_to_itself() -> None:
    assert len({zone.code for zone in zones.ZONES}) == len(zones.ZONES)
    for zone in zones.ZONES:
        drawing = DRAWINGS[zone.view]
        assert 0 <= zone.x <= drawing.width
        assert 0 <= zone.y <= drawing.height
        assert zones.nearest_zone(zone.view, zone.x, zone.y) is zone


def test_every_view_has_places_and_a_drawing() -> None:
    for view in CarView:
        assert any(zone.view is view for zone in zones.ZONES)
        assert DRAWINGS[view].shapes


def test_a_mark_goes_to_the_tapped_point_of_the_chosen_view() -> None:
    zone, x, y = zones.place("left_front_door", CarView.LEFT, 430, 215)
    assert (zone.view, x, y) == (CarView.LEFT, 430, 215)


def test_a_point_of_another_view_or_none_means_the_middle_of_the_place() -> None:
    zone = zones.get_zone("roof")
    assert zones.place("roof", CarView.LEFT, 1, 1) == (zone, zone.x, zone.y)
    assert zones.place("roof", None, None, None) == (zone, zone.x, zone.y)


def test_a_point_outside_is_brought_to_the_edge_and_an_unknown_place_is_refused() -> None:
    assert zones.place("roof", CarView.TOP, 9999, -5)[1:] == (1000, 0)
    with pytest.raises(Invalid, match="place"):
        zones.place("wing", None, None, None)


def test_a_path_is_mirrored_from_side_to_side_or_from_top_to_bottom() -> None:
    assert mirrored("M 10 20 L 30 40 Z", width=100) == "M 90 20 L 70 40 Z"
    assert mirrored("M 10 20 C 1 2 3 4 5 6", height=50) == "M 10 30 C 1 48 3 46 5 44"
