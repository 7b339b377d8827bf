"""What hangs on one person: handing it over, and asking who may do a thing."""

from __future__ import annotations

from workshop.duties import asking_views, sheets, views
from workshop.duties.blueprint import bp
from workshop.errors import N_
from workshop.staff.permissions import Permission
from workshop.web.face import SHOP, Entry, Face

P = Permission
FACE = Face(
    bp,
    pages=(asking_views, views),
    menu=(
        Entry(
            "duties.index",
            N_("Duties"),
            "users",
            SHOP,
            frozenset({P.VIEW_ORDERS, P.HANDLE_CASE, P.SUPERVISE, P.MANAGE_STAFF}),
        ),
    ),
    lists=sheets.SHEETS,
)
