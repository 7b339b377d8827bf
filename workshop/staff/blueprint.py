"""What the pages of sign-in and staff hang on."""

from __future__ import annotations

from workshop import web

bp = web.blueprint("staff", __name__)
