"""The attendance of a day as a list that may be taken along."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from werkzeug.datastructures import MultiDict

from workshop import web
from workshop.attendance import register
from workshop.errors import N_
from workshop.listing import Asked, Column, ListSheet
from workshop.shop import calendar
from workshop.shop.models import Branch

_MOST_DAYS = 370


def day_in(values: MultiDict[str, str], branch: Branch, at: datetime) -> date:
    """The day that is asked for, today at the latest. Raises Invalid for what is no day."""
    today = calendar.local_day(branch, at)
    return min(web.parse_day(values.get("day"), today), today)


def _days(asked: Asked) -> list[tuple[date, register.Entry]]:
    """The day that the page shows; more days up to `last`, where that is named."""
    first = day_in(asked.args, asked.branch, asked.at)
    last = asked.day("last") or first
    days = [first + timedelta(days=n) for n in range(min((last - first).days + 1, _MOST_DAYS))]
    return [
        (day, entry) for day in days for entry in register.read(asked.branch, day, asked.at).entries
    ]


def _times(row: tuple[date, register.Entry]) -> str:
    return "; ".join(
        f"{web.local(stay.started_at):%H:%M}–"
        + (f"{web.local(stay.ended_at):%H:%M}" if stay.ended_at else "")
        for stay in row[1].live
    )


def _on_cars(name: str) -> Any:
    return lambda row: getattr(row[1].hours.cars, name) if row[1].hours.cars else None


SHEETS = (
    ListSheet(
        "attendance",
        N_("Attendance"),
        "attendance.index",
        (
            Column(N_("Technician"), lambda row: row[1].technician.name),
            Column(N_("Day"), lambda row: row[0]),
            Column(N_("Shift from"), lambda row: row[1].shift and row[1].shift[0]),
            Column(N_("Shift until"), lambda row: row[1].shift and row[1].shift[1]),
            Column(N_("Away"), lambda row: [each.reason for each in row[1].absences]),
            Column(N_("Came and went"), _times),
            Column(N_("Attended minutes"), lambda row: row[1].hours.attended_minutes),
            Column(N_("Clocked minutes"), _on_cars("clocked_minutes")),
            Column(N_("Book minutes"), _on_cars("book_minutes")),
            Column(N_("Finished jobs"), _on_cars("finished_jobs")),
            Column(N_("Utilisation in percent"), lambda row: row[1].hours.utilisation),
            Column(N_("Efficiency in percent"), lambda row: row[1].hours.efficiency),
            Column(N_("End assumed"), lambda row: row[1].is_assumed),
        ),
        _days,
    ),
)
