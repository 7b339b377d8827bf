"""Who is credited with how much of a job: the rules without a database."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workshop.allocation import shares

LEAD, HELPER, LATER = 1, 2, 3


def test_who_works_alone_has_all_of_it() -> None:
    assert shares.credit(90, {1: (LEAD, 60)}, {}) == {LEAD: 90}


def test_two_share_the_book_time_and_it_is_not_counted_twice() -> None:
    assert shares.credit(90, {1: (LEAD, 60)}, {1: [(HELPER, 50)]}) == {LEAD: 45, HELPER: 45}
    assert shares.credit(90, {1: (LEAD, 60)}, {1: [(HELPER, 30)]}) == {LEAD: 63, HELPER: 27}


def test_a_minute_that_cannot_be_divided_goes_to_one_of_them() -> None:
    assert sum(shares.credit(61, {1: (LEAD, 60)}, {1: [(HELPER, 50)]}).values()) == 61


def test_each_piece_counts_by_its_length() -> None:
    # given three hours of work, of which somebody helped with the last hour
    pieces = {1: (LEAD, 120), 2: (LATER, 60)}
    assert shares.credit(180, pieces, {2: [(HELPER, 50)]}) == {LEAD: 120, HELPER: 30, LATER: 30}


def test_one_after_the_other_may_help_with_the_same_piece() -> None:
    credited = shares.credit(100, {1: (LEAD, 60)}, {1: [(HELPER, 20), (LATER, 30)]})
    assert credited == {LEAD: 50, HELPER: 20, LATER: 30}


def test_nothing_planned_credits_nobody() -> None:
    assert shares.credit(60, {}, {}) == {}


def test_a_share_is_in_steps_and_leaves_something_to_the_lead() -> None:
    assert [each for each in range(101) if shares.is_share(each)] == list(range(10, 91, 5))


@given(
    minutes=st.integers(1, 2000),
    lengths=st.lists(st.integers(5, 720), min_size=1, max_size=5),
    percents=st.lists(st.integers(10, 90), max_size=5),
)
def test_the_parts_are_always_the_whole(
    minutes: int, lengths: list[int], percents: list[int]
) -> None:
    pieces = {number: (number % 2, length) for number, length in enumerate(lengths)}
    helps = {number: [(7, percent)] for number, percent in enumerate(percents)}
    credited = shares.credit(minutes, pieces, helps)
    assert sum(credited.values()) == minutes
    assert all(part >= 0 for part in credited.values())
