"""When cars may be booked in, which two times are offered, and what an arrival is called.

Source: domain.md P1, P2, P5, P7 and §4. Plain Python: times go in, decisions come out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import Enum
from zoneinfo import ZoneInfo

from workshop.enums import LabelledEnum
from workshop.errors import N_


class AppointmentStatus(LabelledEnum):
    """How far an appointment is (domain.md §4)."""

    REQUESTED = "requested", N_("To be confirmed")
    CONFIRMED = "confirmed", N_("Confirmed")
    ARRIVED = "arrived", N_("Arrived")
    CONVERTED = "converted", N_("Repair order opened")
    RESCHEDULED = "rescheduled", N_("Rescheduled")
    CANCELLED = "cancelled", N_("Cancelled")
    NO_SHOW = "no_show", N_("No-show")


A = AppointmentStatus


# Which status may follow which; a no-show who is booked again stays a no-show in the figures.
ALLOWED: dict[AppointmentStatus, frozenset[AppointmentStatus]] = {
    A.REQUESTED: frozenset({A.CONFIRMED, A.ARRIVED, A.RESCHEDULED, A.CANCELLED, A.NO_SHOW}),
    A.CONFIRMED: frozenset({A.ARRIVED, A.RESCHEDULED, A.CANCELLED, A.NO_SHOW}),
    A.ARRIVED: frozenset({A.CONVERTED, A.CANCELLED}),
    A.CONVERTED: frozenset(),
    A.RESCHEDULED: frozenset(),
    A.CANCELLED: frozenset(),
    A.NO_SHOW: frozenset(),
}

EXPECTED = frozenset({A.REQUESTED, A.CONFIRMED})
"""The car is still to come."""

NOT_RECEIVED = EXPECTED | {A.ARRIVED}
"""The car is still to come, or is here and waits for its reception."""

HOLDS_SLOT = frozenset({A.REQUESTED, A.CONFIRMED, A.ARRIVED, A.CONVERTED})
"""The advisor's quarter of an hour is taken."""


class Clash(Enum):
    """Why an appointment cannot take place as it was booked."""

    CLOSED = "closed"
    ADVISOR = "advisor"
    WISHED = "wished"
    OPERATION = "operation"


class Arrival(LabelledEnum):
    """How an arrival compares with its slot (P7)."""

    EARLY = "early", N_("Early")
    ON_TIME = "on_time", N_("On time")
    LATE = "late", N_("Late")


def classify_arrival(arrived_at: datetime, slot_at: datetime, on_time_minutes: int) -> Arrival:
    """Call an arrival early, on time or late, by the minutes allowed on each side (P5, P7)."""
    margin = timedelta(minutes=on_time_minutes)
    if arrived_at < slot_at - margin:
        return Arrival.EARLY
    return Arrival.LATE if arrived_at > slot_at + margin else Arrival.ON_TIME


def no_show_from(slot_at: datetime, no_show_minutes: int) -> datetime:
    """From when on a car that has not come is a no-show (P7)."""
    return slot_at + timedelta(minutes=no_show_minutes)


@dataclass(frozen=True)
class GridTime:
    """One time of the arrival grid; a walk-in's quarter is never sold ahead."""

    at: datetime
    is_for_walk_ins: bool


def grid(
    opening: Iterable[tuple[datetime, datetime]], slot_minutes: int, zone: ZoneInfo
) -> list[GridTime]:
    """List the arrival times of a day; the last one of each hour stays free for walk-ins (P1).

    Times count from the full hour of the shop's wall clock, and each lies inside the
    opening hours.
    """
    step = timedelta(minutes=slot_minutes)
    times = []
    for opens, closes in opening:
        at = _next_full_hour(opens, zone) - timedelta(hours=1)
        while at + step <= closes:
            if at >= opens:
                times.append(GridTime(at, at.astimezone(zone).minute + slot_minutes >= 60))
            at += step
    return times


def _next_full_hour(at: datetime, zone: ZoneInfo) -> datetime:
    past = at.astimezone(zone).minute
    return at + timedelta(minutes=60 - past)


