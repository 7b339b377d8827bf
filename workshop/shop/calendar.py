"""The working calendar: weekly hours, holidays, worked Saturdays, shifts and absences.

All arithmetic on working time starts here; times are aware UTC, days are the shop's own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import holidays
from sqlalchemy import select

from workshop import db
from workshop.db import session
from workshop.errors import N_, NotFound, RuleBroken
from workshop.shop import rules
from workshop.shop.models import Absence, Branch, CalendarDay, OpeningHours, Shift, Technician
from workshop.shop.pasted_days import PastedDay
from workshop.shop.rules import Span
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission

# How far ahead anybody looks for an open day or a free hour.
HORIZON_DAYS = 60

Hours = dict[int, list[tuple[time, time]]]


class _Exception(NamedTuple):
    """A day that differs from its weekday, and why."""

    is_open: bool
    name: str


def local_day(branch: Branch, at: datetime) -> date:
    """The shop's date at this moment."""
    return at.astimezone(ZoneInfo(branch.zone)).date()


def day_span(branch: Branch, day: date) -> Span:
    """The shop's whole day, midnight to midnight."""
    zone = ZoneInfo(branch.zone)
    begins = datetime.combine(day, time(0), tzinfo=zone)
    ends = datetime.combine(day + timedelta(days=1), time(0), tzinfo=zone)
    return begins.astimezone(UTC), ends.astimezone(UTC)


def is_open(branch: Branch, day: date) -> bool:
    """Whether the shop works that day."""
    return Timetable(branch, day, day).is_open(day)


def opening(branch: Branch, day: date) -> list[Span]:
    """The opening hours of the day, empty on a closed one."""
    return Timetable(branch, day, day).opening(day)


def next_open_day(branch: Branch, after: date) -> date:
    """The first open day later than `after`; raises RuleBroken when none is near."""
    first, last = after + timedelta(days=1), after + timedelta(days=HORIZON_DAYS)
    table = Timetable(branch, first, last)
    for day in days(first, last):
        if table.is_open(day):
            return day
    raise RuleBroken(
        N_("The shop is closed on all of the next %(days)s days."),
        code="closed",
        days=HORIZON_DAYS,
    )


def shifts(technician: Technician, day: date) -> list[Span]:
    """When the technician works that day: breaks, holidays and absences taken out."""
    branch = session.get_one(Branch, technician.branch_id)
    return Timetable(branch, day, day, [technician]).shifts(technician.id, day)


def days(first: date, last: date) -> Iterable[date]:
    """Each day from `first` to `last`, both included."""
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


class Timetable:
    """The calendar of a range of days, read once; ask it as often as needed."""

    def __init__(
        self,
        branch: Branch,
        first: date,
        last: date,
        technicians: Iterable[Technician] = (),
        people: Iterable[User] = (),
    ) -> None:
        self.branch = branch
        self._zone = ZoneInfo(branch.zone)
        self._person_of = {each.id: each.user_id for each in technicians}
        ids = [*self._person_of.values(), *(each.id for each in people)]
        self._hours = _hours_of(branch)
        self._exceptions = _exceptions_of(branch, first, last)
        self._shifts = self._read_shifts(ids) if ids else {}
        self._absences = self._read_absences(ids, first, last) if ids else {}
        self._worked: dict[tuple[int, date], list[Span]] = {}

    def is_open(self, day: date) -> bool:
        """Whether the shop works that day."""
        exception = self._exceptions.get(day)
        return bool(self._hours) and (
            exception.is_open if exception is not None else day.weekday() in self._hours
        )

    @property
    def has_hours(self) -> bool:
        """Whether any opening hours are set at all."""
        return bool(self._hours)

    def name_of(self, day: date) -> str:
        """Why the day is an exception, if it is one."""
        exception = self._exceptions.get(day)
        return exception.name if exception is not None else ""

    def opening(self, day: date) -> list[Span]:
        """The opening hours of the day, empty on a closed one."""
        return self._spans(self._hours, day) if self.is_open(day) else []

    def shifts(self, technician_id: int, day: date) -> list[Span]:
        """The technician's working time inside the opening hours, absences taken out."""
        key = (technician_id, day)
        if key not in self._worked:
            self._worked[key] = self._work_out(self._person_of.get(technician_id, 0), day)
        return self._worked[key]

    def is_on_duty(self, user_id: int, span: Span) -> bool:
        """Whether a person's week and absences let them be here for all of this time.

        Who has no weekly hours is here whenever the shop is; its own hours are not asked.
        """
        day = local_day(self.branch, span[0])
        if self._is_away(user_id, span):
            return False
        week = self._shifts.get(user_id)
        if not week:
            return True
        off = day.weekday() not in week and day not in self._exceptions
        return not off and not rules.subtract([span], self._spans(week, day))

    def _work_out(self, user_id: int, day: date) -> list[Span]:
        opened = self.opening(day)
        week = self._shifts.get(user_id)
        if not opened or not week:
            return []
        # Whoever has the weekday off is off, unless the day is an extra one, worked by all.
        exception = self._exceptions.get(day)
        if day.weekday() not in week and exception is None:
            return []
        worked = rules.intersect(self._spans(week, day), opened)
        return rules.subtract(worked, self._absences.get(user_id, ()))

    def is_absent(self, technician_id: int, span: Span) -> bool:
        """Whether the technician is away for some of this time, or the shop is closed."""
        closed = not self.is_open(local_day(self.branch, span[0]))
        return closed or self.has_absence(technician_id, span)

    def has_absence(self, technician_id: int, span: Span) -> bool:
        """Whether the technician is noted to be away for some of this time."""
        return self._is_away(self._person_of.get(technician_id, 0), span)

    def _is_away(self, user_id: int, span: Span) -> bool:
        away = self._absences.get(user_id, ())
        return any(not rules.are_apart(span, each) for each in away)

    def _spans(self, week: Hours, day: date) -> list[Span]:
        # A worked Sunday has no hours of its own: it borrows those of the week's first day.
        hours = week.get(day.weekday()) or week[min(week)]
        spans = [(self._utc(day, starts), self._utc(day, ends)) for starts, ends in hours]
        # Hours that begin in the gap of a change of the clocks may end before they begin.
        return rules.merge((starts, ends) for starts, ends in spans if starts < ends)

    def _utc(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, tzinfo=self._zone).astimezone(UTC)

    def _read_shifts(self, ids: list[int]) -> dict[int, Hours]:
        # Columns here and below, not records: all that plans asks for these again and again.
        weeks: dict[int, Hours] = {}
        query = select(Shift.user_id, Shift.weekday, Shift.starts, Shift.ends)
        query = query.where(Shift.user_id.in_(ids))
        for user_id, weekday, starts, ends in session.execute(query):
            week = weeks.setdefault(user_id, {})
            week.setdefault(weekday, []).append((starts, ends))
        return weeks

    def _read_absences(self, ids: list[int], first: date, last: date) -> dict[int, list[Span]]:
        begins, ends = day_span(self.branch, first)[0], day_span(self.branch, last)[1]
        query = select(Absence.user_id, Absence.starts_at, Absence.ends_at).where(
            Absence.user_id.in_(ids), Absence.starts_at < ends, Absence.ends_at > begins
        )
        # One that was called off has no length.
        query = query.where(Absence.starts_at < Absence.ends_at)
        absences: dict[int, list[Span]] = defaultdict(list)
        for user_id, starts_at, ends_at in session.execute(query):
            absences[user_id].append((starts_at, ends_at))
        return dict(absences)


