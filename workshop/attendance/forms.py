"""The forms of attendance: what a stay really was, and who goes home now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from wtforms import DateTimeLocalField, StringField, TimeField
from wtforms.validators import InputRequired, Length, Optional

from workshop import web
from workshop.attendance.models import Attendance
from workshop.errors import N_, Invalid, WorkshopError
from workshop.shop.rules import Span

_LOCAL = "%Y-%m-%dT%H:%M"
# So many breaks of a stay can be written down; the page shows those in use and one more.
BREAKS = 12
_NEEDED = [InputRequired(N_("Give the time."))]


class StayForm(web.PartForm):
    """Coming, going and breaks of one day in the shop's time; the break fields are added below."""

    key = "stay"
    started = TimeField(N_("Came at"), validators=_NEEDED)
    ended = TimeField(N_("Went at"), validators=[Optional()])
    reason = StringField(N_("Reason"), validators=[Length(max=200)])

    @classmethod
    def of(cls, stay: Attendance) -> StayForm:
        """The form with the stay as it stands; a break that goes on is none to be typed."""
        values: dict[str, Any] = {"started": _minute(stay.started_at)}
        values["ended"] = _minute(stay.ended_at) if stay.ended_at else None
        spans = [(_minute(starts), _minute(ends)) for starts, ends in _ended(stay)]
        for place, (starts, ends) in enumerate([each for each in spans if each[0] != each[1]]):
            values[f"break{place}_from"], values[f"break{place}_until"] = starts, ends
        return cls.blank(**values)

    @property
    def pairs(self) -> list[tuple[Any, Any]]:
        """The fields of the breaks that are in use, and of one more."""
        found = [(self[f"break{n}_from"], self[f"break{n}_until"]) for n in range(BREAKS)]
        used = [n for n, pair in enumerate(found) if any(each.data for each in pair)]
        return found[: max(used, default=-1) + 2]

    def span(self, day: date) -> tuple[datetime, datetime | None]:
        """Coming and going as aware UTC times, None for who is still here.

        Who went before coming went after midnight.
        """
        ended = self.ended.data
        begins = web.local_to_utc(day, self.started.data)
        return begins, self._after(day, ended) if ended is not None else None

    def breaks(self, day: date) -> list[Span]:
        """The breaks that were typed; raises Invalid for half a break."""
        return [
            (self._after(day, starts), self._after(day, ends)) for starts, ends in self._typed()
        ]

    def _after(self, day: date, at: time) -> datetime:
        is_next_day = at < self.started.data
        return web.local_to_utc(day + timedelta(days=1) if is_next_day else day, at)

    def _typed(self) -> Iterator[tuple[time, time]]:
        for place in range(BREAKS):
            starts, ends = self[f"break{place}_from"], self[f"break{place}_until"]
            if starts.data is not None and ends.data is not None:
                yield starts.data, ends.data
            elif starts.data is not None or ends.data is not None:
                missing = ends if starts.data is not None else starts
                raise Invalid(N_("Give both times, or neither."), field=missing.short_name)


for _place in range(BREAKS):
    setattr(StayForm, f"break{_place}_from", TimeField(N_("Break from"), [Optional()]))
    setattr(StayForm, f"break{_place}_until", TimeField(N_("Break until"), [Optional()]))


def _ended(stay: Attendance) -> list[tuple[datetime, datetime]]:
    return [(each.started_at, each.ended_at) for each in stay.breaks if each.ended_at is not None]


def _minute(at: datetime) -> time:
    return web.local(at).time().replace(second=0, microsecond=0)


class SendHomeForm(web.PartForm):
    """Why somebody goes home now, and until when they are away."""

    key = "home"
    reason = StringField(N_("Reason"), validators=[Length(max=80)])
    until = DateTimeLocalField(
        N_("Away until"), format=_LOCAL, validators=[InputRequired(N_("Give the time."))]
    )

    def refuse(self, error: WorkshopError) -> None:
        """Show the refusal; an end that lies behind is marked where it was typed."""
        if error.field == "ends_at":
            error.field = "until"
        super().refuse(error)

    @property
    def until_at(self) -> datetime:
        """When they are expected back, as an aware UTC time."""
        typed = self.until.data
        return web.local_to_utc(typed.date(), typed.time())
