"""The hourly round through the lounge."""

from __future__ import annotations

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from workshop import clock, db, web
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.lounge import page as pages
from workshop.steps.lounge import rounds
from workshop.steps.lounge.blueprint import bp


@bp.get("/lounge/round")
@requires(Permission.CARE)
def walk() -> ResponseReturnValue:
    """The checklist of this hour, with what is still open from earlier ones."""
    return web.page("lounge/round.html", **pages.walk(g.branch, clock.now()))


@bp.post("/lounge/round")
@requires(Permission.CARE)
def check() -> ResponseReturnValue:
    """One item was looked at: in order, or not and what is done about it."""
    item = request.form.get("item", "")
    is_ok, action = request.form.get("ok") == "1", request.form.get("action", "")
    refusal = web.carry_out(
        lambda: rounds.check(g.branch, item, is_ok, action, by=me(), at=clock.now())
    )
    if refusal is None:
        return redirect(url_for("lounge.walk", _anchor=f"item-{item}"))
    context = pages.walk(g.branch, clock.now(), refused=item, typed=action, refusal=refusal)
    return web.page("lounge/round.html", web.status_of(refusal), **context)


@bp.post("/lounge/faults/<int:check_id>/close")
@requires(Permission.CARE)
def close_fault(check_id: int) -> ResponseReturnValue:
    """The action for a fault is done."""
    rounds.close(rounds.get_fault(g.branch, check_id), by=me(), at=clock.now())
    db.commit()
    back = "lounge.index" if request.form.get("back") == "index" else "lounge.walk"
    return redirect(url_for(back))
