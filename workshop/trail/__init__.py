"""The audit trail for people: who did what to which record, before and after."""

from __future__ import annotations

from workshop.errors import N_
from workshop.staff.permissions import Permission
from workshop.trail import sheets, views
from workshop.trail.blueprint import bp
from workshop.web.face import SHOP, Entry, Face

READ = frozenset({Permission.READ_AUDIT})
FACE = Face(
    bp,
    pages=(views,),
    permissions=READ,
    lists=sheets.SHEETS,
    menu=(Entry("trail.index", N_("Audit trail"), "history", SHOP, READ),),
)
