"""The advisor's home, the order page and the search."""

from __future__ import annotations

from workshop.desk import notes_views, sheets, views
from workshop.desk.blueprint import bp
from workshop.desk.inbox import views as inbox_views
from workshop.desk.labels import label_views
from workshop.errors import N_
from workshop.staff.permissions import Permission
from workshop.web.face import FRONT_DESK, Entry, Face

P = Permission
FACE = Face(
    bp,
    pages=(views, inbox_views, notes_views, label_views),
    permissions=frozenset({P.VIEW_ORDERS, P.VIEW_CUSTOMERS, P.MANAGE_SHOP, P.PICK_PARTS}),
    menu=(
        Entry("desk.home", N_("Today"), "layout-dashboard", FRONT_DESK, frozenset({P.VIEW_ORDERS})),
    ),
    lists=sheets.SHEETS,
)
