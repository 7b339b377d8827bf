"""Back to work: what it takes back, and the button."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from workshop import clock, web
from workshop.errors import N_
from workshop.orders import service as orders
from workshop.orders.models import RepairOrder
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.handover.blueprint import bp
from workshop.steps.handover.reopening import effects, gates, service


class ReopenForm(web.Form):
    """What the customer wants now."""

    reason = StringField(
        N_("What the customer wants"),
        [DataRequired(N_("Say what the customer wants.")), Length(max=200)],
    )


@bp.get("/orders/<no>/reopen")
@requires(Permission.QUOTE)
def reopening(no: str) -> ResponseReturnValue:
    """Each effect that would be taken back."""
    return _page(_order(no), ReopenForm(formdata=None))


@bp.post("/orders/<no>/reopen")
@requires(Permission.QUOTE)
def reopen(no: str) -> ResponseReturnValue:
    """Take the car back to work; the page on which it is agreed on follows."""
    form, on = ReopenForm(), gates.find_way_on(_order(no))
    if form.carry_out(
        lambda: service.reopen(_order(no), form.reason.data or "", by=me(), at=clock.now())
    ):
        flash(gettext(on.label), "good")
        return redirect(url_for(on.endpoint, **on.values))
    return _page(_order(no), form)


def _order(no: str) -> RepairOrder:
    return orders.get_order(no, me().branch_id)


def _page(order: RepairOrder, form: ReopenForm) -> ResponseReturnValue:
    missing = gates.missing_to_reopen(order) or gates.missing_right(order, me())
    return web.page(
        "handover/reopen.html",
        form.status,
        order=order,
        form=form,
        missing=missing,
        effects=effects.list_effects(order, ""),
    )
