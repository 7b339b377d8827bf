"""Whether the program is well: for who watches servers, not for the shop's people."""

from __future__ import annotations

from workshop.health import views
from workshop.web.face import Face

FACE = Face(views.bp, pages=(views,))
