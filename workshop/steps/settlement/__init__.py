"""Step 8: the bill and the money."""

from __future__ import annotations

from workshop.errors import N_
from workshop.staff.permissions import Permission
from workshop.steps.settlement import effects, gates, jobs, sheets, ties, views
from workshop.web.face import COMPLETION, Entry, Face

P = Permission
FACE = Face(
    views.bp,
    pages=(views,),
    permissions=frozenset({P.VIEW_ORDERS, P.SETTLE, P.DISCOUNT, P.APPROVE_CREDIT, P.WARRANTY}),
    menu=(
        Entry("settlement.index", N_("Settlement"), "receipt", COMPLETION, frozenset({P.SETTLE})),
        Entry(
            "settlement.claims",
            N_("Warranty claims"),
            "shield-check",
            COMPLETION,
            frozenset({P.WARRANTY}),
        ),
    ),
    missing=gates.missing,
    tick=gates.tick,
    effects=effects.list_of_order,
    ties=ties.list_ties,
    jobs=jobs.JOBS,
    lists=sheets.SHEETS,
)
