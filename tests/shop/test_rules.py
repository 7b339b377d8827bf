"""The arithmetic of working time, without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.shop import rules
from workshop.shop.rules import Span


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 23, hour, minute, tzinfo=UTC)


DAY = [(at(8), at(12)), (at(13), at(18))]


def test_spans_that_touch_are_apart_and_merge_into_one() -> None:
    assert rules.are_apart((at(8), at(9)), (at(9), at(10)))
    assert rules.merge([(at(9), at(10)), (at(8), at(9))]) == [(at(8), at(10))]


def test_an_absence_is_cut_out_of_the_shift() -> None:
    left = rules.subtract(DAY, [(at(11), at(14))])
    assert left == [(at(8), at(11)), (at(14), at(18))]
    assert rules.minutes_of(left) == 7 * 60


def test_a_shift_counts_only_inside_the_opening_hours() -> None:
    assert rules.intersect(DAY, [(at(9), at(17))]) == [(at(9), at(12)), (at(13), at(17))]


@pytest.mark.parametrize(
    ("starts_at", "minutes", "across", "ends_at"),
    [
        (at(8), 240, False, at(12)),
        (at(11), 90, False, None),
        (at(11), 90, True, at(13, 30)),
        (at(17), 90, True, None),
        (at(12, 30), 30, True, None),
        (at(18), 30, False, None),
    ],
)
def test_work_stays_in_its_window_or_rests_in_the_gap(
    starts_at: datetime, minutes: int, across: bool, ends_at: datetime | None
) -> None:
    assert rules.work_end(starts_at, minutes, DAY, across) == ends_at


def test_the_earliest_place_keeps_the_buffer_before_and_after() -> None:
    # given somebody busy from 9 to 10:15 and again from 11:30, buffers included
    taken = [(at(9), at(10, 15)), (at(11, 30), at(12, 15))]
    # then an hour fits exactly between, and a longer one only after lunch
    assert rules.earliest_span(60, at(8, 30), DAY, taken, 15) == (at(10, 15), at(11, 15))
    assert rules.earliest_span(65, at(8, 30), DAY, taken, 15) == (at(13), at(14, 5))


def test_nothing_fits_into_a_full_day() -> None:
    assert rules.earliest_span(30, at(8), DAY, [(at(7), at(18))], 15) is None


def test_a_start_is_put_on_the_grid() -> None:
    span = rules.earliest_span(30, at(8, 1), DAY, [], 15)
    assert span == (at(8, 5), at(8, 35))


@pytest.mark.parametrize(
    ("held", "expires_on", "good"),
    [
        (None, None, False),
        (1, None, False),
        (2, None, True),
        (3, date(2026, 11, 23), True),
        (3, date(2026, 11, 22), False),
    ],
)
def test_a_skill_serves_up_to_its_level_and_the_last_day_of_its_certificate(
    held: int | None, expires_on: date | None, good: bool
) -> None:
    assert rules.is_qualified(held, expires_on, 2, date(2026, 11, 23)) is good


spans = st.lists(
    st.tuples(st.integers(0, 200), st.integers(1, 60)).map(
        lambda pair: (at(0) + timedelta(minutes=pair[0]), at(0) + timedelta(minutes=sum(pair)))
    ),
    max_size=6,
)


@given(spans, spans)
def test_what_is_left_and_what_is_common_make_up_the_whole(
    some: list[Span], holes: list[Span]
) -> None:
    left, common = rules.subtract(some, holes), rules.intersect(some, holes)
    assert rules.minutes_of(left) + rules.minutes_of(common) == rules.minutes_of(some)
    assert all(rules.are_apart(a, b) for a in left for b in common)


@given(st.integers(5, 90), st.integers(0, 240), spans)
def test_the_earliest_place_is_legal_and_no_grid_start_before_it_is(
    minutes: int, wait: int, taken: list[Span]
) -> None:
    windows = [(at(0), at(2)), (at(2, 30), at(5))]
    not_before = at(0) + timedelta(minutes=wait)
    found = rules.earliest_span(minutes, not_before, windows, taken, 15)
    starts_at = rules.round_up(not_before)
    while starts_at < (found[0] if found else at(5)):
        assert not _is_legal(starts_at, minutes, windows, taken)
        starts_at += timedelta(minutes=rules.GRID_MINUTES)
    if found:
        assert _is_legal(found[0], minutes, windows, taken)


def _is_legal(starts_at: datetime, minutes: int, windows: list[Span], taken: list[Span]) -> bool:
    ends_at = rules.work_end(starts_at, minutes, windows)
    if ends_at is None:
        return False
    blocked = (starts_at, ends_at + timedelta(minutes=15))
    return all(rules.are_apart(blocked, each) for each in taken)
