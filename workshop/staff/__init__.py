"""Users, roles and the sign-in."""

from __future__ import annotations

from workshop.errors import N_
from workshop.staff import jobs, people_views, sheets, views
from workshop.staff.account import views as account_views
from workshop.staff.blueprint import bp
from workshop.staff.floor import views as floor_views
from workshop.staff.permissions import Permission
from workshop.staff.roles import views as role_views
from workshop.staff.second_factor import views as second_factor_views
from workshop.web.face import SHOP, Entry, Face

P = Permission
FACE = Face(
    bp,
    pages=(
        account_views,
        floor_views,
        people_views,
        role_views,
        second_factor_views,
        views,
    ),
    permissions=frozenset({P.MANAGE_STAFF, P.PAIR_SCREEN}),
    jobs=jobs.JOBS,
    menu=(
        Entry("staff.index", N_("Staff"), "users", SHOP, frozenset({P.MANAGE_STAFF})),
        Entry(
            "staff.devices",
            N_("Shared devices"),
            "smartphone",
            SHOP,
            frozenset({P.PAIR_SCREEN}),
        ),
    ),
    lists=sheets.SHEETS,
)
