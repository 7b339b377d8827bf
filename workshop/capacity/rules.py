"""How much of a day is left beside what is promised. Plain Python."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import Generic, TypeVar

T = TypeVar("T", bound=Hashable)


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
    return _left(skill_id, takes, [(minutes, {None, *held}) for minutes, held in people])


def free_bay_minutes(
    kinds: frozenset[str], takes: Mapping[frozenset[str], int], bays: Mapping[str, int]
) -> int:
    """How many more minutes fit in bays of these kinds beside what is taken already.

    `takes` are minutes by the kinds that would do, `bays` the minutes there are by kind. Counted
    as `free_minutes` does: what may use several kinds takes of whichever is left.
    """
    wanted = {kinds, *takes}
    there = [(bays[kind], {each for each in wanted if kind in each}) for kind in bays]
    return _left(kinds, takes, there)


def sellable(minutes: int, reserve_percent: int) -> int:
    """What may be sold ahead of the minutes; the rest is the reserve (P9)."""
    return minutes * (100 - reserve_percent) // 100


def _left(wanted: T, takes: Mapping[T, int], there: Sequence[tuple[int, Collection[T]]]) -> int:
    """What the wanted one could still have, less what others miss.

    The wanted one asks for all there is. What is served then is, by the greatest flow and the
    smallest cut, as much as the tightest set with the wanted one in it leaves.
    """
    flow = _Flow(there)
    others = sum(flow.serve(each, minutes) for each, minutes in takes.items() if each != wanted)
    served = others + flow.serve(wanted, sum(minutes for minutes, _ in there))
    return served - sum(minutes for minutes in takes.values() if minutes > 0)


class _Flow(Generic[T]):
    """Who gives how many minutes to what; what is given moves on when another can give it."""

    def __init__(self, there: Sequence[tuple[int, Collection[T]]]) -> None:
        # Who serves the same gives from one pot.
        pots: dict[frozenset[T], int] = {}
        for minutes, serves in there:
            pots[frozenset(serves)] = pots.get(frozenset(serves), 0) + minutes
        self._spare = list(pots.values())
        self._serves = list(pots)
        self._given: list[dict[T, int]] = [{} for _ in pots]

    def serve(self, what: T, minutes: int) -> int:
        """Give as much as there is, at most so many minutes; what was given."""
        left = minutes
        while left > 0 and (path := self._find_path(what)) is not None:
            left -= self._move(path, left)
        return max(minutes - left, 0)

    def _find_path(self, what: T) -> list[tuple[T, int]] | None:
        """What takes of which pot, one after the other, until a pot has something to spare."""
        reached: dict[int, tuple[T, int | None]] = {}
        waiting: deque[tuple[T, int | None]] = deque([(what, None)])
        while waiting:
            taker, of = waiting.popleft()
            for pot, serves in enumerate(self._serves):
                if pot in reached or taker not in serves:
                    continue
                reached[pot] = (taker, of)
                if self._spare[pot] > 0:
                    return _path_to(pot, reached)
                waiting.extend((each, pot) for each, given in self._given[pot].items() if given)
        return None

    def _move(self, path: list[tuple[T, int]], most: int) -> int:
        """Let each on the path take of its pot what the one before it takes of that pot now."""
        held = [self._given[pot][after] for (_, pot), (after, _) in itertools.pairwise(path)]
        minutes = min([most, self._spare[path[-1][1]], *held])
        for place, (taker, pot) in enumerate(path):
            self._given[pot][taker] = self._given[pot].get(taker, 0) + minutes
            if place + 1 < len(path):
                self._given[pot][path[place + 1][0]] -= minutes
        self._spare[path[-1][1]] -= minutes
        return minutes


def _path_to(pot: int, reached: Mapping[int, tuple[T, int | None]]) -> list[tuple[T, int]]:
    path: list[tuple[T, int]] = []
    place: int | None = pot
    while place is not None:
        taker, before = reached[place]
        path.append((taker, place))
        place = before
    return path[::-1]
