"""The capacity ledger: minutes of a skill that are promised on a day, by whom, and what is left.

Appointments, jobs and carry-over all take from one ledger, so nothing is sold twice. Hours are
counted, not cars (domain.md step 1).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from workshop import db
from workshop.db import session
from workshop.errors import N_, RuleBroken
from workshop.shop import calendar, queries, rules
from workshop.shop import crew as crews
from workshop.shop.crew import Crew
from workshop.shop.models import Branch, CapacityTake, TakeSource

People = list[tuple[int, frozenset[int]]]


@dataclass(frozen=True)
class DayCapacity:
    """A skill's minutes on a day. Taken counts also what others took of the same people."""

    total_minutes: int
    reserve_minutes: int
    taken_minutes: int

    @property
    def free_minutes(self) -> int:
        """What may still be sold ahead; the reserve is for walk-ins and additional work (P9)."""
        return max(0, self.total_minutes - self.reserve_minutes - self.taken_minutes)


def day_capacity(branch: Branch, day: date, skill_id: int | None) -> DayCapacity:
    """What the branch has of a skill (None: of anybody) on a day, and what is taken of it."""
    return Ledger(branch, day, day).capacity(day, skill_id)


def take(
    branch: Branch,
    day: date,
    skill_id: int | None,
    minutes: int,
    source: TakeSource,
    source_id: int,
    *,
    at: datetime,
    beyond: bool = False,
) -> CapacityTake:
    """Take minutes of a skill on a day for an appointment or a job.

    An appointment may not touch the reserve; a job, whose car is here, may. With `beyond` it is
    only written down: a board that has found a real place for the job is right. Raises RuleBroken
    (field "day") when it does not fit. Callers that take of several days go in order of the day.
    """
    db.lock("capacity", branch.id * 1_000_000 + day.toordinal())
    if not beyond:
        _refuse_what_does_not_fit(branch, day, skill_id, minutes, source)
    taken = CapacityTake(
        branch_id=branch.id,
        day=day,
        skill_id=skill_id,
        minutes=minutes,
        source=source,
        source_id=source_id,
        taken_at=at,
    )
    session.add(taken)
    session.flush()
    return taken


def _refuse_what_does_not_fit(
    branch: Branch, day: date, skill_id: int | None, minutes: int, source: TakeSource
) -> None:
    ledger = Ledger(branch, day, day)
    free = ledger.free(day, skill_id, with_reserve=source is TakeSource.JOB)
    if minutes <= free:
        return
    if not ledger.is_open(day):
        raise RuleBroken(N_("The shop is closed on that day."), field="day", code="closed")
    raise RuleBroken(
        N_("The day has only %(free)s min left for this kind of work, not %(wanted)s min."),
        field="day",
        code="capacity",
        free=max(0, free),
        wanted=minutes,
    )


def release(source: TakeSource, source_id: int, *, at: datetime) -> int:
    """Give back all that an appointment or a job has taken; returns how many minutes."""
    given = 0
    for taken in list_takes(source, source_id):
        taken.released_at = at
        given += taken.minutes
    session.flush()
    return given


def list_takes(source: TakeSource, source_id: int) -> list[CapacityTake]:
    """What an appointment or a job holds now."""
    query = select(CapacityTake).where(
        CapacityTake.source == source,
        CapacityTake.source_id == source_id,
        CapacityTake.released_at.is_(None),
    )
    return list(session.scalars(query.order_by(CapacityTake.id)))


def next_free_day(branch: Branch, after: date, needs: Mapping[int | None, int]) -> date | None:
    """The first day later than `after` on which all the needs (skill id → minutes) fit together."""
    first, last = after + timedelta(days=1), after + timedelta(days=calendar.HORIZON_DAYS)
    ledger = Ledger(branch, first, last)
    wanted = {skill: minutes for skill, minutes in needs.items() if minutes > 0}
    for day in calendar.days(first, last):
        if ledger.is_open(day) and ledger.fits(day, wanted):
            return day
    return None


class Ledger:
    """The capacity of a range of days, read once; ask it as often as needed.

    A `crew` that is read already covers at least these days.
    """

    def __init__(self, branch: Branch, first: date, last: date, crew: Crew | None = None) -> None:
        crew = crew or crews.read(branch, first, last)
        self._branch = branch
        self._ids = [technician.id for technician in crew.technicians]
        self._held = crew.held
        self._table = crew.table
        self._takes = self._read_takes(first, last)
        self._people: dict[date, People] = {}

    def is_open(self, day: date) -> bool:
        """Whether the shop works that day."""
        return self._table.is_open(day)

    def capacity(self, day: date, skill_id: int | None) -> DayCapacity:
        """What there is of a skill on the day."""
        people = self._people_of(day)
        able = [minutes for minutes, held in people if skill_id is None or skill_id in held]
        total = sum(able)
        reserve = total - sum(self._sellable(minutes) for minutes in able)
        return DayCapacity(total, reserve, total - reserve - self.free(day, skill_id))

    def free(self, day: date, skill_id: int | None, *, with_reserve: bool = False) -> int:
        """Minutes of the skill that still fit; negative when the day is overbooked."""
        people = self._limits(day, with_reserve)
        return rules.free_minutes(skill_id, self._takes.get(day, {}), people)

    def fits(self, day: date, needs: Mapping[int | None, int]) -> bool:
        """Whether all the needs together may be sold ahead on the day."""
        together = defaultdict(int, self._takes.get(day, {}))
        for skill_id, minutes in needs.items():
            together[skill_id] += minutes
        people = self._limits(day, False)
        return all(rules.free_minutes(each, together, people) >= 0 for each in needs)

    def _limits(self, day: date, with_reserve: bool) -> People:
        people = self._people_of(day)
        if with_reserve:
            return people
        return [(self._sellable(minutes), held) for minutes, held in people]

    def _sellable(self, minutes: int) -> int:
        return minutes * (100 - self._branch.reserve_percent) // 100

    def _people_of(self, day: date) -> People:
        if day not in self._people:
            self._people[day] = [
                (
                    rules.minutes_of(self._table.shifts(each, day)),
                    frozenset(
                        skill
                        for skill in self._held[each]
                        if queries.can_do(self._held[each], skill, 1, day)
                    ),
                )
                for each in self._ids
            ]
        return self._people[day]

    def _read_takes(self, first: date, last: date) -> dict[date, dict[int | None, int]]:
        query = (
            select(CapacityTake.day, CapacityTake.skill_id, func.sum(CapacityTake.minutes))
            .where(
                CapacityTake.branch_id == self._branch.id,
                CapacityTake.day.between(first, last),
                CapacityTake.released_at.is_(None),
            )
            .group_by(CapacityTake.day, CapacityTake.skill_id)
        )
        takes: dict[date, dict[int | None, int]] = defaultdict(dict)
        for day, skill_id, minutes in session.execute(query):
            takes[day][skill_id] = int(minutes)
        return dict(takes)
