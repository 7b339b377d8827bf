"""The blueprint of the booking page."""

from __future__ import annotations

from workshop import web

bp = web.blueprint("book", __name__)
