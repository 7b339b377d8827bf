"""What the pages of the catalogue hang on."""

from __future__ import annotations

from workshop import web

bp = web.blueprint("catalogue", __name__)
