"""The inbox, and its count for the frame of every page."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, db, web
from workshop.desk.blueprint import bp
from workshop.desk.inbox import page, taking
from workshop.desk.inbox import rows as waiting
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


@bp.post("/inbox/take")
@signed_in
def take() -> ResponseReturnValue:
    """I see to it."""
    items, subject = waiting.list_items(g.branch, clock.now()), request.form.get("subject", "")
    taking.take(g.branch, items, subject, by=me(), at=clock.now())
    db.commit()
    flash(gettext("Noted: you see to it."), "good")
    return redirect(url_for("desk.inbox"))


@bp.post("/inbox/give-back")
@signed_in
def give_back() -> ResponseReturnValue:
    """Others may see to it."""
    taking.give_back(g.branch, request.form.get("subject", ""), by=me(), at=clock.now())
    db.commit()
    flash(gettext("Others see it again."), "good")
    return redirect(url_for("desk.inbox"))
