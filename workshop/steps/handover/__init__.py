"""Step 9: the wash, the second walk-round and the gate pass."""

from __future__ import annotations

from workshop.errors import N_
from workshop.staff.permissions import Permission
from workshop.steps.handover import gate_views, gates, sheets, views
from workshop.steps.handover.blueprint import bp
from workshop.steps.handover.mileage import mileage_views
from workshop.steps.handover.reopening import reopening_views
from workshop.web.face import COMPLETION, WORKSHOP, Entry, Face

P = Permission
FACE = Face(
    bp,
    pages=(
        gate_views,
        mileage_views,
        reopening_views,
        views,
    ),
    permissions=frozenset({P.VIEW_ORDERS, P.RECEIVE, P.QUOTE, P.WASH, P.DELIVER, P.CHECK_GATE}),
    menu=(
        Entry("handover.washes", N_("Wash"), "droplets", WORKSHOP, frozenset({P.WASH})),
        Entry("handover.index", N_("Handover"), "key-round", COMPLETION, frozenset({P.DELIVER})),
        Entry("handover.gate", N_("Gate"), "door-open", COMPLETION, frozenset({P.CHECK_GATE})),
    ),
    missing=gates.missing,
    tick=gates.tick,
    lists=sheets.SHEETS,
)
