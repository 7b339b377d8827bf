"""The blueprint that all pages of the step hang on."""

from __future__ import annotations

from workshop import web

bp = web.blueprint("followup", __name__)
