"""Step 7: the work, and its three checks."""

from __future__ import annotations

from workshop.errors import N_
from workshop.staff.permissions import Permission
from workshop.steps.repair import gates, jobs, sheets, views
from workshop.steps.repair.additions import views as addition_views
from workshop.steps.repair.blueprint import bp
from workshop.steps.repair.changing import views as changing_views
from workshop.steps.repair.clocks import views as clock_views
from workshop.steps.repair.concerns import views as concern_views
from workshop.steps.repair.duties import DUTIES
from workshop.steps.repair.inspecting import phone_views as inspecting_on_phone
from workshop.steps.repair.inspecting import red_views
from workshop.steps.repair.inspecting import views as inspecting_views
from workshop.steps.repair.phone import (
    dropping_views,
    help_views,
    line_views,
    presence_views,
    time_views,
)
from workshop.steps.repair.phone import views as phone_views
from workshop.web.face import WORKSHOP, Entry, Face

P = Permission
FACE = Face(
    bp,
    pages=(
        views,
        addition_views,
        clock_views,
        concern_views,
        changing_views,
        dropping_views,
        inspecting_on_phone,
        inspecting_views,
        red_views,
        help_views,
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
            P.WORK,
            P.REQUEST_ADDITION,
            P.INSPECT,
            P.RECEIVE,
            P.FINAL_CHECK,
            P.DELIVER,
            P.CORRECT_ATTENDANCE,
        }
    ),
    menu=(
        Entry("repair.phone", N_("My jobs"), "wrench", WORKSHOP, frozenset({P.WORK})),
        Entry(
            "repair.index",
            N_("Repair & quality"),
            "badge-check",
            WORKSHOP,
            frozenset({P.INSPECT, P.FINAL_CHECK}),
        ),
    ),
    jobs=jobs.JOBS,
    missing=gates.missing,
    duties=DUTIES,
    tick=gates.tick,
    lists=sheets.SHEETS,
)
