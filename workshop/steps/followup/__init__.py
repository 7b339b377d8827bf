"""Step 10: the call after the delivery, and the cases."""

from __future__ import annotations

from workshop.errors import N_
from workshop.staff.permissions import Permission
from workshop.steps.followup import case_views, gates, jobs, new_case_views, sheets, ties, views
from workshop.steps.followup.blueprint import bp
from workshop.web.face import COMPLETION, Entry, Face

P = Permission
FACE = Face(
    bp,
    pages=(
        case_views,
        new_case_views,
        views,
    ),
    permissions=frozenset({P.VIEW_ORDERS, P.FOLLOW_UP, P.HANDLE_CASE, P.SUPERVISE}),
    menu=(
        Entry("followup.index", N_("Follow-up"), "headset", COMPLETION, frozenset({P.FOLLOW_UP})),
        Entry(
            "followup.cases", N_("Cases"), "message-square", COMPLETION, frozenset({P.HANDLE_CASE})
        ),
    ),
    jobs=jobs.JOBS,
    missing=gates.missing,
    tick=gates.tick,
    ties=ties.list_ties,
    lists=sheets.SHEETS,
)
