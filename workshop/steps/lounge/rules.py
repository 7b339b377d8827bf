"""When a customer must hear from us next, and which hour a round of the lounge belongs to.

Source: domain.md step 4 (Rules) and N2.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from workshop.steps.lounge.enums import Occasion

# Six acts take their time; two within this many seconds were ticked, not done.
HASTE_SECONDS = 10


@dataclass(frozen=True)
class Watch:
    """What decides when a customer must hear from us; all times are aware.

    `since` is when the wait began, `told_at` the last report, `agreed_at` the report time agreed
    with somebody who left, `tell_delay_at` the last moment at which unfinished work can still be
    told before the promised time; it is None once the work is done.
    """

    stays: bool
    since: datetime
    every_minutes: int
    told_at: datetime | None = None
    agreed_at: datetime | None = None
    started_at: datetime | None = None
    addition_at: datetime | None = None
    tell_delay_at: datetime | None = None
    ready_at: datetime | None = None


@dataclass(frozen=True)
class Due:
    """The next report that is due, and why."""

    at: datetime
    occasion: Occasion


def next_due(watch: Watch) -> Due | None:
    """The earliest report that the customer has not had yet; None when there is no more to say.

    A waiting customer hears every hour and at each event: start, additional work, delay, done.
    Who left hears at the agreed time, and of additional work, delay and the finish.
    """
    if watch.ready_at is not None:
        done = _is_untold(watch, watch.ready_at)
        return Due(watch.ready_at, Occasion.DONE) if done else None
    return min(_open(watch), key=lambda due: due.at, default=None)


def _open(watch: Watch) -> Iterator[Due]:
    if watch.stays:
        told = watch.told_at or watch.since
        yield Due(told + timedelta(minutes=watch.every_minutes), Occasion.HOURLY)
    moments = [
        (watch.addition_at, Occasion.ADDITION),
        (watch.tell_delay_at, Occasion.DELAY),
        (watch.started_at, Occasion.START) if watch.stays else (watch.agreed_at, Occasion.HOURLY),
    ]
    for moment, occasion in moments:
        if moment is not None and _is_untold(watch, moment):
            yield Due(moment, occasion)


def _is_untold(watch: Watch, moment: datetime) -> bool:
    return watch.told_at is None or watch.told_at < moment


def hour_of(at: datetime) -> datetime:
    """The beginning of the hour that a round at `at` belongs to."""
    return at.replace(minute=0, second=0, microsecond=0)


def hours_within(opening: Sequence[tuple[datetime, datetime]], until: datetime) -> list[datetime]:
    """The hours of the opening times that began by `until`, each owed a round."""
    hours: list[datetime] = []
    for opens, closes in opening:
        hour = hour_of(opens)
        while hour < closes and hour <= until:
            if hour not in hours:
                hours.append(hour)
            hour += timedelta(hours=1)
    return hours


def is_too_quick(times: Sequence[datetime]) -> bool:
    """Whether two acts were ticked so close together that they cannot both have been done."""
    ordered = sorted(times)
    return any(
        (later - earlier).total_seconds() < HASTE_SECONDS for earlier, later in pairwise(ordered)
    )
