"""What the pages of set-up hang on."""

from __future__ import annotations

from workshop import web

bp = web.blueprint("setup", __name__)
