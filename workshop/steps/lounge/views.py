"""Pages of the step."""

from __future__ import annotations

from workshop import web

bp = web.blueprint("lounge", __name__)
