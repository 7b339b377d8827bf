"""The blueprint of the duties' pages."""

from __future__ import annotations

from workshop import web

bp = web.blueprint("duties", __name__)