class OfferReason(LabelledEnum):
    """Why a time is offered."""

    QUIET = "quiet", N_("Off-peak: a quiet hour")
    SPREAD = "spread", N_("Another part of the day")
    LEFT = "left", N_("Still free")


@dataclass(frozen=True)
class FreeSlot:
    """A time that an advisor can still be booked for, with how busy it is around it."""

    at: datetime
    advisor_id: int
    hour_taken: int
    hour_places: int
    advisor_taken: int
    is_peak: bool
    done_today: bool


@dataclass(frozen=True)
class Offer:
    """A slot to offer to the customer, and why this one."""

    slot: FreeSlot
    reason: OfferReason


def free_slots(
    times: Sequence[GridTime],
    taken: Collection[tuple[int, datetime]],
    advisors: Mapping[int, Collection[datetime]],
    *,
    not_before: datetime,
    minutes: int,
    closes: datetime,
    zone: tzinfo = UTC,
) -> list[FreeSlot]:
    """List what can still be booked, in order of time.

    `taken` holds (advisor, time) pairs, `advisors` the times at which each of them is at work;
    `minutes` is the estimated work, and `closes` the end of
    the day, to know whether the car could be ready on it. Hours are those of the clock in `zone`.
    """
    sold = [each.at for each in times if not each.is_for_walk_ins]
    by_hour = Counter(hour_of(at, zone) for _, at in taken)
    places = Counter(hour_of(at, zone) for at in sold)
    by_advisor = Counter(advisor for advisor, _ in taken)
    return [
        FreeSlot(
            at=at,
            advisor_id=advisor,
            hour_taken=by_hour[hour_of(at, zone)],
            hour_places=places[hour_of(at, zone)] * len(advisors),
            advisor_taken=by_advisor[advisor],
            is_peak=_is_peak(at, times),
            done_today=at + timedelta(minutes=minutes) <= closes,
        )
        for at in sold
        if at >= not_before
        for advisor, there in advisors.items()
        if at in there and (advisor, at) not in taken
    ]


def hour_of(at: datetime, zone: tzinfo) -> datetime:
    """The full hour on the clock of `zone` that a time lies in."""
    return at.astimezone(zone).replace(minute=0, second=0, microsecond=0)


_MORNING_RUSH = timedelta(hours=2)
_EVENING_RUSH = timedelta(hours=1)


def _is_peak(at: datetime, times: Sequence[GridTime]) -> bool:
    """Most cars are brought when the shop opens, and fetched when it closes."""
    return at < times[0].at + _MORNING_RUSH or at > times[-1].at - _EVENING_RUSH


_APART = timedelta(hours=2)


def choose_offers(slots: Sequence[FreeSlot], wished_advisor_id: int | None = None) -> list[Offer]:
    """Choose the two times to offer (P2): off-peak, the quietest hour, the least busy advisor.

    The second lies in another part of the day where one is free, so that it is a real choice.
    """
    ranked = sorted(slots, key=lambda slot: _rank(slot, wished_advisor_id))
    if not ranked:
        return []
    first = ranked[0]
    apart = [slot for slot in ranked if abs(slot.at - first.at) >= _APART]
    other = [slot for slot in ranked if slot.at != first.at]
    offers = [Offer(first, _reason(first))]
    if apart:
        offers.append(Offer(apart[0], _spread_reason(apart[0])))
    elif other:
        offers.append(Offer(other[0], _reason(other[0])))
    return sorted(offers, key=lambda offer: offer.slot.at)


def _rank(slot: FreeSlot, wished_advisor_id: int | None) -> tuple[object, ...]:
    return (
        not slot.done_today,
        wished_advisor_id is not None and slot.advisor_id != wished_advisor_id,
        slot.is_peak,
        slot.hour_taken,
        slot.advisor_taken,
        slot.at,
        slot.advisor_id,
    )


def _reason(slot: FreeSlot) -> OfferReason:
    return OfferReason.LEFT if slot.is_peak else OfferReason.QUIET


def _spread_reason(slot: FreeSlot) -> OfferReason:
    return OfferReason.SPREAD if slot.is_peak else OfferReason.QUIET
