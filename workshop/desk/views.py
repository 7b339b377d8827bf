"""The advisor's home, the repair-order page, search, and pictures."""

from __future__ import annotations

from workshop import web

bp = web.blueprint("desk", __name__)
