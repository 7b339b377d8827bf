"""When a job may start: shifts and opening hours turned into ranges of starts."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from workshop.planner.problem import Interval, Job


class Window(NamedTuple):
    """A job that starts from `first` to `last` ends `minutes + pause` later."""

    first: int
    last: int
    pause: int


def windows(
    job: Job, shifts: tuple[Interval, ...], hours: tuple[Interval, ...] | None, earliest: int
) -> list[Window]:
    """The ranges of starts from `earliest` on; `hours` is None for a job without a bay."""
    return [
        Window(max(first, earliest), last, pause)
        for first, last, pause in _windows(job.minutes, job.splittable, shifts, hours)
        if last >= earliest
    ]


def common(one: tuple[Interval, ...], other: tuple[Interval, ...] | None) -> list[Interval]:
    """The intervals in which both are open, in order; touching ones stay apart."""
    if other is None:
        return list(one)
    found = []
    at = [0, 0]
    while at[0] < len(one) and at[1] < len(other):
        first, second = one[at[0]], other[at[1]]
        start, end = max(first[0], second[0]), min(first[1], second[1])
        if start < end:
            found.append((start, end))
        at[0 if first[1] <= second[1] else 1] += 1
    return found


@lru_cache(maxsize=10_000)
def _windows(
    minutes: int,
    splittable: bool,
    shifts: tuple[Interval, ...],
    hours: tuple[Interval, ...] | None,
) -> tuple[Window, ...]:
    pieces = common(shifts, hours)
    if splittable:
        return tuple(
            window
            for place in range(len(pieces))
            for window in _split_windows(minutes, pieces[place:])
        )
    return tuple(Window(a, b - minutes, 0) for a, b in pieces if b - a >= minutes)


def _split_windows(minutes: int, pieces: list[Interval]) -> list[Window]:
    """The starts within the first piece, by the piece in which the job ends."""
    found = []
    opens, closes = pieces[0]
    between = 0  # Minutes of work in the pieces after the first and before the last.
    for place, (a, b) in enumerate(pieces):
        room = 0 if place == 0 else between + b - a
        last = closes - minutes + room
        first = opens if place == 0 else max(opens, closes - minutes + between + 1)
        if min(last, closes - 1) >= first:
            pause = 0 if place == 0 else a - closes - between
            found.append(Window(first, min(last, closes - 1), pause))
        if last >= closes - 1:
            break
        between = room
    return found
