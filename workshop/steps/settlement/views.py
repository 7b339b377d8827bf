"""Pages of the settlement: the cashier's list, and one order's bill with its money."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from workshop import clock, db, money, web
from workshop.orders import service as orders
from workshop.orders.models import RepairOrder
from workshop.shop import calendar
from workshop.staff import access
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.settlement import (
    balances,
    correcting,
    page,
    paying,
    pdf,
    queries,
    service,
    sheets,
    worklist,
)
from workshop.steps.settlement import claims as warranty
from workshop.steps.settlement.forms import (
    CreditForm,
    DecisionForm,
    DiscountForm,
    InvoiceForm,
    PaymentForm,
    RefundForm,
    ReverseForm,
    tender_of,
)
from workshop.steps.settlement.models import Settlement
from workshop.steps.settlement.rules import InvoiceKind

bp = web.blueprint("settlement", __name__)


@bp.get("/settlement")
@requires(Permission.SETTLE, Permission.APPROVE_CREDIT)
def index() -> ResponseReturnValue:
    """What is to be paid and to be settled, and what was settled today."""
    today = calendar.local_day(g.branch, clock.now())
    return web.page(
        "settlement/index.html",
        to_pay=worklist.list_to_pay(g.branch),
        to_make=worklist.list_to_make(g.branch),
        settled=worklist.list_settled(g.branch, today),
        takings=worklist.add_up_takings(worklist.list_day_payments(g.branch, today)),
    )


@bp.get("/settlement/day")
@requires(Permission.SETTLE)
def day() -> ResponseReturnValue:
    """The day's close: what came in by each tender, and every entry."""
    today = calendar.local_day(g.branch, clock.now())
    shown = sheets.day_of(access.asked())
    payments = worklist.list_day_payments(g.branch, shown)
    return web.page(
        "settlement/day.html",
        day=shown,
        before=shown - timedelta(days=1),
        after=shown + timedelta(days=1) if shown < today else None,
        payments=payments,
        takings=worklist.add_up_takings(payments),
        settled=worklist.list_settled(g.branch, shown),
    )


@bp.get("/settlement/owed")
@requires(Permission.SETTLE, Permission.APPROVE_CREDIT)
def owed() -> ResponseReturnValue:
    """All that we are owed and all that we owe, until it is nought."""
    today = calendar.local_day(g.branch, clock.now())
    return web.page("settlement/owed.html", found=balances.load(g.branch), today=today)


@bp.get("/settlement/claims")
@requires(Permission.WARRANTY)
def claims() -> ResponseReturnValue:
    """What the makers still owe for warranty work, and what is on its way, car by car."""
    return web.page(
        "settlement/claims.html",
        found=balances.list_claims(g.branch),
        ahead=warranty.list_ahead(g.branch),
    )


@bp.get("/orders/<no>/settlement")
@requires(Permission.SETTLE, Permission.APPROVE_CREDIT, Permission.VIEW_ORDERS, Permission.WARRANTY)
def show(no: str) -> ResponseReturnValue:
    """The bill of an order."""
    return page.render(_order(no))


def _order(no: str) -> RepairOrder:
    return orders.get_order(no, me().branch_id)


def _back(no: str) -> ResponseReturnValue:
    return redirect(url_for("settlement.show", no=no))


def _send(no: str, form: web.PartForm, act: Callable[[RepairOrder], object]) -> ResponseReturnValue:
    """Do what a form asks for; a refused one comes back as it was typed."""
    order = _order(no)
    if form.carry_out(lambda: act(order)):
        return _back(no)
    return page.render(_order(no), form)


@bp.post("/orders/<no>/settlement/make")
@requires(Permission.SETTLE)
def make(no: str) -> ResponseReturnValue:
    """Make the settlement list."""
    service.make_settlement(_order(no), by=me(), at=clock.now())
    db.commit()
    return _back(no)


@bp.post("/orders/<no>/settlement/pay")
@requires(Permission.SETTLE, Permission.WARRANTY)
def pay(no: str) -> ResponseReturnValue:
    """Take a payment, or a deposit while there is no bill."""
    form = PaymentForm.posted()
    return _send(
        no,
        form,
        lambda order: paying.take_payment(
            order,
            tender_of(form.tender.data),
            money.fen_from_text(form.amount.data or "", "amount"),
            client_id=form.client_id.data or "",
            reference=form.reference.data or "",
            repeat_reason=form.repeat_reason.data or "",
            by=me(),
            at=clock.now(),
        ),
    )


