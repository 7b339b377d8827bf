"""Taking back one's own last change on the board, as long as nobody has changed it since."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, db, web
from workshop.errors import N_, RuleBroken
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.scheduling.blueprint import bp
from workshop.steps.scheduling.board import undo_page, undoing


@bp.post("/scheduling/undo")
@requires(Permission.SCHEDULE)
def undo() -> ResponseReturnValue:
    """Take back this person's last assignment, move, return to the queue, or pin."""
    kept = undo_page.find_undo()
    undo_page.forget()
    if kept is None:
        raise RuleBroken(N_("There is nothing to undo any more."), code="undo")
    undoing.take_back(g.branch, kept, by=me(), at=clock.now())
    db.commit()
    flash(gettext("Undone."), "good")
    return redirect(web.own_path(request.form.get("back") or url_for("scheduling.index")))
