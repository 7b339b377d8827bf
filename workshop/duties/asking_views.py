"""Asking who may, and the answers."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, db, web
from workshop.duties import asking, page, queries, who_page
from workshop.duties.blueprint import bp
from workshop.duties.forms import AnswerForm, AskForm
from workshop.duties.models import RequestState
from workshop.staff import people as colleagues
from workshop.staff.access import me, signed_in


@bp.get("/duties/who")
@signed_in
def who() -> ResponseReturnValue:
    """Who may do a thing (?rights=, of which one is enough), and the form that asks them."""
    rights = who_page.read_rights(request.args.get("rights", ""))
    return who_page.show(rights, web.own_path(request.args.get("path", "/")))


@bp.post("/duties/requests")
@signed_in
def ask() -> ResponseReturnValue:
    """Leave a request on the desk of who may."""
    form = AskForm.posted()
    rights = who_page.read_rights(form.rights.data or "")
    of = colleagues.get_colleague(form.of.data, me().branch_id) if form.of.data else None
    asking.ask(
        g.branch,
        rights,
        web.own_path(form.path.data or "/"),
        form.words.data or "",
        of=of,
        by=me(),
        at=clock.now(),
    )
    db.commit()
    flash(gettext("Asked. The answer appears here."), "good")
    return redirect(url_for("duties.index"))


@bp.post("/duties/requests/<int:request_id>/answer")
@signed_in
def answer(request_id: int) -> ResponseReturnValue:
    """Done, or declined with a reason."""
    form = AnswerForm.posted()
    state = web.member(RequestState, request.form.get("state")) or RequestState.DONE
    words = form.answer.data or ""

    def act() -> None:
        found = queries.get_request(request_id, me().branch_id)
        asking.answer(found, state, words, by=me(), at=clock.now())

    if form.carry_out(act):
        return redirect(url_for("duties.index"))
    return page.show_index(form, answered=request_id)


@bp.post("/duties/requests/<int:request_id>/take-back")
@signed_in
def unask(request_id: int) -> ResponseReturnValue:
    """It is needed no more."""
    asking.take_back(queries.get_request(request_id, me().branch_id), by=me(), at=clock.now())
    db.commit()
    return redirect(url_for("duties.index"))
