"""The blueprint that the pages of the step hang on."""

from __future__ import annotations

from workshop import web

bp = web.blueprint("repair", __name__)
