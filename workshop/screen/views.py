"""Pages of the surface."""

from __future__ import annotations

from workshop import web

bp = web.blueprint("screen", __name__)
