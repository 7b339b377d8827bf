"""Arithmetic on working time: spans, gaps, the earliest fit, and how much of a day is free.

A span is (starts_at, ends_at), half open, of aware datetimes. Nothing here knows a database.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TypeVar

Span = tuple[datetime, datetime]
T = TypeVar("T")

# Planned starts stand on this grid, so that boards and people can read them.
GRID_MINUTES = 5
# Who has been clocked in for longer has forgotten to clock out, and is not taken to be there.
LONGEST_STAY = timedelta(hours=16)


def are_apart(one: Span, other: Span) -> bool:
    """Whether two spans share no moment; touching ends are apart."""
    return one[1] <= other[0] or other[1] <= one[0]


def merge(spans: Iterable[Span]) -> list[Span]:
    """The same time as sorted spans that neither touch nor overlap."""
    merged: list[Span] = []
    for starts_at, ends_at in sorted(spans):
        if merged and starts_at <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], ends_at))
        else:
            merged.append((starts_at, ends_at))
    return merged


def intersect(spans: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """The time that is in both."""
    pairs = itertools.product(merge(spans), merge(others))
    common = ((max(a, c), min(b, d)) for (a, b), (c, d) in pairs)
    return sorted((starts_at, ends_at) for starts_at, ends_at in common if starts_at < ends_at)


def subtract(spans: Iterable[Span], holes: Iterable[Span]) -> list[Span]:
    """The time of `spans` without that of `holes`."""
    left = merge(spans)
    for hole in merge(holes):
        left = [piece for span in left for piece in _cut(span, hole)]
    return left


def _cut(span: Span, hole: Span) -> list[Span]:
    if are_apart(span, hole):
        return [span]
    pieces = [(span[0], hole[0]), (hole[1], span[1])]
    return [(starts_at, ends_at) for starts_at, ends_at in pieces if starts_at < ends_at]


def minutes_of(spans: Iterable[Span]) -> int:
    """How long the spans are together, in whole minutes."""
    seconds = sum((ends_at - starts_at).total_seconds() for starts_at, ends_at in merge(spans))
    return int(seconds // 60)


def longest_minutes(spans: Iterable[Span]) -> int:
    """The length of the longest unbroken span, in whole minutes."""
    return max((minutes_of([span]) for span in merge(spans)), default=0)


def round_up(at: datetime, minutes: int = GRID_MINUTES) -> datetime:
    """The next moment on the grid, or `at` itself when it stands on it."""
    floor = at.replace(second=0, microsecond=0)
    floor -= timedelta(minutes=floor.minute % minutes)
    return floor if floor == at else floor + timedelta(minutes=minutes)


def work_end(
    starts_at: datetime, minutes: int, windows: Sequence[Span], across: bool = False
) -> datetime | None:
    """When work begun at `starts_at` ends; None when it does not fit the working time.

    Without `across` it must lie in one window; with it, it rests in the gaps between windows.
    """
    left = timedelta(minutes=minutes)
    begun = False
    for opens, closes in merge(windows):
        if not begun and not opens <= starts_at < closes:
            continue
        begins = opens if begun else starts_at
        if begins + left <= closes:
            return begins + left
        if not across:
            return None
        begun = True
        left -= closes - begins
    return None


def earliest_span(
    minutes: int,
    not_before: datetime,
    windows: Sequence[Span],
    taken: Sequence[Span],
    buffer_minutes: int,
    across: bool = False,
) -> Span | None:
    """The earliest span of `minutes` of work inside the windows that touches nothing taken.

    `taken` are spans with their own buffer included; the buffer after the new one (N1) must
    be free as well. The earliest start is always now, the begin of a window, or the end of
    what is taken: only these are tried.
    """
    buffer = timedelta(minutes=buffer_minutes)
    starts = [not_before, *(opens for opens, _ in windows), *(until for _, until in taken)]
    for starts_at in sorted({round_up(each) for each in starts if each >= not_before}):
        ends_at = work_end(starts_at, minutes, windows, across)
        if ends_at is None:
            continue
        blocked = (starts_at, ends_at + buffer)
        if all(are_apart(blocked, each) for each in taken):
            return starts_at, ends_at
    return None


def is_qualified(held_level: int | None, expires_on: date | None, level: int, day: date) -> bool:
    """Whether a skill held at `held_level` (None: not held) serves work of `level` on `day`.

    A certificate is good on its last day (domain.md step 5: skill level, certificates).
    """
    if held_level is None or held_level < level:
        return False
    return expires_on is None or expires_on >= day


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


def worked(stay: Span, breaks: Iterable[Span]) -> list[Span]:
    """The time of a stay without its breaks: what counts as attended (domain.md §5)."""
    return subtract([stay], breaks)


def find_disorder(stay: Span, breaks: Sequence[Span]) -> int | None:
    """The place of the first break that lies outside the stay, ends too early or meets another.

    None when all is in order. The breaks may come in any order.
    """
    for place, each in enumerate(breaks):
        is_inside = stay[0] <= each[0] < each[1] <= stay[1]
        others = (other for number, other in enumerate(breaks) if number != place)
        if not is_inside or not all(are_apart(each, other) for other in others):
            return place
    return None


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
