"""Plain rules: which price holds on a day, figures by class of car, a fixed price to the fen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.catalogue import rules


@dataclass(frozen=True)
class Line:
    id: int
    valid_from: date
    takes_back_id: int | None = None


MAY = [date(2026, 5, day) for day in range(1, 32)]


@pytest.mark.parametrize(("day", "found"), [(8, None), (9, 1), (19, 1), (20, 2), (31, 2)])
def test_the_price_of_a_day_is_the_newest_that_has_begun(day: int, found: int | None) -> None:
    lines = [Line(2, MAY[19]), Line(1, MAY[8])]
    held = rules.on_day(lines, MAY[day - 1])
    assert (held.id if held else None) == found


def test_of_two_that_begin_on_one_day_the_later_holds() -> None:
    held = rules.on_day([Line(2, MAY[3]), Line(1, MAY[3])], MAY[4])
    assert held is not None
    assert held.id == 2


def test_what_was_taken_back_never_holds() -> None:
    lines = [Line(1, MAY[0]), Line(2, MAY[9]), Line(3, MAY[9], takes_back_id=2)]
    held = rules.on_day(lines, MAY[20])
    assert held is not None
    assert held.id == 1


@pytest.mark.parametrize(
    ("size", "minutes"), [("compact", 50), ("mid", 60), ("suv", 75), (None, 60)]
)
def test_a_class_has_its_own_figure(size: str | None, minutes: int) -> None:
    assert rules.of_size(size, 50, 60, 75) == minutes
    assert rules.of_size(size, None, 60, None) == 60


@pytest.mark.parametrize(
    ("energies", "energy", "suits"),
    [
        ([], "electric", True),
        (["fuel", "hybrid"], "electric", False),
        (["diesel"], "fuel", True),
        (["diesel"], "diesel", True),
        (["fuel"], "diesel", False),
        (["hybrid", "electric"], "fuel", False),
    ],
)
def test_work_suits_the_energies_it_names(energies: list[str], energy: str, suits: bool) -> None:
    assert rules.suits(energies, energy) is suits


@given(
    st.integers(min_value=1, max_value=5_000_000),
    st.lists(st.integers(min_value=0, max_value=1_000_000), min_size=1, max_size=9),
)
def test_a_fixed_price_is_the_sum_of_its_lines_to_the_fen(fixed: int, gross: list[int]) -> None:
    lines = [fen + share for fen, share in zip(gross, rules.spread(fixed, gross), strict=True)]
    assert sum(lines) == fixed
    assert min(lines) >= 0


def test_the_difference_is_shared_out_and_the_last_takes_the_rest() -> None:
    # 100 + 200 + 33.33 yuan for 299.99: 29999 × 10000/33333 = 8999.79…, × 20000/33333 = 17999.5….
    assert rules.spread(29_999, [10_000, 20_000, 3_333]) == [8_999 - 10_000, 17_999 - 20_000, -332]
