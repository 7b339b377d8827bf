"""Step 5: who does which job, in which bay, and when."""

from __future__ import annotations

from workshop.errors import N_
from workshop.staff.permissions import Permission
from workshop.steps.scheduling import calendar_views, effects, gates, jobs, sheets
from workshop.steps.scheduling.blueprint import bp
from workshop.steps.scheduling.board import drop_views, undo_views
from workshop.steps.scheduling.board import views as board_views
from workshop.steps.scheduling.closing import views as closing_views
from workshop.steps.scheduling.dispatch import order_views, place_views, whole_views
from workshop.steps.scheduling.duties import DUTIES
from workshop.steps.scheduling.packing import views as packing_views
from workshop.steps.scheduling.pinning import views as pinning_views
from workshop.steps.scheduling.replanning import views as replanning_views
from workshop.steps.scheduling.teamwork import views as teamwork_views
from workshop.steps.scheduling.watch import views as watch_views
from workshop.web.face import WORKSHOP, Entry, Face

P = Permission
FACE = Face(
    bp,
    pages=(
        calendar_views,
        drop_views,
        undo_views,
        board_views,
        closing_views,
        order_views,
        place_views,
        packing_views,
        whole_views,
        pinning_views,
        replanning_views,
        teamwork_views,
        watch_views,
    ),
    permissions=frozenset({P.VIEW_ORDERS, P.SCHEDULE, P.CHANGE_TIME, P.WORK, P.MANAGE_SHOP}),
    menu=(
        Entry(
            "scheduling.index",
            N_("Job control board"),
            "chart-gantt",
            WORKSHOP,
            frozenset({P.SCHEDULE}),
        ),
        Entry("scheduling.show_watch", N_("Watch"), "siren", WORKSHOP, frozenset({P.SCHEDULE})),
        Entry("scheduling.show_close", N_("Day close"), "moon", WORKSHOP, frozenset({P.SCHEDULE})),
    ),
    jobs=jobs.JOBS,
    missing=gates.missing,
    duties=DUTIES,
    tick=gates.tick,
    effects=effects.list_of_order,
    lists=sheets.SHEETS,
)
