"""Goods are taken in, looked up again, and corrected."""

from __future__ import annotations

from collections.abc import Iterable

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import select

from workshop import clock, paging, web
from workshop.db import session
from workshop.orders.models import RepairOrder
from workshop.staff import access
from workshop.staff.access import me, requires
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.parts.blueprint import bp
from workshop.steps.parts.goods_in import taking_in
from workshop.steps.parts.goods_in.forms import CorrectionForm, ReceiptForm
from workshop.steps.parts.goods_in.taking_in import TakenIn
from workshop.steps.parts.purchasing import sheets
from workshop.stock import queries as stock
from workshop.stock.models import Backorder, Part
from workshop.stock.purchase import queries as purchases
from workshop.stock.receipts import queries as receipts
from workshop.stock.receipts import service as receiving
from workshop.stock.receipts.models import GoodsReceipt
from workshop.stock.suppliers import queries as suppliers
from workshop.web import display


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
    """Take in goods; who waits for them is served first, a new number becomes a part."""
    form = ReceiptForm()
    if not form.carry_out(lambda: _take_in(form)):
        return _receipt_page(form)
    taken: TakenIn = form.outcome
    flash(gettext("Taken in: %(part)s.", part=taken.part.no), "good")
    if taken.is_new:
        flash(gettext("Part %(no)s is in the register.", no=taken.part.no), "good")
    for line in taken.served:
        _tell_served(line.pick_list.order, line.pick_list.basket_no)
    return redirect(url_for(".receipt"))


def _take_in(form: ReceiptForm) -> TakenIn:
    return taking_in.take_in(
        g.branch,
        form.part_no.data,
        form.quantity_milli,
        form.delivery,
        form.new_part,
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
        can_say_what_it_is=bool(form.part_no.data)
        and found is None
        and me().may(Permission.MANAGE_PARTS),
        waiting=_waiting(found) if found else [],
        ordered=purchases.list_open_of(branch_id, found) if found else [],
        order_of=lambda order_id: session.get_one(RepairOrder, order_id),
        parts=[level.part for level in stock.list_levels(branch_id)],
        suppliers=suppliers.list_suppliers(only_active=True),
        receipts=stock.list_receipts(branch_id),
        part_of=lambda part_id: session.get_one(Part, part_id),
        name_of=lambda user_id: session.get_one(User, user_id).display_name,
    )


@bp.get("/parts/receipts/all")
@requires(Permission.PICK_PARTS)
def all_receipts() -> ResponseReturnValue:
    """What came in, newest first, with what was corrected."""
    return _all_page()


def _all_page(
    form: CorrectionForm | None = None, form_of: int | None = None
) -> ResponseReturnValue:
    asked = access.asked()
    found = paging.read_page(sheets.find_receipts(asked), asked.page)
    return web.page(
        "parts/receipts.html",
        form.status if form else 200,
        text=asked.text,
        found=found,
        left=receipts.left_milli,
        names=_names_of(found.rows),
        form=form or CorrectionForm(formdata=None),
        form_of=form_of,
        url=url_for(".all_receipts", q=asked.text or None),
    )


@bp.post("/parts/receipts/<int:receipt_id>/correct")
@requires(Permission.PICK_PARTS)
def correct_receipt(receipt_id: int) -> ResponseReturnValue:
    """What really came in; the rest leaves the shelf by a counter-entry."""
    found = receipts.get_receipt(me().branch_id, receipt_id)
    form = CorrectionForm()
    if form.carry_out(
        lambda: receiving.correct(
            found, form.quantity_milli, form.reason.data, by=me(), at=clock.now()
        )
    ):
        flash(gettext("The receipt is corrected; the ledger keeps both lines."), "good")
        return redirect(url_for(".all_receipts"))
    return _all_page(form, receipt_id)


def _names_of(receipts: Iterable[GoodsReceipt]) -> dict[int, str]:
    """Who took them in, by their number."""
    query = select(User.id, User.display_name).where(User.id.in_([each.by_id for each in receipts]))
    return {row.id: row.display_name for row in session.execute(query)}
