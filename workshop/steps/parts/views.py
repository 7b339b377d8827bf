"""The page of the parts counter: what to do next."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from workshop import clock, web
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.parts import worklist
from workshop.steps.parts.blueprint import bp

_VIEWS = ("pick", "issue", "short", "back", "release")


@bp.get("/parts")
@requires(Permission.PICK_PARTS)
def index() -> ResponseReturnValue:
    """What to do next at the parts counter."""
    work = worklist.load(me().branch_id)
    shown = request.args.get("view", "pick")
    return web.page(
        "parts/index.html",
        work=work,
        view=shown if shown in _VIEWS else "pick",
        at=clock.now(),
    )
