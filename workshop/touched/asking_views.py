"""Before an act that takes something away is kept: the list of what it touches, and a yes to it.

The act itself is carried out and then compared with what everybody else still sees. So each act is
asked in the same way, whatever it takes away, and nobody has to know before what it touches.
"""

from __future__ import annotations

from datetime import datetime

from flask import Flask, current_app, g, has_request_context, redirect, request
from flask.typing import ResponseReturnValue

from workshop import clock, db, web
from workshop.errors import N_, RuleBroken
from workshop.shop.models import Branch
from workshop.staff import audit
from workshop.staff.access import find_me
from workshop.touched import facts, page, rules, service
from workshop.touched.models import Why
from workshop.touched.things import Thing

# What the page of the list adds to what was typed.
_SEEN, _BACK, _FROM = "touched_seen", "touched_back", "touched_from"


class AskFirst(Exception):
    """An act touches something, and nobody has seen yet what; no refusal, but a question."""

    def __init__(self, things: list[Thing], act: str) -> None:
        super().__init__(f"{act} touches {len(things)}")
        self.shown = page.before(things, rules.TAKES_AWAY[act])
        self.mark = _mark(things)


class SteppedBack(RuleBroken):
    """Somebody has seen the list and would rather change what they typed."""

    code = "stepped_back"


def init_app(app: Flask) -> None:
    """Ask before each commit of a request."""
    db.ask_before_commit(ask)
    app.register_error_handler(AskFirst, _show)
    app.register_error_handler(SteppedBack, _step_back)


def ask() -> None:
    """Raise AskFirst unless who sent this has seen what it touches; then make the call list.

    A list that is no longer true is shown again. What restores something touches nothing new.
    """
    by = find_me() if has_request_context() else None
    branch: Branch | None = g.get("branch") if by is not None else None
    acts = [each for each in audit.list_written() if each.action in rules.TAKES_AWAY]
    if by is None or branch is None or not acts:
        return
    if _BACK in request.form:
        raise SteppedBack(N_("Nothing is saved yet. Change what you typed, or send it again."))
    at = clock.now()
    # Who books or plans at this moment is waited for, and waits until this is kept.
    for each in ("board", "booking"):
        db.lock(each, branch.id)
    things = _touched(branch, at)
    if not things:
        return
    if request.form.get(_SEEN) != _mark(things):
        raise AskFirst(things, acts[0].action)
    service.make_list(branch, acts, things, by=by, at=at)


def _touched(branch: Branch, at: datetime) -> list[Thing]:
    """What lies wrong by this transaction, and does not for everybody else."""
    found = facts.find_all(branch, at)
    known = _known(branch.id, at) if found else set()
    return [each for each in found if each.key not in known]


def _known(branch_id: int, at: datetime) -> set[tuple[Why, str]]:
    """What lies wrong without this transaction: another session sees only what is committed."""
    with current_app.app_context(), db.reading():
        branch = db.session.get_one(Branch, branch_id)
        return {each.key for each in facts.find_all(branch, at)}


def _mark(things: list[Thing]) -> str:
    return rules.mark(each.seen for each in things)


def _show(question: AskFirst) -> ResponseReturnValue:
    db.rollback()
    typed = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in (_SEEN, _BACK, _FROM, "csrf_token")
    ]
    return web.page(
        "touched/before.html",
        409,
        shown=question.shown,
        mark=question.mark,
        typed=typed,
        came_from=request.form.get(_FROM) or request.referrer or "/",
        is_again=_SEEN in request.form,
    )


def _step_back(_error: SteppedBack) -> ResponseReturnValue:
    """Where no form shows what was typed, the page that the button stood on."""
    db.rollback()
    return redirect(web.own_path(request.form.get(_FROM, "/")))
