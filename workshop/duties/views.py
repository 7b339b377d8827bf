"""What somebody holds and what waits for them; handing over, accepting, declining."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, db
from workshop.duties import page, queries, service
from workshop.duties.blueprint import bp
from workshop.duties.forms import AnswerForm, HandOverForm
from workshop.duties.models import HandOver
from workshop.staff import people as colleagues
from workshop.staff import service as staff
from workshop.staff.access import me, signed_in
from workshop.staff.models import User


@bp.get("/duties")
@signed_in
def index() -> ResponseReturnValue:
    """What waits for me, what I hold, and for the manager everybody who holds something."""
    return page.show_index()


@bp.get("/duties/<int:user_id>")
@signed_in
def person(user_id: int) -> ResponseReturnValue:
    """What one person holds, and to whom it can go."""
    return page.show_person(_get(user_id))


@bp.post("/duties/<int:user_id>")
@signed_in
def hand_over(user_id: int) -> ResponseReturnValue:
    """Offer it, or set it."""
    giver, form = _get(user_id), HandOverForm.posted()

    def act() -> HandOver:
        taker = staff.get_user(form.taker.data)
        chosen, sets = form.chosen.data or [], bool(form.sets.data)
        reason = form.reason.data or ""
        return service.hand_over(giver, taker, chosen, reason, sets=sets, by=me(), at=clock.now())

    if form.carry_out(act):
        flash(_said(form.outcome), "good")
        return redirect(url_for("duties.person", user_id=user_id))
    return page.show_person(_get(user_id), form)


def _said(made: HandOver) -> str:
    name, count = made.taker.display_name, len(made.items)
    if made.is_offered:
        return str(gettext("Offered to %(name)s: %(count)s.", name=name, count=count))
    return str(gettext("%(name)s has it now: %(count)s.", name=name, count=count))


@bp.post("/duties/hand-overs/<int:hand_over_id>/accept")
@signed_in
def accept(hand_over_id: int) -> ResponseReturnValue:
    """Take over what was offered."""
    service.accept(_made(hand_over_id), by=me(), at=clock.now())
    return _saved()


@bp.post("/duties/hand-overs/<int:hand_over_id>/decline")
@signed_in
def decline(hand_over_id: int) -> ResponseReturnValue:
    """Say no, and why."""
    form = AnswerForm.posted()
    words = form.answer.data or ""
    if form.carry_out(lambda: service.decline(_made(hand_over_id), words, by=me(), at=clock.now())):
        return _saved()
    return page.show_index(form, declined=hand_over_id)


@bp.post("/duties/hand-overs/<int:hand_over_id>/take-back")
@signed_in
def take_back(hand_over_id: int) -> ResponseReturnValue:
    """Keep it after all."""
    service.take_back(_made(hand_over_id), by=me(), at=clock.now())
    return _saved()


def _saved() -> ResponseReturnValue:
    db.commit()
    flash(gettext("Saved."), "good")
    return redirect(url_for("duties.index"))


def _made(hand_over_id: int) -> HandOver:
    return queries.get_hand_over(hand_over_id, me().branch_id)


def _get(user_id: int) -> User:
    user = colleagues.get_colleague(user_id, me().branch_id)
    service.require_seeing(user, me())
    return user
