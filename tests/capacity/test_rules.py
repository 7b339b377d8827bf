"""Whose hours serve which work, without a database."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from workshop.capacity import rules


def test_one_persons_hour_is_sold_once_whatever_it_could_serve() -> None:
    # given one who can do both, and one who does only brakes
    people = [(480, frozenset({1, 2})), (480, frozenset({2}))]
    # when engine work (1) takes all of the first one's day
    takes: dict[int | None, int] = {1: 480}
    # then brakes (2) have only the second one left, and engines nothing
    assert rules.free_minutes(1, takes, people) == 0
    assert rules.free_minutes(2, takes, people) == 480
    assert rules.free_minutes(None, takes, people) == 480


def test_work_for_anybody_also_uses_the_specialists() -> None:
    people = [(480, frozenset({1}))]
    assert rules.free_minutes(1, {None: 400}, people) == 80
    assert rules.free_minutes(1, {None: 500}, people) == -20


@st.composite
def days(draw: st.DrawFn) -> tuple[list[tuple[int, frozenset[int]]], dict[int | None, int]]:
    """A few people with up to four skills, and what is taken of their day."""
    skills = st.integers(0, 3)
    people = st.tuples(st.integers(0, 9), st.frozensets(skills))
    takes = st.dictionaries(st.none() | skills, st.integers(0, 12))
    return draw(st.lists(people, max_size=5)), draw(takes)


@given(days(), st.none() | st.integers(0, 3))
def test_the_tightest_set_of_skills_decides(
    day: tuple[list[tuple[int, frozenset[int]]], dict[int | None, int]], wanted: int | None
) -> None:
    """What the rule says, tried for every set of skills."""
    people, takes = day
    others = [each for each in takes if each != wanted]
    room = [
        sum(minutes for minutes, held in people if None in chosen or held & chosen)
        - sum(takes.get(each, 0) for each in chosen)
        for size in range(len(others) + 1)
        for some in itertools.combinations(others, size)
        if (chosen := frozenset({wanted, *some})) is not None
    ]
    assert rules.free_minutes(wanted, takes, people) == min(room)


def test_a_shop_of_many_skills_gets_its_answer() -> None:
    """Trying every set of thirty skills would last for years."""
    people = [(480, frozenset({skill, (skill + 1) % 30})) for skill in range(30)]
    takes: dict[int | None, int] = dict.fromkeys(range(30), 400)
    assert rules.free_minutes(3, takes, people) == 560
