"""Set-up: what a new shop still needs, and where each is done."""

from __future__ import annotations

from flask import g, redirect, url_for
from flask.typing import ResponseReturnValue

from workshop import clock, db, web
from workshop.errors import N_, NotFound
from workshop.setup import putting_away, queries
from workshop.setup.blueprint import bp
from workshop.setup.checklist_page import SetupPage
from workshop.setup.rules import SetupStep
from workshop.staff.access import me, requires, signed_in
from workshop.staff.permissions import Permission


def is_in_menu() -> bool:
    """Whether the menu still shows the list: until it is put away or the first car is settled."""
    branch = g.get("branch")
    # Outside of a request nobody has a branch, and the menu names all its pages.
    return branch is None or not queries.is_over(branch)


@bp.get("/setup")
@requires(Permission.MANAGE_SHOP)
def index() -> ResponseReturnValue:
    """The list of what makes a shop ready for its first customer."""
    return web.page("setup/index.html", page=SetupPage(g.branch, me(), clock.now()))


@bp.get("/setup/begin")
@signed_in
def begin() -> ResponseReturnValue:
    """Where somebody goes who has just set the first password."""
    is_setting_up = me().may(Permission.MANAGE_SHOP) and is_in_menu()
    return redirect(url_for("setup.index" if is_setting_up else "desk.home"))


@bp.post("/setup/<step>/away")
@requires(Permission.MANAGE_SHOP)
def put_away(step: str) -> ResponseReturnValue:
    """This shop does without the step, or needs the whole list no more."""
    putting_away.put_away(g.branch, _step(step), by=me(), at=clock.now())
    db.commit()
    return redirect(url_for("setup.index"))


@bp.post("/setup/<step>/out")
@requires(Permission.MANAGE_SHOP)
def take_out(step: str) -> ResponseReturnValue:
    """The step is wanted after all."""
    putting_away.take_out(g.branch, _step(step), by=me(), at=clock.now())
    db.commit()
    return redirect(url_for("setup.index"))


def _step(name: str) -> SetupStep:
    step = web.member(SetupStep, name)
    if step is None:
        raise NotFound(N_("There is no such step of set-up."))
    return step
