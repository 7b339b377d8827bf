"""The call list: what is open, with whom it is agreed that something stays, who sees to it."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, db, web
from workshop.staff import access
from workshop.staff import people as colleagues
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.touched import lists, page, service, sheets
from workshop.touched.blueprint import bp
from workshop.touched.forms import AgreeForm, HandOnForm
from workshop.touched.lists import Open
from workshop.touched.page import Line

_P = Permission
_THING = "/call-list/<key>"


@bp.get("/call-list")
@requires(_P.BOOK, _P.SCHEDULE, _P.PICK_PARTS, _P.SUPERVISE)
def index() -> ResponseReturnValue:
    """What somebody must see to, by the act that touched it (?whose=mine or all)."""
    whose = sheets.whose(access.asked())
    shown = page.list_lists(g.branch, clock.now(), whose)
    return web.page("touched/index.html", lists=shown, whose=whose)


@bp.get(_THING)
@requires(_P.BOOK, _P.SCHEDULE, _P.PICK_PARTS, _P.SUPERVISE)
def show(key: str) -> ResponseReturnValue:
    """One thing: whom to call, where it can be solved, and what was agreed."""
    return _page(_find(key))


@bp.post(f"{_THING}/agree")
@requires(_P.BOOK, _P.SCHEDULE, _P.PICK_PARTS, _P.SUPERVISE)
def agree(key: str) -> ResponseReturnValue:
    """It stays, agreed with somebody by name."""
    found, form = _find(key), AgreeForm.posted()
    if form.carry_out(
        lambda: service.agree(found, g.branch, form.name.data or "", by=me(), at=clock.now())
    ):
        flash(gettext("Noted: it stays as agreed."), "good")
        return redirect(url_for("touched.index"))
    return _page(found, form.status, agreed=form)


@bp.post(f"{_THING}/hand-on")
@requires(_P.BOOK, _P.SCHEDULE, _P.PICK_PARTS, _P.SUPERVISE)
def hand_on(key: str) -> ResponseReturnValue:
    """A colleague sees to it."""
    found, form = _find(key), _hand_on_form(_find(key), filled=True)

    def act() -> None:
        to = colleagues.get_colleague(form.to.data, g.branch.id)
        service.hand_on(found, g.branch, to, by=me(), at=clock.now())

    if form.carry_out(act):
        flash(gettext("Handed on."), "good")
        return redirect(url_for("touched.index"))
    return _page(found, form.status, handed=form)


@bp.post("/call-list/<int:row_id>/take-back")
@requires(_P.BOOK, _P.SCHEDULE, _P.PICK_PARTS, _P.SUPERVISE)
def take_back(row_id: int) -> ResponseReturnValue:
    """It is not agreed after all."""
    service.take_back(lists.get_row(g.branch, row_id), by=me(), at=clock.now())
    db.commit()
    return redirect(url_for("touched.index"))


def _find(key: str) -> Open:
    return lists.find_open(g.branch, key, clock.now())


def _hand_on_form(found: Open, filled: bool = False) -> HandOnForm:
    form = HandOnForm.posted() if filled else HandOnForm.blank()
    form.offer(lists.list_people(g.branch, found))
    return form


def _page(found: Open, status: int = 200, **submitted: Any) -> ResponseReturnValue:
    line = Line(found.thing, found)
    forms = {
        "agreed": AgreeForm.blank(name=found.thing.name if line.shows_customer else ""),
        "handed": _hand_on_form(found),
        **submitted,
    }
    return web.page("touched/show.html", status, line=line, **forms)
