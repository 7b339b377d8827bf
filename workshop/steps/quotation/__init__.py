"""Step 3: the offer, and the signed service authorisation."""

from __future__ import annotations

from workshop.errors import N_
from workshop.staff.permissions import Permission
from workshop.steps.quotation import gates, line_views, sheets, views
from workshop.steps.quotation.blueprint import bp
from workshop.steps.quotation.taking_off import effects
from workshop.web.face import FRONT_DESK, Entry, Face

P = Permission
FACE = Face(
    bp,
    pages=(
        line_views,
        views,
    ),
    permissions=frozenset({P.VIEW_ORDERS, P.QUOTE, P.DISCOUNT, P.WARRANTY}),
    menu=(
        Entry("quotation.index", N_("Quotations"), "file-text", FRONT_DESK, frozenset({P.QUOTE})),
    ),
    missing=gates.missing,
    tick=gates.tick,
    effects=effects.list_of_order,
    lists=sheets.SHEETS,
)
