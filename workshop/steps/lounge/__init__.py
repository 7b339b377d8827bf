"""Step 4: care for who waits here and for who has left."""

from __future__ import annotations

from workshop.errors import N_
from workshop.staff.permissions import Permission
from workshop.steps.lounge import effects, gates, order_views, round_views, sheets, views
from workshop.steps.lounge.blueprint import bp
from workshop.web.face import FRONT_DESK, Entry, Face

P = Permission
FACE = Face(
    bp,
    pages=(
        order_views,
        round_views,
        views,
    ),
    permissions=frozenset({P.CARE}),
    menu=(Entry("lounge.index", N_("Customer care"), "coffee", FRONT_DESK, frozenset({P.CARE})),),
    missing=gates.missing,
    tick=gates.tick,
    effects=effects.list_of_order,
    lists=sheets.SHEETS,
)
