"""Step 1: the appointment, from the call to the arrival."""

from __future__ import annotations

from workshop.errors import N_
from workshop.staff.permissions import Permission
from workshop.steps.booking import effects, gates, new_views, sheets, views
from workshop.steps.booking.blueprint import bp
from workshop.steps.booking.duties import DUTIES
from workshop.steps.booking.joining import views as join_views
from workshop.steps.booking.people import consent_views, contact_views, customer_views, owners
from workshop.web.face import FRONT_DESK, Entry, Face

P = Permission
FACE = Face(
    bp,
    pages=(
        contact_views,
        consent_views,
        customer_views,
        join_views,
        new_views,
        views,
    ),
    permissions=frozenset({P.VIEW_ORDERS, P.VIEW_CUSTOMERS, P.BOOK, P.RECEIVE, P.REGISTER_ARRIVAL}),
    menu=(
        Entry(
            "booking.index",
            N_("Appointments"),
            "calendar",
            FRONT_DESK,
            frozenset({P.BOOK, P.REGISTER_ARRIVAL}),
        ),
        Entry(
            "booking.list_customers",
            N_("Customers"),
            "users",
            FRONT_DESK,
            frozenset({P.VIEW_CUSTOMERS}),
        ),
    ),
    duties=DUTIES,
    tick=gates.tick,
    effects=effects.list_of_order,
    ties=owners.list_ties,
    lists=sheets.SHEETS,
)
