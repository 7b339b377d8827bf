"""One day as a caller may have it: the arrival grid, the hours left, and the two times to offer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from workshop.db import session
from workshop.shop import calendar, capacity
from workshop.shop import queries as shop
from workshop.shop.models import Branch, Skill
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.booking import queries, rules
from workshop.steps.booking.rules import FreeSlot, GridTime, Offer

# Nobody books further ahead than the calendar looks.
LAST_DAY = timedelta(days=calendar.HORIZON_DAYS)


@dataclass(frozen=True)
class SkillLoad:
    """Minutes of a skill on a day: what may be sold ahead, what is sold, what is wanted now."""

    skill: Skill | None
    sellable_minutes: int
    sold_minutes: int
    wanted_minutes: int = 0

    @property
    def free_minutes(self) -> int:
        return max(0, self.sellable_minutes - self.sold_minutes)

    @property
    def fits(self) -> bool:
        return self.wanted_minutes <= self.free_minutes


@dataclass(frozen=True)
class DayPlan:
    """What the day offers for some work; `next_day` is where to look when it offers nothing."""

    day: date
    is_open: bool
    times: list[GridTime]
    advisors: list[User]
    taken: set[tuple[int, datetime]]
    free: list[FreeSlot]
    loads: list[SkillLoad]
    offers: list[Offer]
    next_day: date | None
    slot_minutes: int
    zone: ZoneInfo

    @property
    def fits(self) -> bool:
        """Whether the hours are there, whatever the grid says."""
        return self.is_open and all(load.fits for load in self.loads)

    @property
    def is_bookable(self) -> bool:
        return self.fits and bool(self.free)

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
        """Whether the plan has this slot free."""
        return any(slot.advisor_id == advisor_id and slot.at == at for slot in self.free)


def list_advisors(branch: Branch) -> list[User]:
    """Who receives booked cars."""
    return staff.list_users(branch.id, RoleName.SERVICE_ADVISOR)


def day_grid(branch: Branch, day: date) -> list[GridTime]:
    """The arrival times of the day; empty when the shop is closed."""
    opening = calendar.opening(branch, day)
    return rules.grid(opening, branch.slot_minutes, ZoneInfo(branch.zone))


def plan_day(
    branch: Branch,
    day: date,
    needs: Mapping[int | None, int],
    *,
    at: datetime,
    wished_advisor_id: int | None = None,
    look_ahead: bool = True,
) -> DayPlan:
    """Plan a day for work that needs these minutes by skill id (None: anybody).

    The grid counts from `at`; with `look_ahead` a day that has no place names the next that has.
    """
    times, advisors, zone = day_grid(branch, day), list_advisors(branch), ZoneInfo(branch.zone)
    taken = queries.list_taken(branch, day)
    free = rules.free_slots(
        times,
        taken,
        [advisor.id for advisor in advisors],
        not_before=at,
        minutes=sum(needs.values()) + branch.delivery_minutes,
        closes=_closes(branch, times),
        zone=zone,
    )
    loads = skill_loads(branch, day, needs)
    has_place = bool(free) and all(load.fits for load in loads)
    return DayPlan(
        day=day,
        is_open=bool(times),
        times=times,
        advisors=advisors,
        taken=taken,
        free=free,
        loads=loads,
        offers=rules.choose_offers(free, wished_advisor_id) if has_place else [],
        next_day=None if has_place or not look_ahead else next_day(branch, day, needs, at=at),
        slot_minutes=branch.slot_minutes,
        zone=zone,
    )


def _closes(branch: Branch, times: list[GridTime]) -> datetime:
    step = timedelta(minutes=branch.slot_minutes)
    return times[-1].at + step if times else datetime.max.replace(tzinfo=ZoneInfo("UTC"))


def next_day(
    branch: Branch, after: date, needs: Mapping[int | None, int], *, at: datetime
) -> date | None:
    """The first day later than `after` that has both the hours and a free slot."""
    day = capacity.next_free_day(branch, after, needs)
    while day is not None:
        plan = plan_day(branch, day, needs, at=at, look_ahead=False)
        if plan.is_bookable:
            return day
        day = capacity.next_free_day(branch, day, needs) if day - after < LAST_DAY else None
    return None


def first_day(branch: Branch, needs: Mapping[int | None, int], *, at: datetime) -> date:
    """The day to begin looking at: today when it still has a place, else the next that has."""
    today = calendar.local_day(branch, at)
    plan = plan_day(branch, today, needs, at=at)
    return today if plan.is_bookable else plan.next_day or today


def skill_loads(branch: Branch, day: date, needs: Mapping[int | None, int]) -> list[SkillLoad]:
    """How full the day is for each needed skill (None: for anybody), wanted minutes included."""
    ledger = capacity.Ledger(branch, day, day)
    return [
        _load(ledger, day, skill_id, minutes)
        for skill_id, minutes in sorted(needs.items(), key=lambda need: need[0] or 0)
    ]


def day_loads(branch: Branch, day: date) -> list[SkillLoad]:
    """How full the day is: all hands first, then each skill that anybody there has."""
    ledger = capacity.Ledger(branch, day, day)
    ids: list[int | None] = [None, *(skill.id for skill in shop.list_skills())]
    loads = [_load(ledger, day, skill_id, 0) for skill_id in ids]
    return [load for load in loads if load.sellable_minutes or load.skill is None]


def _load(ledger: capacity.Ledger, day: date, skill_id: int | None, wanted: int) -> SkillLoad:
    there = ledger.capacity(day, skill_id)
    return SkillLoad(
        skill=session.get(Skill, skill_id) if skill_id is not None else None,
        sellable_minutes=there.total_minutes - there.reserve_minutes,
        sold_minutes=there.taken_minutes,
        wanted_minutes=wanted,
    )
