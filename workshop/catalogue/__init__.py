"""What the shop sells and how it asks: rates, operations, packages, checklists, words."""

from __future__ import annotations

from workshop.catalogue import kind_views, operation_views, package_views, rate_views, sheets
from workshop.catalogue.blueprint import bp
from workshop.catalogue.checklists import draft_views, list_views, words_page
from workshop.errors import N_
from workshop.staff.permissions import Permission
from workshop.web.face import SHOP, Entry, Face

P = Permission
FACE = Face(
    bp,
    pages=(
        draft_views,
        kind_views,
        list_views,
        operation_views,
        package_views,
        rate_views,
        words_page,
    ),
    permissions=frozenset({P.MANAGE_CATALOGUE}),
    menu=(
        Entry(
            "catalogue.index",
            N_("Catalogue"),
            "book-open",
            SHOP,
            frozenset({P.MANAGE_CATALOGUE}),
        ),
        Entry(
            "catalogue.lists",
            N_("Lists and words"),
            "list-checks",
            SHOP,
            frozenset({P.MANAGE_CATALOGUE}),
        ),
    ),
    lists=sheets.SHEETS,
)
