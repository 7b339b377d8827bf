"""The lounge screen and its televisions."""

from __future__ import annotations

from workshop.errors import N_
from workshop.screen import jobs, sheets, views
from workshop.staff.permissions import Permission
from workshop.web.face import SHOP, Entry, Face

P = Permission
FACE = Face(
    views.bp,
    pages=(views,),
    permissions=frozenset({P.PAIR_SCREEN}),
    menu=(Entry("screen.devices", N_("Lounge screens"), "tv", SHOP, frozenset({P.PAIR_SCREEN})),),
    lists=sheets.SHEETS,
    jobs=jobs.JOBS,
)
