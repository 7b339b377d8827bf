"""Where the technicians of a board are, as far as its rows show it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from workshop.attendance import presence
from workshop.attendance.presence import Presence, State
from workshop.shop import calendar
from workshop.shop.models import Technician


def to_show(
    technicians: Collection[Technician], table: calendar.Timetable, day: date, at: datetime
) -> dict[int, Presence]:
    """Of each who has come today, or should have by now, where they are; by technician id."""
    if day != calendar.local_day(table.branch, at):
        return {}
    here = presence.of_all(technicians, at)
    due = {each.id for each in technicians if _is_due(table, each, day, at)}
    return {key: each for key, each in here.items() if key in due or each.state is not State.OUT}


def _is_due(table: calendar.Timetable, technician: Technician, day: date, at: datetime) -> bool:
    """Whether the shift has begun, and nobody has noted that the person is away."""
    has_begun = any(starts_at <= at for starts_at, _ in table.shifts(technician.id, day))
    return has_begun and not table.has_absence(technician.id, (at, at + timedelta(minutes=1)))
