"""The attendance register of a day: who was here when, and the three figures beside each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from workshop.attendance import car_clock, presence
from workshop.attendance import hours as day_hours
from workshop.attendance.hours import DayHours
from workshop.attendance.models import Attendance
from workshop.attendance.presence import Presence
from workshop.db import session
from workshop.shop import absences, calendar, people, rules
from workshop.shop.models import Absence, Branch, Technician
from workshop.shop.rules import Span


@dataclass(frozen=True)
class Entry:
    """One technician's day; `stays` hold replaced versions as well, those that count last.

    `here` is where they are now, whatever the day; `running_plate` is of the car that they work on.
    """

    technician: Technician
    shifts: list[Span]
    here: Presence
    stays: list[Attendance]
    hours: DayHours
    absences: list[Absence]
    running_plate: str | None
    is_due: bool

    @property
    def live(self) -> list[Attendance]:
        """The stays that count."""
        return [each for each in self.stays if each.replaced_at is None]

    @property
    def shift(self) -> Span | None:
        """From the begin of the first shift to the end of the last; None without one."""
        return (self.shifts[0][0], self.shifts[-1][1]) if self.shifts else None

    @property
    def is_away(self) -> bool:
        """Whether an absence of the day keeps the person away."""
        return bool(self.absences) and not self.here.is_clocked_in

    @property
    def is_forgotten(self) -> bool:
        """Whether a clock-out is missing: nobody said when the person went."""
        return self.is_assumed or self._is_open_too_long

    @property
    def is_assumed(self) -> bool:
        """Whether an end is what the rule takes it to be, and nobody has confirmed it."""
        return any(each.is_end_assumed for each in self.live)

    @property
    def _is_open_too_long(self) -> bool:
        return any(each.ended_at is None for each in self.live) and not self.here.is_clocked_in

    @property
    def is_late(self) -> bool:
        """Whether the shift has begun and the person never came."""
        return self.is_due and not self.live and not self.absences


@dataclass(frozen=True)
class Register:
    """A day of all technicians, with the sums."""

    entries: list[Entry]
    total: DayHours


def read(branch: Branch, day: date, at: datetime) -> Register:
    """The register of a day until `at`; who is off the board appears only when they were here."""
    found = [
        each
        for each in _read(people.list_all(branch), branch, day, at)
        if each.live or people.is_on_board(each.technician)
    ]
    return Register(found, day_hours.total_of(each.hours for each in found))


def read_one(technician: Technician, day: date, at: datetime) -> Entry:
    """One technician's day."""
    branch = session.get_one(Branch, technician.branch_id)
    (entry,) = _read([technician], branch, day, at)
    return entry


def end_of_work(technician: Technician, at: datetime) -> datetime:
    """When the technician's day ends by the shift; the shop's midnight without one."""
    branch = session.get_one(Branch, technician.branch_id)
    day = calendar.local_day(branch, at)
    ends = [ends_at for _, ends_at in calendar.shifts(technician, day) if ends_at > at]
    return max(ends, default=calendar.day_span(branch, day)[1])


def _read(
    technicians: Sequence[Technician], branch: Branch, day: date, at: datetime
) -> list[Entry]:
    span = calendar.day_span(branch, day)
    table = calendar.Timetable(branch, day, day, technicians)
    hours = day_hours.of_day(technicians, branch, day, at)
    here = presence.of_all(technicians, at)
    stays = presence.list_stays(technicians, span, replaced=True)
    away = absences.list_touching([each.user for each in technicians], span)
    running = _running_plates(technicians)
    found = []
    for each in technicians:
        mine = [stay for stay in stays if stay.technician_id == each.id]
        shifts = table.shifts(each.id, day)
        found.append(
            Entry(
                technician=each,
                shifts=rules.merge(shifts),
                here=here[each.id],
                stays=sorted(mine, key=lambda stay: (stay.replaced_at is None, stay.started_at)),
                hours=hours[each.id],
                absences=[one for one in away if one.user_id == each.user_id],
                running_plate=running.get(each.id),
                is_due=any(starts_at < at for starts_at, _ in shifts),
            )
        )
    return found


def _running_plates(technicians: Sequence[Technician]) -> Mapping[int, str]:
    cars = car_clock.find()
    return cars.running_plates([each.id for each in technicians]) if cars is not None else {}
