"""The inbox, and its count for the frame of every page."""

from __future__ import annotations

from flask import g, request
from flask.typing import ResponseReturnValue

from workshop import clock, web
from workshop.desk.blueprint import bp
from workshop.desk.inbox import page
from workshop.staff.access import me, signed_in


@bp.get("/inbox")
@signed_in
def inbox() -> ResponseReturnValue:
    """What waits for me, or for all who may do it (?whose=all), the most urgent first."""
    whose = request.args.get("whose", "mine")
    return web.page("inbox/index.html", inbox=page.find(g.branch, me(), clock.now(), whose))


@bp.get("/inbox/count")
@signed_in
def inbox_count() -> ResponseReturnValue:
    """How much waits for me, and what: the frame of every page asks after each change."""
    return page.find(g.branch, me(), clock.now()).told
