"""The shelf: what lies where, its ledger, goods that come in, counts."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, web
from workshop.db import session
from workshop.errors import N_, NotFound
from workshop.orders.models import RepairOrder
from workshop.staff.access import me, requires
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.parts import service
from workshop.steps.parts.blueprint import bp
from workshop.steps.parts.forms import CountForm, ReceiptForm
from workshop.steps.parts.models import PickLine
from workshop.stock import queries as stock
from workshop.stock.models import Backorder, Part
from workshop.web import display


@bp.get("/parts/stock")
@requires(Permission.PICK_PARTS)
def stock_levels() -> ResponseReturnValue:
    """What is on the shelf, searched by number, name, brand or bin."""
    text = request.args.get("q", "").strip()
    branch_id = me().branch_id
    return web.page(
        "parts/stock.html",
        text=text,
        levels=stock.list_levels(branch_id, web.half_width(text) or ""),
        on_order=stock.on_order_milli(branch_id),
    )


@bp.get("/parts/stock/<int:part_id>")
@requires(Permission.PICK_PARTS)
def part(part_id: int) -> ResponseReturnValue:
    """One part: level, who holds it, who waits for it, and its ledger."""
    return _part_page(_get_part(part_id), CountForm(formdata=None))


def _get_part(part_id: int) -> Part:
    found = session.get(Part, part_id)
    if found is None:
        raise NotFound(N_("There is no such part."))
    return found


def _part_page(shown: Part, form: CountForm) -> ResponseReturnValue:
    branch_id = me().branch_id
    return web.page(
        "parts/part.html",
        form.status,
        part=shown,
        level=stock.find_level(branch_id, shown.id),
        holders=stock.list_holders(branch_id, shown),
        waiting=stock.list_waiting_for(branch_id, shown.id),
        entries=stock.list_entries(branch_id, shown),
        order_of=lambda order_id: session.get(RepairOrder, order_id) if order_id else None,
        name_of=lambda user_id: session.get_one(User, user_id).display_name,
        form=form,
    )


@bp.post("/parts/stock/<int:part_id>/count")
@requires(Permission.PICK_PARTS)
def count(part_id: int) -> ResponseReturnValue:
    """Set the shelf to what was counted."""
    shown = _get_part(part_id)
    form = CountForm()
    if form.carry_out(
        lambda: service.count_stock(
            g.branch, shown, form.counted_milli, form.reason.data, by=me(), at=clock.now()
        )
    ):
        flash(gettext("The shelf is set to what was counted."), "good")
        return redirect(url_for(".part", part_id=part_id))
    return _part_page(_get_part(part_id), form)


@bp.get("/parts/receipts")
@requires(Permission.PICK_PARTS)
def receipt() -> ResponseReturnValue:
    """The form for goods that came in, prefilled for a part that is waited for."""
    form = ReceiptForm(formdata=None)
    found = stock.find_part(request.args.get("part", ""))
    if found is not None:
        level = stock.find_level(me().branch_id, found.id)
        waited = sum(each.quantity_milli for each in _waiting(found))
        form.part_no.data = found.no
        form.bin_code.data = level.bin if level else ""
        form.quantity.data = display.show_quantity(waited) if waited else ""
    return _receipt_page(form)


@bp.post("/parts/receipts")
@requires(Permission.PICK_PARTS)
def receive() -> ResponseReturnValue:
    """Take in goods; who waits for them is served first."""
    form = ReceiptForm()
    served: list[PickLine] = []
    if not form.carry_out(lambda: served.extend(_take_in(form))):
        return _receipt_page(form)
    flash(gettext("Taken in: %(part)s.", part=stock.get_part(form.part_no.data).no), "good")
    for line in served:
        _tell_served(line.pick_list.order, line.pick_list.basket_no)
    return redirect(url_for(".receipt"))


def _take_in(form: ReceiptForm) -> list[PickLine]:
    return service.receive_goods(
        g.branch,
        stock.get_part(form.part_no.data),
        form.quantity_milli,
        form.origin,
        by=me(),
        at=clock.now(),
        bin_code=form.bin_code.data or None,
    )


def _tell_served(order: RepairOrder, basket_no: int) -> None:
    message = gettext(
        "Order %(no)s was waiting: put it into basket %(number)s.", no=order.no, number=basket_no
    )
    flash(message, "warn")


def _waiting(found: Part) -> list[Backorder]:
    return stock.list_waiting_for(me().branch_id, found.id)


def _receipt_page(form: ReceiptForm) -> ResponseReturnValue:
    found = stock.find_part(form.part_no.data or "")
    branch_id = me().branch_id
    return web.page(
        "parts/receipt.html",
        form.status,
        form=form,
        part=found,
        waiting=_waiting(found) if found else [],
        order_of=lambda order_id: session.get_one(RepairOrder, order_id),
        parts=[level.part for level in stock.list_levels(branch_id)],
        receipts=stock.list_receipts(branch_id),
        part_of=lambda part_id: session.get_one(Part, part_id),
        name_of=lambda user_id: session.get_one(User, user_id).display_name,
    )
