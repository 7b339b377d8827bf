"""The parts of one order: release, pick lists, shortages."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, db, web
from workshop.orders import service as orders
from workshop.orders.models import RepairOrder
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.parts import gates, pdf, queries, returns, service, worklist
from workshop.steps.parts.blueprint import bp
from workshop.steps.parts.forms import ExpectedForm
from workshop.steps.parts.models import PickLine
from workshop.stock import backorders
from workshop.stock import queries as stock

_ANY = (Permission.QUOTE, Permission.SCHEDULE, Permission.PICK_PARTS)


@bp.get("/orders/<no>/parts")
@requires(Permission.VIEW_ORDERS)
def show(no: str) -> ResponseReturnValue:
    """The parts of one order: release, pick lists, shortages."""
    return _order_page(orders.get_order(no, me().branch_id), ExpectedForm(formdata=None))


def _order_page(
    order: RepairOrder, form: ExpectedForm, backorder_id: int | None = None
) -> ResponseReturnValue:
    rows = [worklist.make_row(each) for each in queries.list_pick_lists(order)]
    lines = [line for row in rows for line in row.lines]
    return web.page(
        "parts/show.html",
        form.status,
        order=order,
        rows=rows,
        to_release=queries.list_unreleased(order),
        missing=gates.missing_to_release(order),
        waits=gates.missing_to_start(order) if order.released_at else [],
        shortages=[
            worklist.shortage(each)
            for each in stock.list_backorders(order.id)
            if each.arrived_at is None
        ],
        may_release=any(me().may(each) for each in _ANY),
        choosing_old={line.id for line in lines if _may_choose_old(line)},
        reporting_unused={line.id for line in lines if _may_report_unused(line)},
        form=form,
        form_of=backorder_id,
        free=lambda line: stock.free_milli(order.branch_id, line.part_id),
        at=clock.now(),
    )


def _may_choose_old(line: PickLine) -> bool:
    """Whether the reader may still say what becomes of the replaced part."""
    may = any(me().may(each) for each in returns.MAY_WANT_OLD)
    return may and line.old_bagged_at is None


def _may_report_unused(line: PickLine) -> bool:
    """Whether pieces are out and the reader may say that they were not used."""
    may = me().may(Permission.QUOTE) or me().may(Permission.PICK_PARTS)
    return may and line.pick_list.order.settled_at is None and bool(line.out_milli)


@bp.post("/orders/<no>/parts/release")
@requires(*_ANY)
def release(no: str) -> ResponseReturnValue:
    """Release the order to the workshop; the pick list makes itself."""
    order = orders.get_order(no, me().branch_id)
    pick_list = service.release(order, by=me(), at=clock.now())
    db.commit()
    if pick_list is None:
        flash(gettext("Released. No parts are needed."), "good")
    else:
        message = gettext("Released. Pick list %(no)s is at the parts counter.", no=pick_list.no)
        flash(message, "good")
    to_list = request.form.get("back") == "list"
    return redirect(url_for(".index", view="release") if to_list else url_for(".show", no=no))


@bp.get("/orders/<no>/parts/<list_no>.pdf")
@requires(Permission.VIEW_ORDERS)
def sheet(no: str, list_no: str) -> ResponseReturnValue:
    """The pick list with its basket label as PDF."""
    order = orders.get_order(no, me().branch_id)
    pick_list = queries.get_list_of(order, list_no)
    url = web.full_address(".show", no=order.no)
    return web.paper(pdf.pick_list(worklist.make_row(pick_list), url), pick_list.no)


@bp.post("/parts/shortages/<int:backorder_id>/told")
@requires(Permission.QUOTE)
def tell(backorder_id: int) -> ResponseReturnValue:
    """The customer knows of the shortage."""
    backorder = stock.get_backorder(me().branch_id, backorder_id)
    order = worklist.shortage(backorder).order
    backorders.mark_told(backorder, by=me(), at=clock.now())
    db.commit()
    return redirect(url_for(".show", no=order.no))


@bp.post("/parts/shortages/<int:backorder_id>/expected")
@requires(Permission.PICK_PARTS)
def expect(backorder_id: int) -> ResponseReturnValue:
    """What the supplier said: when the parts come, under which number."""
    backorder = stock.get_backorder(me().branch_id, backorder_id)
    order = worklist.shortage(backorder).order
    form = ExpectedForm()

    def act() -> None:
        number = form.purchase_no.data or ""
        backorders.change(backorder, form.expected_at, number, by=me(), at=clock.now())

    if form.carry_out(act):
        return redirect(url_for(".show", no=order.no))
    return _order_page(order, form, backorder_id)
