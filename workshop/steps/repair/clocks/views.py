"""Clocks whose end is a guess: somebody says when the work really ended."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, web
from workshop.shop.separation import service as separation
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.repair.blueprint import bp
from workshop.steps.repair.clocks import forgotten
from workshop.steps.repair.clocks.forms import ConfirmForm

_LATELY = timedelta(days=31)


@bp.get("/repair/clocks")
@requires(Permission.CORRECT_ATTENDANCE)
def clocks() -> ResponseReturnValue:
    """All clocks of the branch that nobody stopped."""
    return _page()


@bp.post("/repair/clocks/<int:session_id>")
@requires(Permission.CORRECT_ATTENDANCE)
def confirm_clock(session_id: int) -> ResponseReturnValue:
    """When the work ended, and why nobody stopped the clock."""
    found, form = forgotten.get_unconfirmed(g.branch, session_id), ConfirmForm()
    if form.carry_out(
        lambda: forgotten.confirm(
            found, form.ended_at, form.reason.data or "", by=me(), at=clock.now()
        )
    ):
        flash(gettext("Saved."), "good")
        return redirect(url_for("repair.clocks"))
    return _page(session_id, form)


def _page(refused: int | None = None, form: ConfirmForm | None = None) -> ResponseReturnValue:
    lines = [
        (each, form if form and each.id == refused else ConfirmForm.of(each))
        for each in forgotten.list_unconfirmed(g.branch)
    ]
    confirmed = [
        (each, separation.list_for(each.correction))
        for each in forgotten.list_confirmed(g.branch, clock.now() - _LATELY)
        if each.correction is not None
    ]
    status = form.status if form else 200
    return web.page("repair/clocks.html", status, lines=lines, confirmed=confirmed)