@bp.post("/orders/<no>/settlement/refund")
@requires(Permission.SETTLE)
def refund(no: str) -> ResponseReturnValue:
    """Give money back."""
    form = RefundForm.posted()
    return _send(
        no,
        form,
        lambda order: paying.refund(
            order,
            tender_of(form.tender.data),
            money.fen_from_text(form.amount.data or "", "amount"),
            form.reason.data or "",
            client_id=form.client_id.data or "",
            by=me(),
            at=clock.now(),
        ),
    )


@bp.post("/orders/<no>/settlement/discount")
@requires(Permission.DISCOUNT)
def discount(no: str) -> ResponseReturnValue:
    """Lower the bill."""
    form = DiscountForm.posted()
    return _send(
        no,
        form,
        lambda order: service.set_discount(
            queries.get_live(order),
            money.fen_from_text(form.discount.data or "", "discount"),
            form.reason.data or "",
            seen=form.seen.data,
            by=me(),
            at=clock.now(),
        ),
    )


@bp.post("/orders/<no>/settlement/close")
@requires(Permission.SETTLE)
def close(no: str) -> ResponseReturnValue:
    """Settle a bill of which nothing is open."""
    service.close_settlement(queries.get_live(_order(no)), by=me(), at=clock.now())
    db.commit()
    return _back(no)


@bp.post("/orders/<no>/settlement/credit")
@requires(Permission.SETTLE)
def credit(no: str) -> ResponseReturnValue:
    """Ask that the customer may pay later."""
    form = CreditForm.posted()
    return _send(
        no,
        form,
        lambda order: paying.ask_credit(
            queries.get_live(order),
            form.due_day,
            form.credit_reason.data or "",
            by=me(),
            at=clock.now(),
        ),
    )


@bp.post("/orders/<no>/settlement/credit/<int:credit_id>")
@requires(Permission.APPROVE_CREDIT)
def decide(no: str, credit_id: int) -> ResponseReturnValue:
    """Approve or refuse a credit."""
    form = DecisionForm.posted()
    return _send(
        no,
        form,
        lambda order: paying.decide_credit(
            queries.get_credit(order, credit_id),
            request.form.get("decision") == "approve",
            remark=form.remark.data or "",
            exception=form.exception.data or "",
            by=me(),
            at=clock.now(),
        ),
    )


@bp.post("/orders/<no>/settlement/reverse")
@requires(Permission.SETTLE)
def reverse(no: str) -> ResponseReturnValue:
    """Take the bill back by a red letter, whole or some of its lines."""
    form = ReverseForm.posted()
    return _send(no, form, lambda order: _reverse(queries.get_live(order), form.reason.data or ""))


def _reverse(bill: Settlement, reason: str) -> None:
    if request.form.get("scope") != "part":
        service.reverse_settlement(bill, reason, by=me(), at=clock.now())
        return
    chosen = {web.whole(each) for each in request.form.getlist("line")}
    correcting.reverse_lines(bill, chosen, reason, by=me(), at=clock.now())


@bp.post("/orders/<no>/settlement/invoice")
@requires(Permission.SETTLE)
def invoice(no: str) -> ResponseReturnValue:
    """Note the invoice."""
    form = InvoiceForm.posted()
    return _send(
        no,
        form,
        lambda order: service.record_invoice(
            queries.get_live(order),
            InvoiceKind(form.invoice_kind.data),
            form.invoice_no.data or "",
            seen=form.seen.data,
            repeat_reason=form.repeat_reason.data or "",
            by=me(),
            at=clock.now(),
        ),
    )


@bp.get("/orders/<no>/settlement/list.pdf")
@requires(Permission.SETTLE, Permission.VIEW_ORDERS)
def settlement_list(no: str) -> ResponseReturnValue:
    """The settlement list on paper: the live one, or the document that is asked for."""
    order = _order(no)
    document = request.args.get("document", type=int)
    bill = queries.get_settlement(order, document) if document else queries.get_live(order)
    url = web.full_address("desk.order", no=no)
    return web.paper(pdf.settlement_list(bill, order_url=url), bill.no)
