"""Step 2: the greeting, the walk-around inspection and the order."""

from __future__ import annotations

from workshop.errors import N_
from workshop.staff.permissions import Permission
from workshop.steps.reception import effects, gates, intake_views, sheets, views
from workshop.steps.reception.blueprint import bp
from workshop.steps.reception.car import views as car_views
from workshop.steps.reception.sections import views as section_views
from workshop.steps.reception.walk import views as walk_views
from workshop.web.face import FRONT_DESK, Entry, Face

P = Permission
FACE = Face(
    bp,
    pages=(
        intake_views,
        section_views,
        views,
        car_views,
        walk_views,
    ),
    permissions=frozenset({P.VIEW_ORDERS, P.RECEIVE, P.REGISTER_ARRIVAL, P.CANCEL_ORDER}),
    menu=(
        Entry(
            "reception.index",
            N_("Reception"),
            "clipboard-list",
            FRONT_DESK,
            frozenset({P.RECEIVE, P.REGISTER_ARRIVAL}),
        ),
    ),
    missing=gates.missing,
    tick=gates.tick,
    effects=effects.list_of_order,
    lists=sheets.SHEETS,
)
