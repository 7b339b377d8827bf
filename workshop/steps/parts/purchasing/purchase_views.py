"""What to buy, the orders, and what comes of them; what the booked days will need."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, paging, web
from workshop.db import session
from workshop.staff import access
from workshop.staff.access import me, requires
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.parts.ahead import ahead_pdf
from workshop.steps.parts.ahead import page as ahead
from workshop.steps.parts.blueprint import bp
from workshop.steps.parts.purchasing import buying, forms, page, purchase_pdf, sheets
from workshop.stock import queries as stock
from workshop.stock.purchase import gates, queries
from workshop.stock.purchase import service as purchasing
from workshop.stock.purchase.models import Purchase
from workshop.stock.suppliers import queries as suppliers


@bp.get("/parts/ahead")
@requires(Permission.PICK_PARTS)
def booked_days() -> ResponseReturnValue:
    """What the cars of the next booked days will need, against what is free (P4)."""
    return web.page("parts/ahead.html", ahead=ahead.load(g.branch, clock.now()))


@bp.get("/parts/ahead.pdf")
@requires(Permission.PICK_PARTS)
def booked_days_sheet() -> ResponseReturnValue:
    """The same on paper."""
    shown = ahead.load(g.branch, clock.now())
    url = web.full_address(".booked_days")
    return web.paper(ahead_pdf.parts_list(shown, url), f"parts-{shown.tomorrow}")


@bp.get("/parts/purchases")
@requires(Permission.PICK_PARTS)
def purchases() -> ResponseReturnValue:
    """What to order, by supplier; the open orders; those that are over."""
    view = request.args.get("view", "list")
    if view in sheets.ORDERS:
        return _orders_page(view)
    form = forms.OrderForm(formdata=None)
    return _list_page(form)


def _list_page(form: forms.OrderForm) -> ResponseReturnValue:
    known = suppliers.list_suppliers(only_active=True)
    form.offer(known)
    wanted = request.values.get("part", "")
    extra = stock.find_part(wanted) if wanted else None
    return web.page(
        "parts/to_order.html",
        form.status,
        baskets=page.list_baskets(g.branch, clock.now(), extra),
        form=form,
        suppliers=known,
        wanted=wanted,
        unknown=bool(wanted) and extra is None,
    )


def _orders_page(view: str) -> ResponseReturnValue:
    asked = access.asked()
    text = asked.text
    found = paging.read_page(sheets.find_purchases(asked), asked.page)
    return web.page(
        "parts/purchases.html",
        view=view,
        text=text,
        found=found,
        state_of=page.state_of,
        url=url_for(".purchases", view=view, q=text or None),
    )


@bp.post("/parts/purchases")
@requires(Permission.PICK_PARTS)
def order_parts() -> ResponseReturnValue:
    """Order what is ticked."""
    form = forms.OrderForm()
    form.offer(suppliers.list_suppliers(only_active=True))

    def act() -> Purchase:
        supplier = suppliers.get_supplier(form.supplier_id.data or 0)
        wishes = form.wishes(may_see_cost=me().may(Permission.SEE_COST))
        return buying.order(
            g.branch,
            supplier,
            wishes,
            form.expected_on.data,
            small_reason=form.small_reason.data or "",
            by=me(),
            at=clock.now(),
        )

    if not form.carry_out(act):
        return _list_page(form)
    flash(gettext("Order %(no)s is written.", no=form.outcome.no), "good")
    return redirect(url_for(".purchase", no=form.outcome.no))


@bp.get("/parts/purchases/<no>")
@requires(Permission.PICK_PARTS)
def purchase(no: str) -> ResponseReturnValue:
    """One order: what came, what was billed, what is still to come."""
    return _purchase_page(queries.get_purchase(g.branch.id, no))


@bp.get("/parts/purchases/<no>.pdf")
@requires(Permission.PICK_PARTS)
def purchase_sheet(no: str) -> ResponseReturnValue:
    """The order on paper, with costs for who may see them."""
    found = queries.get_purchase(g.branch.id, no)
    by = session.get_one(User, found.made_by_id).display_name
    url = web.full_address(".purchase", no=no)
    sees = me().may(Permission.SEE_COST)
    made = purchase_pdf.order_sheet(found, g.branch, by, with_costs=sees, url=url)
    return web.paper(made, found.no)


def _purchase_page(found: Purchase, **refused: web.PartForm) -> ResponseReturnValue:
    return web.page(
        "parts/purchase.html",
        max((form.status for form in refused.values()), default=200),
        purchase=found,
        state=page.state_of(found),
        rows=page.list_rows(found),
        missing=gates.missing_to_close(found, me()) if found.is_open else [],
        deliveries=queries.list_deliveries(found),
        invoices=queries.list_invoices(found),
        can_withdraw=found.is_open and me().may(Permission.MANAGE_PARTS),
        invoice_lines=queries.list_invoice_lines,
        name_of=lambda user_id: session.get_one(User, user_id).display_name,
        delivery=refused.get("delivery") or forms.DeliveryForm.blank(),
        invoice=refused.get("invoice") or forms.InvoiceForm.blank(),
        end=refused.get("end") or forms.ReasonForm.blank(),
    )


@bp.post("/parts/purchases/<no>/deliveries")
@requires(Permission.PICK_PARTS)
def deliver(no: str) -> ResponseReturnValue:
    """Take in what came, with its delivery note."""
    found = queries.get_purchase(g.branch.id, no)
    form = forms.DeliveryForm.posted()

    def act() -> object:
        may_see = me().may(Permission.SEE_COST)
        came = form.came(queries.list_lines(found), may_see_cost=may_see)
        document, is_meant = form.document.data or "", form.is_meant.data
        at = clock.now()
        return buying.receive(found, g.branch, document, came, is_meant=is_meant, by=me(), at=at)

    if not form.carry_out(act):
        return _purchase_page(queries.get_purchase(g.branch.id, no), delivery=form)
    flash(gettext("Taken in under %(document)s.", document=form.document.data), "good")
    for line in form.outcome:
        order, basket_no = line.pick_list.order, line.pick_list.basket_no
        told = gettext(
            "Order %(no)s was waiting: put it into basket %(number)s.",
            no=order.no,
            number=basket_no,
        )
        flash(told, "warn")
    return redirect(url_for(".purchase", no=no))


@bp.post("/parts/purchases/<no>/invoices")
@requires(Permission.MANAGE_PARTS)
def bill_purchase(no: str) -> ResponseReturnValue:
    """What the supplier bills."""
    found = queries.get_purchase(g.branch.id, no)
    form = forms.InvoiceForm.posted()

    def act() -> None:
        billed = form.billed(queries.list_lines(found))
        purchasing.invoice(found, form.invoice_no.data or "", billed, by=me(), at=clock.now())

    return _end(found, form, "invoice", act)


@bp.post("/parts/purchases/<no>/invoices/<int:invoice_id>/withdraw")
@requires(Permission.MANAGE_PARTS)
def withdraw_invoice(no: str, invoice_id: int) -> ResponseReturnValue:
    """An invoice that was typed wrong."""
    found = queries.get_purchase(g.branch.id, no)
    made = queries.get_invoice(found, invoice_id)
    form = forms.ReasonForm.posted()
    return _end(found, form, "end", lambda: purchasing.withdraw(made, by=me(), at=clock.now()))


@bp.post("/parts/purchases/<no>/lines/<int:line_id>/cancel")
@requires(Permission.PICK_PARTS)
def cancel_purchase_line(no: str, line_id: int) -> ResponseReturnValue:
    """What of a line is still to come does not come."""
    found = queries.get_purchase(g.branch.id, no)
    line = queries.get_line(found, line_id)
    form = forms.ReasonForm.posted()

    def act() -> None:
        purchasing.cancel_line(line, form.reason.data or "", by=me(), at=clock.now())

    return _end(found, form, "end", act)


@bp.post("/parts/purchases/<no>/cancel")
@requires(Permission.PICK_PARTS)
def cancel_purchase(no: str) -> ResponseReturnValue:
    """Nothing of the order comes."""
    found = queries.get_purchase(g.branch.id, no)
    form = forms.ReasonForm.posted()

    def act() -> None:
        purchasing.cancel(found, form.reason.data or "", by=me(), at=clock.now())

    return _end(found, form, "end", act)


@bp.post("/parts/purchases/<no>/close")
@requires(Permission.MANAGE_PARTS)
def close_purchase(no: str) -> ResponseReturnValue:
    """Delivery and invoice agree, or the difference is accepted."""
    found = queries.get_purchase(g.branch.id, no)
    form = forms.ReasonForm.posted()

    def act() -> None:
        purchasing.close(found, form.reason.data or "", by=me(), at=clock.now())

    return _end(found, form, "end", act)


def _end(
    found: Purchase, form: web.PartForm, name: str, act: Callable[[], object]
) -> ResponseReturnValue:
    no = found.no
    if form.carry_out(act):
        flash(gettext("Saved."), "good")
        return redirect(url_for(".purchase", no=no))
    return _purchase_page(queries.get_purchase(g.branch.id, no), **{name: form})
