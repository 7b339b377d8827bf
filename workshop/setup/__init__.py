"""Setting a shop up: what is still missing, and the starter set."""

from __future__ import annotations

from workshop.setup.blueprint import bp
from workshop.setup.starter import starter_views
from workshop.staff.permissions import Permission
from workshop.web.face import Face

FACE = Face(
    bp,
    pages=(starter_views,),
    permissions=frozenset({Permission.MANAGE_CATALOGUE}),
)
