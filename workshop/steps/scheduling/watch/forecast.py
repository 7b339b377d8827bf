"""When the work on the board really ends, seen from now (domain.md step 5, N1, N2).

Plain Python on spans of aware times. What runs late pushes what comes after it: the technician's
and the bay's next job by the buffer, the car's next job, and whatever no longer fits the shift.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from workshop.shop import buffers, rules
from workshop.shop.rules import Span

# The least that is left of a job that was begun and rests.
SHORTEST_MINUTES = 5


@dataclass(frozen=True)
class Work:
    """A planned piece of a job that is not over; ids are those of the records.

    `helper_id` is the second technician, `minutes` is the work in it, `begun_at` is None until it
    begins, `paused_minutes` are working minutes that it has rested, `rests` whether it may rest in
    a break, `ready_at` when its parts come, `after` the jobs that must end first. The time of what
    `is_left_over` has passed without it: it takes what the others leave.
    """

    job_id: int
    order_id: int
    technician_id: int
    bay_id: int | None
    starts_at: datetime
    ends_at: datetime
    minutes: int
    begun_at: datetime | None = None
    is_paused: bool = False
    paused_minutes: int = 0
    rests: bool = False
    is_left_over: bool = False
    ready_at: datetime | None = None
    after: tuple[int, ...] = ()
    helper_id: int | None = None

    @property
    def is_running(self) -> bool:
        return self.begun_at is not None and not self.is_paused


def forecast(
    works: Iterable[Work],
    shifts: Mapping[int, Sequence[Span]],
    *,
    now: datetime,
    buffer_minutes: int,
) -> dict[int, Span]:
    """When each job begins and ends, by its id, if nobody changes the plan.

    A running job ends when its work and its pauses so far are over, and not before `now`; any
    other begins when it was planned to, or as soon after it as people, bay, parts and car let it.
    `shifts` are the technicians' hours of the days looked at. Work that fits none of them keeps
    its length on the clock.
    """
    day = _Day(shifts, now, buffer_minutes)
    for work in sorted(works, key=_turn):
        day.put(work)
    return day.spans


def _turn(work: Work) -> tuple[bool, bool, datetime, int]:
    """Who is at work goes first, then everybody in the order of the plan, then what it lost."""
    left_over = work.is_left_over and not work.is_running
    return not work.is_running, left_over, work.starts_at, work.job_id


def finish_of(
    ends: Iterable[datetime], unplanned_minutes: int, *, now: datetime
) -> datetime | None:
    """When the last work of a car ends, at the earliest; None when no work is left.

    Jobs without a place can end no earlier than their length from `now`.
    """
    found = list(ends)
    if unplanned_minutes:
        found.append(now + timedelta(minutes=unplanned_minutes))
    return max(found, default=None)


class _Day:
    """What is taken so far, while one piece after the other gets its time."""

    def __init__(
        self, shifts: Mapping[int, Sequence[Span]], now: datetime, buffer_minutes: int
    ) -> None:
        self.shifts, self.now, self.buffer_minutes = shifts, now, buffer_minutes
        self.spans: dict[int, Span] = {}
        self._taken: dict[tuple[str, int], list[Span]] = defaultdict(list)
        self._of_car: dict[int, list[Work]] = defaultdict(list)

    def put(self, work: Work) -> None:
        """Give the piece its time behind all that was put before it."""
        span = self._running(work) if work.is_running else self._waiting(work)
        self.spans[work.job_id] = span
        blocked = (span[0], buffers.blocked_until(span[1], self.buffer_minutes))
        for person in _people(work):
            self._taken["technician", person].append(blocked)
        if work.bay_id is not None:
            self._taken["bay", work.bay_id].append(blocked)
        self._of_car[work.order_id].append(work)

    def _running(self, work: Work) -> Span:
        begun_at = work.begun_at or work.starts_at
        minutes = work.minutes + work.paused_minutes
        hours = self.shifts.get(work.technician_id, ())
        ends_at = rules.work_end(begun_at, minutes, hours, across=True)
        ends_at = ends_at or begun_at + timedelta(minutes=minutes)
        return begun_at, max(self.now, ends_at)

    def _waiting(self, work: Work) -> Span:
        minutes = self._left(work)
        not_before = self._not_before(work)
        hours = self._hours(work)
        taken = [
            *(span for person in _people(work) for span in self._taken["technician", person]),
            *(self._taken["bay", work.bay_id] if work.bay_id is not None else ()),
            *self._car_taken(work),
        ]
        for across in (work.rests, True):
            span = rules.earliest_span(
                minutes, not_before, hours, taken, self.buffer_minutes, across
            )
            if span is not None:
                return span
        return not_before, not_before + timedelta(minutes=minutes)

    def _hours(self, work: Work) -> Sequence[Span]:
        """When all who work on it are at work."""
        hours = self.shifts.get(work.technician_id, ())
        if work.helper_id is None:
            return hours
        return rules.intersect(hours, self.shifts.get(work.helper_id, ()))

    def _not_before(self, work: Work) -> datetime:
        before = [self.spans[each][1] for each in work.after if each in self.spans]
        ready = [work.ready_at] if work.ready_at is not None else []
        return max([work.starts_at, self.now, *ready, *before])

    def _left(self, work: Work) -> int:
        if work.begun_at is None:
            return work.minutes
        hours = self.shifts.get(work.technician_id, ())
        since = rules.minutes_of(rules.intersect([(work.begun_at, self.now)], hours))
        return max(SHORTEST_MINUTES, work.minutes - max(0, since - work.paused_minutes))

    def _car_taken(self, work: Work) -> list[Span]:
        """The times of the car's other jobs; two that were planned at once may stay so."""
        mine = (work.starts_at, work.ends_at)
        return [
            self.spans[each.job_id]
            for each in self._of_car[work.order_id]
            if rules.are_apart(mine, (each.starts_at, each.ends_at))
        ]


def _people(work: Work) -> list[int]:
    return [each for each in (work.technician_id, work.helper_id) if each is not None]
