"""One day as a caller may have it: the arrival grid, the hours left, and the two times to offer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from workshop.capacity import service as capacity
from workshop.capacity.ledger import DayCapacity, Ledger
from workshop.capacity.models import TakeSource
from workshop.capacity.remaining import Needs
from workshop.db import session
from workshop.shop import absences, calendar
from workshop.shop import queries as shop
from workshop.shop.models import Absence, BayKind, Branch, Skill
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.booking import queries, rules
from workshop.steps.booking.rules import FreeSlot, GridTime, Offer

_NEARLY_FULL_PERCENT = 85
# Nobody books further ahead than the calendar looks.
LAST_DAY = timedelta(days=calendar.HORIZON_DAYS)


@dataclass(frozen=True)
class Load:
    """Minutes of a skill, or of bays of some kinds, on a day; of today what is left of it.

    What may be sold ahead, what is sold, what is wanted now. Without skill and kinds it counts
    all technicians.
    """

    skill: Skill | None
    kinds: tuple[BayKind, ...]
    sellable_minutes: int
    sold_minutes: int
    wanted_minutes: int = 0

    @property
    def free_minutes(self) -> int:
        return max(0, self.sellable_minutes - self.sold_minutes)

    @property
    def fits(self) -> bool:
        return self.wanted_minutes <= self.free_minutes

    @property
    def is_full(self) -> bool:
        return self.sold_minutes >= self.sellable_minutes

    @property
    def is_nearly_full(self) -> bool:
        return 100 * self.sold_minutes >= _NEARLY_FULL_PERCENT * self.sellable_minutes


@dataclass(frozen=True)
class DayPlan:
    """What the day offers for some work; `next_day` is where to look when it offers nothing.

    `free` are the arrival times with hours behind them; `open` are also those without, for
    somebody who may overbook.
    """

    day: date
    is_open: bool
    times: list[GridTime]
    advisors: list[User]
    away: list[Absence]
    taken: set[tuple[int, datetime]]
    open: list[FreeSlot]
    free: list[FreeSlot]
    loads: list[Load]
    fits: bool
    full: list[Any]
    is_impossible: bool
    offers: list[Offer]
    next_day: date | None
    slot_minutes: int
    zone: ZoneInfo

    @property
    def is_bookable(self) -> bool:
        return self.fits and bool(self.free)

    @property
    def may_be_overbooked(self) -> bool:
        """Whether a time is free where only the hours are missing, not the people or the bay."""
        return self.is_open and not self.is_impossible and bool(self.over_slots)

    @property
    def over_slots(self) -> list[FreeSlot]:
        """One time an hour to overbook, with the advisor who has most time then."""
        best: dict[datetime, FreeSlot] = {}
        short = [slot for slot in self.open if slot not in self.free]
        for slot in sorted(short, key=lambda each: (each.at, each.advisor_taken)):
            best.setdefault(rules.hour_of(slot.at, self.zone), slot)
        return list(best.values())

    @property
    def hours(self) -> list[tuple[datetime, list[GridTime | None]]]:
        """The grid in rows of an hour on the clock; None where the shop is closed."""
        rows: dict[datetime, list[GridTime | None]] = {}
        for each in self.times:
            start = rules.hour_of(each.at, self.zone)
            row = rows.setdefault(start, [None] * self.slots_an_hour)
            quarter = (each.at - start) // timedelta(minutes=self.slot_minutes)
            row[min(quarter, self.slots_an_hour - 1)] = each
        return list(rows.items())

    @property
    def slots_an_hour(self) -> int:
        """How many times of the grid an hour has."""
        return max(1, 60 // self.slot_minutes)

    def advisor(self, advisor_id: int) -> User:
        """The advisor of a slot of this plan."""
        return next(advisor for advisor in self.advisors if advisor.id == advisor_id)

    def is_free(self, advisor_id: int, at: datetime) -> bool:
        """Whether the plan has this slot free, with hours behind it."""
        return any(slot.advisor_id == advisor_id and slot.at == at for slot in self.free)

    def is_late(self, advisor_id: int, at: datetime) -> bool:
        """Whether the slot is free, but from there on the day has not the hours."""
        is_open = any(slot.advisor_id == advisor_id and slot.at == at for slot in self.open)
        return is_open and not self.is_free(advisor_id, at)


def list_advisors(branch: Branch) -> list[User]:
    """Who receives booked cars."""
    return staff.list_users(branch.id, RoleName.SERVICE_ADVISOR)


def list_away(branch: Branch, day: date) -> list[Absence]:
    """The absences of those who receive booked cars that touch the day, by start."""
    return absences.list_touching(list_advisors(branch), calendar.day_span(branch, day))


def is_on_duty(branch: Branch, advisor: User, slot_at: datetime) -> bool:
    """Whether the advisor is at work at this arrival time, by week and absences."""
    day = calendar.local_day(branch, slot_at)
    table = calendar.Timetable(branch, day, day, people=[advisor])
    return table.is_on_duty(advisor.id, (slot_at, slot_at + _step(branch)))


def day_grid(branch: Branch, day: date) -> list[GridTime]:
    """The arrival times of the day; empty when the shop is closed."""
    opening = calendar.opening(branch, day)
    return rules.grid(opening, branch.slot_minutes, ZoneInfo(branch.zone))


def plan_day(
    branch: Branch,
    day: date,
    needs: Needs,
    *,
    at: datetime,
    wished_advisor_id: int | None = None,
    look_ahead: bool = True,
    online_id: int | None = None,
) -> DayPlan:
    """Plan a day for work that needs these minutes.

    The grid and today's hours count from `at`; with `look_ahead` a day that has no place names
    the next that has. What the request `online_id` of a customer keeps is free for it.
    """
    times, advisors, zone = day_grid(branch, day), list_advisors(branch), ZoneInfo(branch.zone)
    taken = queries.list_taken(branch, day, online_id=online_id)
    open_slots = rules.free_slots(
        times,
        taken,
        _on_duty(branch, day, advisors, times),
        not_before=at,
        minutes=sum(needs.values()) + branch.delivery_minutes,
        closes=_closes(branch, times),
        zone=zone,
    )
    own = [(TakeSource.ONLINE, online_id)] if online_id is not None else []
    hours = Ledger(branch, day, day, at=at, without=own)
    full = hours.list_full(day, needs, _since(branch, day, at)) if times else []
    free = [] if full else _with_hours(open_slots, hours, day, needs)
    offers = rules.choose_offers(free, wished_advisor_id)
    return DayPlan(
        day=day,
        is_open=bool(times),
        times=times,
        advisors=advisors,
        away=list_away(branch, day),
        taken=taken,
        open=open_slots,
        free=free,
        loads=_needed_loads(hours, day, needs, _since(branch, day, at)),
        fits=bool(times) and not full,
        full=capacity.names_of(full),
        is_impossible=hours.is_impossible(day, needs),
        offers=offers,
        next_day=None if offers or not look_ahead else next_day(branch, day, needs, at=at),
        slot_minutes=branch.slot_minutes,
        zone=zone,
    )


def _on_duty(
    branch: Branch, day: date, advisors: Sequence[User], times: Sequence[GridTime]
) -> dict[int, set[datetime]]:
    """Who of the advisors is at work at which of the day's times; nobody sells an absent one's."""
    table, step = calendar.Timetable(branch, day, day, people=advisors), _step(branch)
    found = {
        each.id: {time.at for time in times if table.is_on_duty(each.id, (time.at, time.at + step))}
        for each in advisors
    }
    return {advisor_id: there for advisor_id, there in found.items() if there}


def _step(branch: Branch) -> timedelta:
    return timedelta(minutes=branch.slot_minutes)


def _with_hours(
    open_slots: Sequence[FreeSlot], hours: Ledger, day: date, needs: Needs
) -> list[FreeSlot]:
    """The slots from which on the day still has the hours for the work."""
    fits = {each: hours.fits(day, needs, each) for each in {slot.at for slot in open_slots}}
    return [slot for slot in open_slots if fits[slot.at]]


def _since(branch: Branch, day: date, at: datetime) -> datetime | None:
    """Of today only what is left of it can be sold."""
    return at if day == calendar.local_day(branch, at) else None


def _closes(branch: Branch, times: list[GridTime]) -> datetime:
    return times[-1].at + _step(branch) if times else datetime.max.replace(tzinfo=ZoneInfo("UTC"))


def next_day(branch: Branch, after: date, needs: Needs, *, at: datetime) -> date | None:
    """The first day later than `after` that has both the hours and a free slot."""
    day = capacity.next_free_day(branch, after, needs)
    while day is not None:
        plan = plan_day(branch, day, needs, at=at, look_ahead=False)
        if plan.is_bookable:
            return day
        day = capacity.next_free_day(branch, day, needs) if day - after < LAST_DAY else None
    return None


def first_day(branch: Branch, needs: Needs, *, at: datetime) -> date:
    """The day to begin looking at: today when it still has a place, else the next that has."""
    today = calendar.local_day(branch, at)
    plan = plan_day(branch, today, needs, at=at)
    return today if plan.is_bookable else plan.next_day or today


def _needed_loads(hours: Ledger, day: date, needs: Needs, since: datetime | None) -> list[Load]:
    """How full the day is for each needed skill and bay kind, wanted minutes included."""
    skills: dict[int | None, int] = defaultdict(int)
    bays: dict[frozenset[str], int] = defaultdict(int)
    for need, minutes in needs.items():
        skills[need.skill_id] += minutes
        if need.bay_kinds:
            bays[need.bay_kinds] += minutes
    return [
        _load(hours.capacity(day, skill_id, since), skill_id, (), minutes)
        for skill_id, minutes in sorted(skills.items(), key=lambda each: each[0] or 0)
    ] + [
        _load(hours.bay_capacity(day, kinds, since), None, kinds, minutes)
        for kinds, minutes in sorted(bays.items(), key=lambda each: sorted(each[0]))
    ]


def day_loads(branch: Branch, day: date, at: datetime) -> list[Load]:
    """How full the day is: all technicians first, then each skill and bay kind that there is."""
    hours, since = Ledger(branch, day, day, at=at), _since(branch, day, at)
    ids: list[int | None] = [None, *(skill.id for skill in shop.list_skills())]
    loads = [_load(hours.capacity(day, each, since), each, (), 0) for each in ids]
    for kind in BayKind:
        kinds = frozenset({kind.value})
        loads.append(_load(hours.bay_capacity(day, kinds, since), None, kinds, 0))
    return [load for load in loads if load.sellable_minutes or not (load.skill or load.kinds)]


def _load(there: DayCapacity, skill_id: int | None, kinds: Collection[str], wanted: int) -> Load:
    return Load(
        skill=session.get(Skill, skill_id) if skill_id is not None else None,
        kinds=tuple(kind for kind in BayKind if kind.value in kinds),
        sellable_minutes=there.total_minutes - there.reserve_minutes,
        sold_minutes=there.taken_minutes,
        wanted_minutes=wanted,
    )
