"""The hourly round through the lounge."""

from __future__ import annotations

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from workshop import clock, db, web
from workshop.errors import N_, Invalid, WorkshopError
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.lounge import rounds, rules
from workshop.steps.lounge.blueprint import bp
from workshop.steps.lounge.kinds import ITEM_GROUPS, RoundItem


@bp.get("/lounge/round")
@requires(Permission.CARE)
def walk() -> ResponseReturnValue:
    """The checklist of this hour, with what is still open from earlier ones."""
    return _walk_page()


@bp.post("/lounge/round")
@requires(Permission.CARE)
def check() -> ResponseReturnValue:
    """One item was looked at: in order, or not and what is done about it."""
    item = _item(request.form.get("item"))
    is_ok, action = request.form.get("ok") == "1", request.form.get("action", "")
    try:
        rounds.check(g.branch, item, is_ok, action, by=me(), at=clock.now())
        db.commit()
    except WorkshopError as error:
        db.rollback()
        words = web.error_words(error)
        return _walk_page(web.status_of(error), refused=item, typed=action, why=words)
    return redirect(url_for("lounge.walk", _anchor=f"item-{item.value}"))


@bp.post("/lounge/faults/<int:check_id>/close")
@requires(Permission.CARE)
def close_fault(check_id: int) -> ResponseReturnValue:
    """The action for a fault is done."""
    rounds.close(rounds.get_fault(g.branch, check_id), by=me(), at=clock.now())
    db.commit()
    back = "lounge.index" if request.form.get("back") == "index" else "lounge.walk"
    return redirect(url_for(back))


def _walk_page(
    status: int = 200, refused: RoundItem | None = None, typed: str = "", why: str = ""
) -> ResponseReturnValue:
    now = clock.now()
    hour = rules.hour_of(now)
    checks = rounds.list_checks(g.branch, hour)
    return web.page(
        "lounge/round.html",
        status,
        groups=ITEM_GROUPS,
        checks=checks,
        total=len(RoundItem),
        hasty=rules.is_hasty([check.at for check in checks.values()]),
        hours=rounds.list_hours(g.branch, now),
        older=[fault for fault in rounds.list_open_faults(g.branch) if fault.at < hour],
        hour=hour,
        refused=refused,
        typed=typed,
        why=why,
    )


def _item(value: str | None) -> RoundItem:
    try:
        return RoundItem(value or "")
    except ValueError as error:
        raise Invalid(N_("There is no such item on the round."), field="item") from error
