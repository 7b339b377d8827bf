"""Pages of the step."""

from __future__ import annotations

from workshop import web

bp = web.blueprint("scheduling", __name__)
