"""The eleventh step: the car is cleaned inside before it is washed."""

from __future__ import annotations

from workshop.steps.interior import gates, service, views
from workshop.steps.interior.blueprint import bp

from workshop.errors import N_
from workshop.staff.permissions import Permission
from workshop.web.face import WORKSHOP, Deed, Entry, Face

P = Permission
FACE = Face(
    bp,
    pages=(views,),
    permissions=frozenset({P.CLEAN_INTERIOR}),
    menu=(
        Entry(
            "interior.index", N_("Interior"), "droplets", WORKSHOP, frozenset({P.CLEAN_INTERIOR})
        ),
    ),
    missing=gates.missing,
    tick=gates.tick,
    deed=Deed(4, service.play),
)
