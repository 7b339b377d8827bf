"""Change the work: what the customer wants no more, until the car is handed over."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, db
from workshop.errors import N_
from workshop.orders import service as orders
from workshop.orders.models import RepairOrder
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.quotation.taking_off import queries as taking_off
from workshop.steps.quotation.taking_off.models import TakeOff
from workshop.steps.repair.blueprint import bp
from workshop.steps.repair.changing import forms, page
from workshop.steps.repair.changing import taking_off as changing
from workshop.steps.repair.changing.forms import ChangeForm


@bp.get("/orders/<no>/change")
@requires(Permission.VIEW_ORDERS)
def change(no: str) -> ResponseReturnValue:
    """What was signed, line by line, and what follows when some of it is taken off."""
    return page.render(_get_order(no))


@bp.post("/orders/<no>/change")
@requires(Permission.QUOTE, Permission.SCHEDULE)
def take_off(no: str) -> ResponseReturnValue:
    """The customer agreed, here or on the phone; or is asked by the link."""
    form = ChangeForm()
    if not form.carry_out(lambda: _take_off(_get_order(no), form)):
        return page.render(_get_order(no), form)
    version: TakeOff = form.outcome
    flash(gettext(_say(version)), "good")
    return redirect(url_for("repair.change" if version.is_asked else "desk.order", no=no))


def _say(version: TakeOff) -> str:
    if version.is_asked:
        return N_("Put on the customer's link. Nothing changes before they sign.")
    if version.stops:
        return N_("The order is stopped.")
    return N_("The work is taken off.")


def _take_off(order: RepairOrder, form: ChangeForm) -> TakeOff:
    wanted = form.wanted(forms.read_wishes(request.form))
    at, fen = form.seen_at, form.seen_fen
    if form.is_by_link:
        return changing.ask(order, wanted, shown_at=at, shown_fen=fen, by=me(), at=clock.now())
    return changing.take_off(
        order, wanted, form.answer, shown_at=at, shown_fen=fen, by=me(), at=clock.now()
    )


@bp.post("/orders/<no>/change/<int:take_off_id>/drop")
@requires(Permission.QUOTE, Permission.SCHEDULE)
def drop_change(no: str, take_off_id: int) -> ResponseReturnValue:
    """The customer is not asked any more; the work stays as it was authorised."""
    order = _get_order(no)
    changing.drop(taking_off.get_version(order, take_off_id), by=me(), at=clock.now())
    db.commit()
    return redirect(url_for("repair.change", no=no))


def _get_order(no: str) -> RepairOrder:
    return orders.get_order(no, me().branch_id)
