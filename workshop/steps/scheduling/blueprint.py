"""The address space of scheduling, shared by its pages."""

from __future__ import annotations

from workshop import web

bp = web.blueprint("scheduling", __name__)
