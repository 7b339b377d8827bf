"""Step 7: the work, and its three checks."""

from __future__ import annotations

from workshop.errors import N_
from workshop.staff.permissions import Permission
from workshop.steps.repair import attendance_views, gates, views
from workshop.steps.repair.additions import views as addition_views
from workshop.steps.repair.blueprint import bp
from workshop.steps.repair.phone import line_views, presence_views, time_views
from workshop.steps.repair.phone import views as phone_views
from workshop.web.face import WORKSHOP, Entry, Face

P = Permission
FACE = Face(
    bp,
    pages=(
        attendance_views,
        views,
        addition_views,
        line_views,
        presence_views,
        time_views,
        phone_views,
    ),
    permissions=frozenset(
        {
            P.VIEW_ORDERS,
            P.QUOTE,
            P.SCHEDULE,
            P.CORRECT_ATTENDANCE,
            P.WORK,
            P.REQUEST_ADDITION,
            P.INSPECT,
            P.FINAL_CHECK,
        }
    ),
    menu=(
        Entry(
            "repair.attendance",
            N_("Attendance"),
            "clock",
            WORKSHOP,
            frozenset({P.CORRECT_ATTENDANCE}),
        ),
        Entry("repair.phone", N_("My jobs"), "wrench", WORKSHOP, frozenset({P.WORK})),
        Entry(
            "repair.index",
            N_("Repair & quality"),
            "badge-check",
            WORKSHOP,
            frozenset({P.INSPECT, P.FINAL_CHECK}),
        ),
    ),
    missing=gates.missing,
)
