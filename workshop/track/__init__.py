"""The customer's link."""

from __future__ import annotations

from workshop.staff.permissions import Permission
from workshop.track import effects, views
from workshop.web.face import Face

P = Permission
FACE = Face(
    views.bp,
    pages=(views,),
    permissions=frozenset({P.QUOTE}),
    effects=effects.list_of_order,
)
