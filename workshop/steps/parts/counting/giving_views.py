"""Less was counted than is kept for orders: choose which of them wait."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, web
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.parts.blueprint import bp
from workshop.steps.parts.counting import forms, giving_way
from workshop.stock.counting import queries
from workshop.stock.parts import queries as register


@bp.get("/parts/stock/<int:part_id>/give-way")
@requires(Permission.PICK_PARTS)
def give_way(part_id: int) -> ResponseReturnValue:
    """The orders that keep the part, and what each promised."""
    form = forms.GiveWayForm(formdata=None, **_asked())
    return _page(form, part=register.get_part(part_id))


@bp.post("/parts/stock/<int:part_id>/give-way")
@requires(Permission.PICK_PARTS)
def make_room(part_id: int) -> ResponseReturnValue:
    """Set the shelf to what was counted; the chosen orders wait for the part."""
    part, form = register.get_part(part_id), forms.GiveWayForm()
    chosen = _chosen().get(part_id, [])

    def act() -> None:
        milli, why = form.counted_milli, form.reason.data or ""
        giving_way.count_one(g.branch, part, milli, why, chosen, by=me(), at=clock.now())

    if form.carry_out(act):
        flash(gettext("The shelf is set; who gave way waits for the part."), "good")
        return redirect(url_for(".part", part_id=part_id))
    return _page(form, part=register.get_part(part_id))


@bp.get("/parts/counts/<no>/give-way")
@requires(Permission.PICK_PARTS)
def count_give_way(no: str) -> ResponseReturnValue:
    """The parts of a count of which too much is kept, and the orders that keep them."""
    form = forms.GiveWayForm(formdata=None, **_asked())
    return _page(form, count=queries.get_stocktake(g.branch.id, no))


@bp.post("/parts/counts/<no>/give-way")
@requires(Permission.PICK_PARTS)
def count_make_room(no: str) -> ResponseReturnValue:
    """Book the count; the chosen orders wait for their parts."""
    found, form = queries.get_stocktake(g.branch.id, no), forms.GiveWayForm()
    why = form.reason.data or ""
    if form.carry_out(lambda: giving_way.book(found, why, _chosen(), by=me(), at=clock.now())):
        flash(gettext("The shelf is set; who gave way waits for the part."), "good")
        return redirect(url_for(".count_sheet", no=no))
    return _page(form, count=queries.get_stocktake(g.branch.id, no))


def _asked() -> dict[str, str]:
    return {name: request.args.get(name, "") for name in ("counted", "reason")}


def _chosen() -> dict[int, list[int]]:
    """The orders that were ticked, by part: each box is `part-order`."""
    found: dict[int, list[int]] = {}
    for text in request.form.getlist("gives"):
        part_id, _, order_id = text.partition("-")
        found.setdefault(web.whole(part_id), []).append(web.whole(order_id))
    return found


def _page(form: forms.GiveWayForm, **about: Any) -> ResponseReturnValue:
    part, count = about.get("part"), about.get("count")
    wants = giving_way.list_wants(count) if count else []
    if part is not None:
        want = giving_way.want_of(g.branch.id, part, form.milli_or_none() or 0)
        wants = [want] if want.missing_milli else []
    return web.page(
        "parts/give_way.html",
        form.status,
        form=form,
        part=part,
        count=count,
        wants=wants,
        chosen=_chosen() if request.method == "POST" else {},
    )
