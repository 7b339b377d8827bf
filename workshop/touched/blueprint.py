"""What the pages of the call list hang on."""

from __future__ import annotations

from workshop import web

bp = web.blueprint("touched", __name__)
