"""The shelf: what lies where, one part with its ledger, counts."""

from __future__ import annotations

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, web
from workshop.db import session
from workshop.staff import access
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.parts import service
from workshop.steps.parts.blueprint import bp
from workshop.steps.parts.forms import CountForm
from workshop.steps.parts.register import part_page, sheets
from workshop.stock import queries as stock
from workshop.stock.parts import queries as register
from workshop.stock.pricing import queries as prices

# The page shows so much of the shelf; the search finds the others.
_MOST_LEVELS = 200


@bp.get("/parts/stock")
@requires(Permission.PICK_PARTS)
def stock_levels() -> ResponseReturnValue:
    """What is on the shelf, searched by number, name, brand or bin."""
    asked = access.asked()
    branch_id = me().branch_id
    levels = list(session.scalars(sheets.find_levels(asked).limit(_MOST_LEVELS)))
    return web.page(
        "parts/stock.html",
        text=asked.text,
        levels=levels,
        prices=prices.prices_on([level.part for level in levels], part_page.today()),
        on_order=stock.on_order_milli(branch_id),
    )


@bp.get("/parts/stock/<int:part_id>")
@requires(Permission.PICK_PARTS, Permission.MANAGE_PARTS)
def part(part_id: int) -> ResponseReturnValue:
    """One part: level, who holds it, who waits for it, its ledger, its price."""
    return part_page.render(register.get_part(part_id))


@bp.post("/parts/stock/<int:part_id>/count")
@requires(Permission.PICK_PARTS)
def count(part_id: int) -> ResponseReturnValue:
    """Set the shelf to what was counted."""
    shown = register.get_part(part_id)
    form = CountForm()
    if form.carry_out(
        lambda: service.count_stock(
            g.branch, shown, form.counted_milli, form.reason.data, by=me(), at=clock.now()
        )
    ):
        flash(gettext("The shelf is set to what was counted."), "good")
        return redirect(url_for(".part", part_id=part_id))
    return part_page.render(register.get_part(part_id), count=form)
