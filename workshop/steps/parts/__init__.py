"""Step 6: parts are picked, issued, ordered and taken back."""

from __future__ import annotations

from workshop.errors import N_
from workshop.staff.permissions import Permission
from workshop.steps.parts import (
    effects,
    gates,
    jobs,
    list_views,
    order_views,
    sheets,
    stock_views,
    views,
)
from workshop.steps.parts.blueprint import bp
from workshop.steps.parts.cores import core_views
from workshop.steps.parts.counting import count_views, giving_views
from workshop.steps.parts.goods_in import receipt_views
from workshop.steps.parts.purchasing import purchase_views
from workshop.steps.parts.quarantine import quarantine_views
from workshop.steps.parts.register import money_views, register_views, supplier_views
from workshop.web.face import WORKSHOP, Entry, Face

P = Permission
FACE = Face(
    bp,
    pages=(
        list_views,
        order_views,
        stock_views,
        views,
        receipt_views,
        purchase_views,
        count_views,
        core_views,
        giving_views,
        quarantine_views,
        money_views,
        register_views,
        supplier_views,
    ),
    permissions=frozenset(
        {
            P.VIEW_ORDERS,
            P.QUOTE,
            P.SCHEDULE,
            P.PICK_PARTS,
            P.MANAGE_PARTS,
            P.SEE_COST,
            P.SETTLE,
            P.WARRANTY,
        }
    ),
    menu=(Entry("parts.index", N_("Parts"), "package", WORKSHOP, frozenset({P.PICK_PARTS})),),
    jobs=jobs.JOBS,
    missing=gates.missing,
    tick=gates.tick,
    effects=effects.list_of_order,
    lists=sheets.SHEETS,
)
