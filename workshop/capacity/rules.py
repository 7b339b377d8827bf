"""How much of a day is left beside what is promised. Plain Python."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


def free_minutes(
    skill_id: int | None,
    takes: Mapping[int | None, int],
    people: Sequence[tuple[int, frozenset[int]]],
) -> int:
    """How many more minutes of a skill fit in a day beside what is taken already.

    `people` are (sellable minutes, skills held); `takes` are minutes by skill, None for work
    that anybody can do. One person's hour is sold once, whatever skills it could serve: every
    set of skills must fit into the time of those who hold one of them (Hall's condition), so
    the tightest set that contains the wanted skill decides. May be negative.
    """
    return _tightest(skill_id, takes, lambda skills: _room(skills, takes, people))


def free_bay_minutes(
    kinds: frozenset[str], takes: Mapping[frozenset[str], int], bays: Mapping[str, int]
) -> int:
    """How many more minutes fit in bays of these kinds beside what is taken already.

    `takes` are minutes by the kinds that would do, `bays` the minutes there are by kind. Counted
    as `free_minutes` does: what may use several kinds takes of whichever is left.
    """
    return _tightest(
        kinds,
        takes,
        lambda chosen: (
            sum(bays.get(kind, 0) for kind in frozenset().union(*chosen))
            - sum(takes.get(each, 0) for each in chosen)
        ),
    )


def sellable(minutes: int, reserve_percent: int) -> int:
    """What may be sold ahead of the minutes; the rest is the reserve (P9)."""
    return minutes * (100 - reserve_percent) // 100


def _tightest(wanted: T, takes: Mapping[T, int], room: Callable[[set[T]], int]) -> int:
    """The least room of all sets of what is taken that contain the wanted one."""
    others = [each for each in takes if each != wanted and takes[each] > 0]
    return min(
        room({wanted, *chosen})
        for size in range(len(others) + 1)
        for chosen in itertools.combinations(others, size)
    )


def _room(
    skills: set[int | None],
    takes: Mapping[int | None, int],
    people: Sequence[tuple[int, frozenset[int]]],
) -> int:
    anybody = None in skills
    there = sum(minutes for minutes, held in people if anybody or held & skills)
    return there - sum(takes.get(skill, 0) for skill in skills)
