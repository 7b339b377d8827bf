"""Who works when, and which bays are open, in minutes of the planner's problem."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from workshop.allocation import queries as allocation_queries
from workshop.orders.models import Job
from workshop.planner import problem as planning
from workshop.shop import calendar, rules
from workshop.shop import queries as shop
from workshop.shop.models import Branch, Technician
from workshop.shop.rules import Span

# Today and the open days after it that a plan may use.
DAYS = 3


def open_days(branch: Branch, at: datetime) -> list[date]:
    """The days that a plan made now may use; today is one of them even when it is closed."""
    found = [calendar.local_day(branch, at)]
    while len(found) < DAYS:
        found.append(calendar.next_open_day(branch, found[-1]))
    return found


@dataclass(frozen=True)
class Taken:
    """Time of a technician and a bay that the plan leaves alone, with the buffer (N1) after it."""

    technician_id: int
    bay_id: int | None
    starts_at: datetime
    blocked_until: datetime


class Hours:
    """The working time of a branch over some days, without what is taken and who is away.

    `taken` stays where it is; `away` is a span for a technician's id.
    """

    def __init__(
        self,
        branch: Branch,
        days: Sequence[date],
        origin: datetime,
        taken: Iterable[Taken],
        away: Mapping[int, Span],
    ) -> None:
        self.branch, self.days, self.origin, self.away = branch, days, origin, away
        self.people = shop.list_technicians(branch)
        self.held = shop.skills_of(self.people)
        self.table = calendar.Timetable(branch, days[0], days[-1], self.people)
        self._open_days = [
            day for day in days if day not in allocation_queries.closed_days(branch, days[0])
        ]
        self._taken: dict[tuple[str, int], list[Span]] = defaultdict(list)
        buffer = timedelta(minutes=branch.buffer_minutes)
        for each in taken:
            span = (each.starts_at - buffer, each.blocked_until)
            self._taken["technician", each.technician_id].append(span)
            if each.bay_id is not None:
                self._taken["bay", each.bay_id].append(span)

    def able(self, job: Job) -> list[Technician]:
        """Who may do the job on one of the days at least."""
        return [
            each
            for each in self.people
            if any(shop.can_do(self.held[each.id], job.skills, day) for day in self.days)
        ]

    def longest(self, people: Iterable[Technician]) -> tuple[int, int]:
        """The minutes of their longest day, and of their longest time without a break."""
        shifts = [self.table.shifts(each.id, day) for each in people for day in self.days]
        day = max((rules.minutes_of(each) for each in shifts), default=0)
        return day, max((rules.longest_minutes(each) for each in shifts), default=0)

    def end_of_work(self, technician_id: int, begun: datetime, minutes: int) -> datetime:
        """When work begun then ends: it rests in the breaks, and runs past the end of the day."""
        day = calendar.local_day(self.branch, begun)
        known = {each.id for each in self.people}
        inside = day in self.days and technician_id in known
        windows = self.table.shifts(technician_id, day) if inside else []
        ends_at = rules.work_end(begun, minutes, windows, across=True)
        return ends_at or begun + timedelta(minutes=minutes)

    def technicians(
        self, jobs: Iterable[planning.Job], rows: Iterable[planning.Assignment]
    ) -> list[planning.Technician]:
        """The technicians of the problem.

        One whose skills change within the days (a certificate expires), or who may do work that
        rests in a break, stands there once for each day: such work never rests over the night.
        """
        long = [job for job in jobs if job.splittable]
        found = [one for each in self.people for one in self._days_of(each, long)]
        known = {f"T{each.id}" for each in self.people}
        strangers = sorted({row.technician for row in rows} - known)
        return [*found, *(planning.Technician(name, {}, ()) for name in strangers)]

    def bays(self, rows: Iterable[planning.Assignment]) -> list[planning.Bay]:
        """The bays of the problem; one that is out of use stays as the place of what is in it."""
        found = [
            planning.Bay(f"B{bay.id}", bay.kind.value, self._open(bay.id))
            for bay in shop.list_bays(self.branch)
        ]
        known = {bay.id for bay in found}
        strangers = sorted({row.bay for row in rows if row.bay} - known)
        return [*found, *(planning.Bay(name, "out of use", ()) for name in strangers)]

    def with_day(
        self, row: planning.Assignment, people: Sequence[planning.Technician]
    ) -> planning.Assignment:
        """The row with the technician of its own day, where there is one for each day."""
        names = [each.id for each in people if each.id.startswith(f"{row.technician}.")]
        if not names:
            return row
        at = self.origin + timedelta(minutes=row.start)
        day = calendar.local_day(self.branch, at)
        place = self.days.index(day) if day in self.days else 0
        return replace(row, technician=names[place])

    def _days_of(
        self, technician: Technician, long: Iterable[planning.Job]
    ) -> list[planning.Technician]:
        skills = [self._skills(technician, day) for day in self.days]
        spans = [self._shifts(technician, day) for day in self.days]
        name = f"T{technician.id}"
        whole = planning.Technician(name, skills[0], tuple(sum(spans, start=())))
        if all(each == skills[0] for each in skills) and not any(map(whole.can, long)):
            return [whole]
        return [
            planning.Technician(f"{name}.{number}", held, shifts)
            for number, (held, shifts) in enumerate(zip(skills, spans, strict=True))
        ]

    def _skills(self, technician: Technician, day: date) -> dict[str, int]:
        """The levels that are held on the day; an expired certificate is none."""
        held = self.held[technician.id]
        return {
            f"S{skill_id}": skill.level
            for skill_id, skill in sorted(held.items())
            if shop.can_do(held, {skill_id: 0}, day)
        }

    def _shifts(self, technician: Technician, day: date) -> tuple[planning.Interval, ...]:
        spans = self.table.shifts(technician.id, day) if day in self._open_days else []
        holes = list(self._taken.get(("technician", technician.id), ()))
        if technician.id in self.away:
            holes.append(self.away[technician.id])
        return self._minutes(rules.subtract(spans, holes))

    def _open(self, bay_id: int) -> tuple[planning.Interval, ...]:
        spans = [span for day in self._open_days for span in self.table.opening(day)]
        return self._minutes(rules.subtract(spans, self._taken.get(("bay", bay_id), ())))

    def _minutes(self, spans: Iterable[Span]) -> tuple[planning.Interval, ...]:
        """Whole minutes inside the spans, from the first on the grid of starts on."""
        found = []
        for begins, ends in spans:
            start = int((rules.round_up(begins) - self.origin).total_seconds() // 60)
            end = int((ends - self.origin).total_seconds() // 60)
            if start < end:
                found.append((start, end))
        return tuple(found)
