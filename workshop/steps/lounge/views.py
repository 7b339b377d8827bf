"""Customer care: everybody who waits or has left, and what they must be told."""

from __future__ import annotations

from flask import g
from flask.typing import ResponseReturnValue

from workshop import clock, web
from workshop.staff.access import requires
from workshop.staff.permissions import Permission
from workshop.steps.lounge import page as pages
from workshop.steps.lounge.blueprint import bp


@bp.get("/lounge")
@requires(Permission.CARE)
def index() -> ResponseReturnValue:
    """Who must be told something, who waits and what they still need, who left, how it looks."""
    return web.page("lounge/index.html", **pages.index(g.branch, clock.now()))
