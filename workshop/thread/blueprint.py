"""The blueprint of what customers and the shop write to each other."""

from __future__ import annotations

from workshop import web

bp = web.blueprint("thread", __name__)
