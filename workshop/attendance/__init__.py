"""The time clock: who is here and since when, its pages, and the hours of a day."""

from __future__ import annotations

from workshop.attendance import jobs, sheets, views
from workshop.attendance.views import bp
from workshop.errors import N_
from workshop.staff.permissions import Permission
from workshop.web.face import WORKSHOP, Entry, Face

P = Permission
FACE = Face(
    bp,
    pages=(views,),
    jobs=jobs.JOBS,
    permissions=frozenset({P.CORRECT_ATTENDANCE}),
    menu=(
        Entry(
            "attendance.index",
            N_("Attendance"),
            "clock",
            WORKSHOP,
            frozenset({P.CORRECT_ATTENDANCE}),
        ),
    ),
    lists=sheets.SHEETS,
)
