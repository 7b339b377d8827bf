"""What the shop sells and how it asks: rates, operations, packages, checklists, words."""

from __future__ import annotations

from workshop.catalogue.blueprint import bp
from workshop.web.face import Face

FACE = Face(bp, pages=())