def _hours_of(branch: Branch) -> Hours:
    def read() -> Hours:
        week: Hours = defaultdict(list)
        query = select(OpeningHours.weekday, OpeningHours.opens, OpeningHours.closes)
        for weekday, opens, closes in session.execute(
            query.where(OpeningHours.branch_id == branch.id)
        ):
            week[weekday].append((opens, closes))
        return dict(week)

    return db.remember(("opening hours", branch.id), {OpeningHours}, read)


def _exceptions_of(branch: Branch, first: date, last: date) -> dict[date, _Exception]:
    """Of the whole years that the days lie in; other days harm nobody."""
    years = (first.year, last.year)

    def read() -> dict[date, _Exception]:
        query = select(CalendarDay.day, CalendarDay.is_open, CalendarDay.name).where(
            CalendarDay.branch_id == branch.id,
            CalendarDay.day.between(date(years[0], 1, 1), date(years[1], 12, 31)),
        )
        return {day: _Exception(is_open, name) for day, is_open, name in session.execute(query)}

    return db.remember(("calendar", branch.id, years), {CalendarDay}, read)


def fill_holidays(branch: Branch, year: int, *, by: User | None, at: datetime) -> int:
    """Add the year's public holidays and worked weekend days; days already there stay as they are.

    Returns how many were added. What the shop does differently it changes afterwards.
    """
    known = {each.day for each in list_exceptions(branch, year)}
    china = holidays.country_holidays("CN", years=year, language="zh_CN")
    closed = {day: (False, name) for day, name in china.items()}
    worked = {day: (True, "调休上班") for day in china.weekend_workdays if day.year == year}
    added = {day: what for day, what in (closed | worked).items() if day not in known}
    for day, (opened, name) in sorted(added.items()):
        exception = CalendarDay(branch_id=branch.id, day=day, is_open=opened, name=name[:80])
        session.add(exception)
    audit.write(by, "shop.fill_holidays", branch, at, year=year, added=len(added))
    return len(added)


def set_day(
    branch: Branch, day: date, is_open: bool, name: str, *, by: User, at: datetime
) -> CalendarDay:
    """Say that a day is closed or worked, whatever the weekly hours say."""
    staff.require_permission(by, Permission.MANAGE_SHOP)
    query = select(CalendarDay).where(CalendarDay.branch_id == branch.id, CalendarDay.day == day)
    exception = session.scalars(query).one_or_none()
    if exception is None:
        exception = CalendarDay(branch_id=branch.id, day=day)
        session.add(exception)
    exception.is_open, exception.name = is_open, name.strip()[:80]
    audit.write(by, "shop.set_day", exception, at, day=day.isoformat(), is_open=is_open)
    return exception


def set_days(branch: Branch, pasted: Iterable[PastedDay], *, by: User, at: datetime) -> int:
    """Take over days that somebody pasted; a day that is there already becomes as pasted.

    Returns how many there were.
    """
    done = [set_day(branch, each.day, each.is_open, each.name, by=by, at=at) for each in pasted]
    return len(done)


def forget_day(branch: Branch, day: date, *, by: User, at: datetime) -> None:
    """Let the weekly hours hold on the day again. Raises NotFound where they do already."""
    staff.require_permission(by, Permission.MANAGE_SHOP)
    query = select(CalendarDay).where(CalendarDay.branch_id == branch.id, CalendarDay.day == day)
    exception = session.scalars(query).one_or_none()
    if exception is None:
        raise NotFound(N_("The weekly hours hold on this day already."))
    was = {"day": day.isoformat(), "is_open": exception.is_open, "name": exception.name}
    audit.write(by, "shop.forget_day", exception, at, was=was)
    session.delete(exception)


def list_exceptions(branch: Branch, year: int) -> list[CalendarDay]:
    """The holidays and worked days of a year, in order."""
    query = select(CalendarDay).where(
        CalendarDay.branch_id == branch.id,
        CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31)),
    )
    return list(session.scalars(query.order_by(CalendarDay.day)))
