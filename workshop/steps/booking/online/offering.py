"""What a customer may choose from: services with time and price, and the days with free times.

The times are those that the desk sells: the same plan of the day, less what is too soon, too far
ahead, or more than the share that customers may book by themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from workshop.capacity import service as capacity
from workshop.capacity.remaining import Needs
from workshop.catalogue.models import Operation
from workshop.customers.models import VehicleClass
from workshop.shop import calendar
from workshop.shop.models import Branch
from workshop.steps.booking import estimates, rules, slots
from workshop.steps.booking.estimates import Estimate
from workshop.steps.booking.online import queries
from workshop.steps.booking.online import rules as online
from workshop.steps.booking.online.models import OnlineRules, OnlineService
from workshop.steps.booking.rules import FreeSlot, Offer
from workshop.steps.booking.slots import DayPlan

DAYS_SHOWN = 3
_NEAREST = 3
# A night, a weekend and a long holiday lie within; a day further off the desk has time to answer.
_LOOKED_BACK = 10


@dataclass(frozen=True)
class Choice:
    """A service as a customer sees it, with its minutes and fen for the class of the car."""

    service: OnlineService
    minutes: int
    fen: int


@dataclass(frozen=True)
class OfferedDay:
    """A day with the times that are still free, one advisor each."""

    day: date
    times: list[FreeSlot]


@dataclass(frozen=True)
class Offered:
    """Some days with free times, the two best of all, and the day to look at after these."""

    days: list[OfferedDay]
    best: list[Offer]
    more_from: date | None


def list_choices(branch: Branch, size: VehicleClass | None, day: date) -> list[Choice]:
    """The services in use and in season, with time and price; all are read once."""
    services = [
        each
        for each in queries.list_services(branch)
        if each.package.active and each.package.is_in_season(day.month)
    ]
    operations = [one for each in services for one in each.package.operations]
    estimator = estimates.Estimator(branch, operations, day=day)
    found = []
    for each in services:
        needed = estimator.estimate(each.package.operations, size.value if size else None)
        found.append(Choice(each, needed.minutes, needed.fen))
    return found


def estimate(
    branch: Branch, operations: list[Operation], size: VehicleClass | None, day: date
) -> Estimate:
    """What the wished work needs; without any it is a diagnosis."""
    return estimates.estimate(branch, operations, day=day, size=size.value if size else None)


def list_days(
    branch: Branch, needs: Needs, *, start: date, at: datetime, own_id: int | None = None
) -> Offered:
    """The first days from `start` on that have a time, with their times."""
    settings, found = queries.rules_of(branch), []
    for day in _days(branch, needs, start, settings, at, own_id):
        times = list_times(branch, day, needs, at=at, own_id=own_id, settings=settings)
        if times:
            found.append(OfferedDay(day, times))
        if len(found) > DAYS_SHOWN:
            break
    shown, more = found[:DAYS_SHOWN], found[DAYS_SHOWN:]
    free = [slot for each in shown for slot in each.times]
    return Offered(shown, rules.choose_offers(free), more[0].day if more else None)


def _days(
    branch: Branch,
    needs: Needs,
    start: date,
    settings: OnlineRules,
    at: datetime,
    own_id: int | None,
) -> Iterator[date]:
    """The days that may be offered and have the hours, by date; the one held counts as free."""
    own = queries.find_day(own_id)
    today = calendar.local_day(branch, at)
    last, first = today + timedelta(days=settings.days_ahead), max(start, today)
    if first <= last:
        yield first
    before, day = first, capacity.next_free_day(branch, first, needs)
    while day is not None and day <= last:
        if own is not None and before < own < day:
            yield own
        yield day
        before, day = day, capacity.next_free_day(branch, day, needs)


def list_times(
    branch: Branch,
    day: date,
    needs: Needs,
    *,
    at: datetime,
    own_id: int | None = None,
    settings: OnlineRules | None = None,
) -> list[FreeSlot]:
    """The times of one day that a customer may have now, each with the advisor who has most time.

    What the request `own_id` keeps is offered to its holder again.
    """
    settings = settings or queries.rules_of(branch)
    last = calendar.local_day(branch, at) + timedelta(days=settings.days_ahead)
    if not settings.is_open or day > last:
        return []
    plan = slots.plan_day(branch, day, needs, at=at, look_ahead=False, online_id=own_id)
    if not plan.free or _is_share_taken(branch, plan, settings, own_id):
        return []
    not_before = _not_before(branch, day, settings, at)
    best: dict[datetime, FreeSlot] = {}
    for slot in sorted(plan.free, key=lambda each: (each.at, each.advisor_taken, each.advisor_id)):
        if slot.at >= not_before:
            best.setdefault(slot.at, slot)
    return list(best.values())


def _is_share_taken(
    branch: Branch, plan: DayPlan, settings: OnlineRules, own_id: int | None
) -> bool:
    places = len(plan.taken) + len(plan.open)
    most = online.share_of(places, settings.share_percent)
    return queries.count_online(branch, plan.day, without_id=own_id) >= most


def _not_before(branch: Branch, day: date, settings: OnlineRules, at: datetime) -> datetime:
    """From when on times are offered: the desk must have time to call back while it is open."""
    soonest = at + timedelta(minutes=settings.cutoff_minutes)
    if not _is_desk_closed_until(branch, day, at):
        return soonest
    opening = calendar.opening(branch, day)
    opens = max(opening[0][0], at) if opening else at
    return max(soonest, opens + online.DESK_NEEDS + online.ANSWER_BEFORE)


def _is_desk_closed_until(branch: Branch, day: date, at: datetime) -> bool:
    """Whether nobody is at the desk any more before that day."""
    today = calendar.local_day(branch, at)
    if (day - today).days > _LOOKED_BACK:
        return False
    table = calendar.Timetable(branch, today, day)
    between = (today + timedelta(days=each) for each in range((day - today).days))
    return not any(
        closes >= at + online.DESK_NEEDS for each in between for _, closes in table.opening(each)
    )


def list_nearest(
    branch: Branch, needs: Needs, slot_at: datetime, *, at: datetime, own_id: int | None = None
) -> list[FreeSlot]:
    """The three free times that lie nearest to one that is gone."""
    wished = calendar.local_day(branch, slot_at)
    offered = list_days(branch, needs, start=wished, at=at, own_id=own_id)
    free = [slot for each in offered.days for slot in each.times]
    near = sorted(free, key=lambda each: (abs(each.at - slot_at), each.at))[:_NEAREST]
    return sorted(near, key=lambda each: each.at)
