"""What the shop sells and how it asks: rates, operations, packages, checklists, words."""

from __future__ import annotations

from workshop.catalogue import kind_views, operation_views, package_views, rate_views
from workshop.catalogue.blueprint import bp
from workshop.errors import N_
from workshop.staff.permissions import Permission
from workshop.web.face import SHOP, Entry, Face

P = Permission
FACE = Face(
    bp,
    pages=(kind_views, operation_views, package_views, rate_views),
    permissions=frozenset({P.MANAGE_CATALOGUE}),
    menu=(
        Entry(
            "catalogue.index",
            N_("Catalogue"),
            "book-open",
            SHOP,
            frozenset({P.MANAGE_CATALOGUE}),
        ),
    ),
)
