"""The branch, its bays, its people and their hours."""

from __future__ import annotations

from workshop.errors import N_
from workshop.shop import hours_views, letterhead_views, technician_views, views
from workshop.shop.blueprint import bp
from workshop.staff.permissions import Permission
from workshop.web.face import SHOP, Entry, Face

P = Permission
FACE = Face(
    bp,
    pages=(
        hours_views,
        letterhead_views,
        technician_views,
        views,
    ),
    permissions=frozenset({P.MANAGE_SHOP}),
    menu=(Entry("shop.index", N_("The shop"), "store", SHOP, frozenset({P.MANAGE_SHOP})),),
)
