"""What the page of one technician's day shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask import g

from workshop import clock, web
from workshop.attendance import corrections, presence, register
from workshop.attendance.forms import SendHomeForm, StayForm
from workshop.attendance.models import Attendance
from workshop.attendance.presence import Presence
from workshop.attendance.register import Entry
from workshop.shop import calendar
from workshop.shop.models import Absence, Technician
from workshop.shop.separation import service as separation
from workshop.shop.separation.models import NamedException
from workshop.staff.access import me
from workshop.staff.permissions import Permission


@dataclass(frozen=True)
class ShownAbsence:
    """An absence of the day; `is_ahead` while it has not ended, `is_now` while it lasts."""

    absence: Absence
    is_ahead: bool
    is_now: bool

    @property
    def until_field(self) -> str:
        """Its end as a field of date and time holds it."""
        return web.local(self.absence.ends_at).strftime("%Y-%m-%dT%H:%M")


@dataclass(frozen=True)
class ShownStay:
    """A stay that counts, its form, and whether the form stands open."""

    stay: Attendance
    form: StayForm
    is_open_form: bool
    is_open_too_long: bool

    @property
    def exceptions(self) -> list[NamedException]:
        """That somebody has corrected their own hours, where nobody else could."""
        return separation.list_for(self.stay) if self.stay.reason else []


@dataclass(frozen=True)
class TechnicianDay:
    """One technician's day, with the forms; `here` is where they are now."""

    technician: Technician
    day: date
    today: date
    at: datetime
    entry: Entry
    here: Presence
    new: StayForm
    is_new_refused: bool
    home: SendHomeForm
    refused: dict[int | None, StayForm]

    @property
    def is_today(self) -> bool:
        """Whether the day is today."""
        return self.day == self.today

    @property
    def is_own(self) -> bool:
        """Whether these are the reader's own hours, which somebody else corrects."""
        return not corrections.judge(self.technician, me()).is_allowed

    @property
    def can_be_sent_home(self) -> bool:
        """Whether the reader may note now that the technician leaves."""
        is_away = any(each.is_now for each in self._all_absences)
        return self.is_today and not is_away and me().may(Permission.SCHEDULE)

    @property
    def absences(self) -> list[ShownAbsence]:
        """Those worth a word: on a day of the past all, today those that have not ended."""
        return [each for each in self._all_absences if each.is_ahead or not self.is_today]

    @property
    def replaced(self) -> list[ShownStay]:
        """The stays that a correction has replaced, the last one first."""
        return [
            self._show(each) for each in reversed(self.entry.stays) if each.replaced_at is not None
        ]

    @property
    def stays(self) -> list[ShownStay]:
        """The stays that count, the last one first."""
        return [self._show(each) for each in reversed(self.entry.live)]

    def _show(self, stay: Attendance) -> ShownStay:
        is_refused = stay.id in self.refused
        return ShownStay(
            stay,
            self.refused.get(stay.id) or StayForm.of(stay),
            is_open_form=is_refused or self.entry.is_forgotten,
            is_open_too_long=stay.ended_at is None and not self.entry.here.is_clocked_in,
        )

    @property
    def _all_absences(self) -> list[ShownAbsence]:
        return [
            ShownAbsence(each, each.ends_at > self.at, each.starts_at <= self.at < each.ends_at)
            for each in self.entry.absences
        ]


def of_technician(
    found: Technician,
    day: date,
    refused: dict[int | None, StayForm] | None = None,
    home: SendHomeForm | None = None,
) -> TechnicianDay:
    """The page of a day; with the refused forms, by stay id (None for a new one)."""
    at, forms = clock.now(), refused or {}
    return TechnicianDay(
        technician=found,
        day=day,
        today=calendar.local_day(g.branch, at),
        at=at,
        entry=register.read_one(found, day, at),
        here=presence.of(found, at),
        new=forms.get(None) or StayForm.blank(),
        is_new_refused=None in forms,
        home=home or SendHomeForm.blank(until=web.local(register.end_of_work(found, at))),
        refused=forms,
    )
