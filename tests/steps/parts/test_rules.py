from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.steps.parts import rules
from workshop.steps.parts.rules import Counts, PickState

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("lines", "state"),
    [
        ([], PickState.OPEN),
        ([Counts(1000, 1000, 0, 0)], PickState.OPEN),
        ([Counts(1000, 0, 0, 0)], PickState.OPEN),
        ([Counts(1000, 1000, 1000, 0), Counts(1000, 0, 0, 0)], PickState.PARTLY_PICKED),
        ([Counts(4500, 4500, 2000, 0)], PickState.PARTLY_PICKED),
        ([Counts(1000, 1000, 1000, 0), Counts(2000, 2000, 2000, 0)], PickState.PICKED),
        ([Counts(1000, 1000, 1000, 1000), Counts(1000, 0, 0, 0)], PickState.PARTLY_PICKED),
        ([Counts(1000, 1000, 1000, 1000), Counts(1000, 1000, 1000, 0)], PickState.PICKED),
        ([Counts(1000, 1000, 1000, 1000)], PickState.ISSUED),
        # Of two a third replaces one that came back.
        ([Counts(3000, 2000, 2000, 2000)], PickState.PARTLY_PICKED),
        ([Counts(3000, 3000, 3000, 3000)], PickState.ISSUED),
    ],
)
def test_a_list_is_as_far_as_its_lines(lines: list[Counts], state: PickState) -> None:
    assert rules.state_of(lines) is state


def test_a_list_is_needed_15_minutes_before_the_work_begins() -> None:
    start = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
    assert rules.needed_by(start) == datetime(2026, 11, 23, 2, 45, tzinfo=UTC)


@given(st.sets(st.integers(1, 60)))
def test_the_lowest_free_basket_is_taken(taken: set[int]) -> None:
    number = rules.lowest_free(taken)
    assert number not in taken
    assert set(range(1, number)) <= taken


def test_every_state_and_move_has_a_label() -> None:
    assert all(each.label for each in [*PickState, *rules.MoveKind])


@pytest.mark.parametrize(
    ("minutes", "is_late", "is_soon"),
    [(-1, True, False), (0, False, True), (30, False, True), (31, False, False)],
)
def test_a_basket_is_marked_half_an_hour_before_it_is_needed_and_once_it_is_late(
    minutes: int, is_late: bool, is_soon: bool
) -> None:
    deadline = rules.Deadline(AT, minutes)
    assert (deadline.is_late, deadline.is_soon) == (is_late, is_soon)


def test_minutes_are_whole_and_negative_once_the_time_is_over() -> None:
    assert rules.minutes_until(AT + timedelta(minutes=1, seconds=59), AT) == 1
    assert rules.minutes_until(AT - timedelta(seconds=1), AT) == -1
