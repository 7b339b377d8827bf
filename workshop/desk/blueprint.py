"""What the pages of the desk hang on."""

from __future__ import annotations

from workshop import web

bp = web.blueprint("desk", __name__)
