"""What the shop's own pages hang on."""

from __future__ import annotations

from workshop import web

bp = web.blueprint("shop", __name__)
