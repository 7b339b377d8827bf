"""What the pages of the audit trail hang on."""

from __future__ import annotations

from workshop import web

bp = web.blueprint("trail", __name__)
