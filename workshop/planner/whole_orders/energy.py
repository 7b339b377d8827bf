"""How much work there is at least in a stretch of time, and how much it holds.

A job that may start from `first` to `last` and takes `minutes` has, wherever it goes, at least
`max(0, min(b - a, minutes, first + minutes - a, b - last))` of them between a and b: what is left
of it there when it is pushed as far as it goes to either side. Over all jobs of one technician,
or of bays that stand for each other, these add up to at most what the stretch holds: the
energetic reasoning of Erschler and Lopez (1990), as Baptiste, Le Pape and Nuijten (Satisfiability
tests and time-bound adjustments for cumulative scheduling problems, 1999) state it. The buffer
after a job counts as work, and a shift or an opening holds the buffer after its last job too.

Plain Python, no solver: the selection adds what is said here to its model.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from workshop.planner.options import Group, Layout
from workshop.planner.problem import Assignment, Interval

PEOPLE, BAYS = "people", "bays"


class Piece(NamedTuple):
    """One shift of a group of technicians, or one opening of a group of bays."""

    kind: str
    group: int
    place: int


class Use(NamedTuple):
    """A job that may be done in a piece: when it may start, and how long it takes all in all."""

    job: str
    first: int
    last: int
    minutes: int

    def between(self, start: int, end: int) -> int:
        """The minutes of it that lie between the two at least."""
        length = min(end - start, self.minutes)
        return max(0, min(length, self.first + self.minutes - start, end - self.last))


@dataclass(frozen=True)
class Limit:
    """Of these minutes in a piece, each for a job that is done there, so many fit at most."""

    piece: Piece
    minutes: Mapping[str, int]
    most: int


def uses_of(layout: Layout) -> dict[Piece, list[Use]]:
    """What may be done in each piece; a job that pauses over gaps is in none."""
    found: dict[Piece, list[Use]] = defaultdict(list)
    for name, options in layout.options.items():
        if layout.problem.job_of[name].splittable:
            continue
        for place, (kind, groups) in enumerate(_groups(layout)):
            for at in options.people if kind == PEOPLE else options.bays:
                spans = [
                    (window.first, window.last)
                    for pair, windows in options.windows.items()
                    if pair[place] == at
                    for window in windows
                ]
                for piece, use in _uses(layout, name, kind, at, groups[at].hours, spans):
                    found[piece].append(use)
    return dict(found)


def limits(layout: Layout, uses: Mapping[Piece, list[Use]]) -> Iterator[Limit]:
    """Every stretch of a piece in which more could lie than it holds."""
    for piece, mine in uses.items():
        group = dict(_groups(layout))[piece.kind][piece.group]
        taken = _taken(layout, piece.kind, group)
        for start, end in _stretches(mine):
            minutes = {use.job: least for use in mine if (least := use.between(start, end)) > 0}
            held = sum(max(0, min(b, end) - max(a, start)) for a, b in taken)
            most = (end - start) * len(group.ids) - held
            if sum(minutes.values()) > most:
                yield Limit(piece, minutes, max(0, most))


def _groups(layout: Layout) -> tuple[tuple[str, list[Group]], tuple[str, list[Group]]]:
    return (PEOPLE, layout.people), (BAYS, layout.bays)


def _uses(
    layout: Layout,
    name: str,
    kind: str,
    group: int,
    hours: tuple[Interval, ...],
    spans: Iterable[Interval],
) -> Iterator[tuple[Piece, Use]]:
    minutes = layout.problem.job_of[name].minutes
    known = list(spans)
    for place, (opens, closes) in enumerate(hours):
        here = [(max(first, opens), min(last, closes - minutes)) for first, last in known]
        here = [(first, last) for first, last in here if first <= last]
        if here:
            first, last = min(a for a, _ in here), max(b for _, b in here)
            whole = minutes + layout.problem.buffer_minutes
            yield Piece(kind, group, place), Use(name, first, last, whole)


def _stretches(uses: list[Use]) -> Iterator[Interval]:
    """From where some job can start to where some job must have ended, its buffer counted."""
    starts = sorted({use.first for use in uses})
    ends = sorted({use.last + use.minutes for use in uses})
    return ((start, end) for start in starts for end in ends if start < end)


def _taken(layout: Layout, kind: str, group: Group) -> list[Interval]:
    """When running jobs hold somebody or some bay of the group, the buffer counted."""
    problem = layout.problem
    found: list[Interval] = []
    for name in group.ids:
        rows = [row for row in problem.running if _holder(row, kind) == name]
        free_at: int | None = None
        for row in sorted(rows, key=lambda row: row.start):
            # Running jobs may meet: what two of them hold counts once.
            start = row.start if free_at is None else max(row.start, free_at)
            end = problem.blocked_until(row.end)
            if start < end:
                found.append((start, end))
                free_at = end
    return found


def _holder(row: Assignment, kind: str) -> str | None:
    return row.technician if kind == PEOPLE else row.bay
