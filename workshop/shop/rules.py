"""Arithmetic on working time: spans, gaps, the earliest fit, and how much of a day is free.

A span is (starts_at, ends_at), half open, of aware datetimes. Nothing here knows a database.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import TypeVar

from workshop.shop.buffers import blocked_until

Span = tuple[datetime, datetime]
T = TypeVar("T")

# Planned starts stand on this grid, so that boards and people can read them.
GRID_MINUTES = 5


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
    starts = [not_before, *(opens for opens, _ in windows), *(until for _, until in taken)]
    for starts_at in sorted({round_up(each) for each in starts if each >= not_before}):
        ends_at = work_end(starts_at, minutes, windows, across)
        if ends_at is None:
            continue
        blocked = (starts_at, blocked_until(ends_at, buffer_minutes))
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
