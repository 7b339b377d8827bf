"""Opening a case by hand: a complaint at the counter, an inquiry on the phone, a call-back."""

from __future__ import annotations

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from workshop import clock, web
from workshop.cases import service as cases
from workshop.cases.models import CaseKind, CaseTopic
from workshop.customers import queries as customer_queries
from workshop.customers import service as customers
from workshop.customers.models import Customer
from workshop.errors import N_, NotFound
from workshop.orders import history
from workshop.orders import service as orders
from workshop.orders.models import RepairOrder
from workshop.shop import calendar
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.followup.blueprint import bp
from workshop.steps.followup.forms import NewCaseForm


@bp.get("/cases/new")
@requires(Permission.HANDLE_CASE)
def new_case() -> ResponseReturnValue:
    """Whose case it is: found by name, phone, plate, VIN or order number; then what it is about."""
    text = (web.half_width(request.args.get("q")) or "").strip()
    order = orders.find_order(text.upper()) if text else None
    if order is not None and order.branch_id == me().branch_id:
        return redirect(url_for("followup.new_case", order=order.no))
    customer = _find_customer()
    if customer is None and "new" not in request.args:
        return _search_page(text)
    form = NewCaseForm(formdata=None)
    form.offer(_list_visits(customer))
    form.order.data = request.args.get("order", "")
    return _form_page(form, customer)


def _search_page(text: str) -> ResponseReturnValue:
    found = customer_queries.search_customers(text, limit=12) if text else []
    return web.page(
        "followup/new_case.html",
        text=text,
        found=found,
        vehicles=customer_queries.list_vehicles_of(found),
        form=None,
    )


def _find_customer() -> Customer | None:
    """The customer that the address names, by an order or by itself."""
    if no := request.args.get("order"):
        return orders.get_order(no, me().branch_id).customer
    if customer_id := web.whole(request.args.get("customer")):
        return customers.get_customer(customer_id)
    return None


def _list_visits(customer: Customer | None) -> list[RepairOrder]:
    if customer is None:
        return []
    cars = customer_queries.list_vehicles(customer)
    visits = [visit for car in cars for visit in history.list_visits(car, limit=10)]
    return [visit for visit in visits if visit.branch_id == me().branch_id]


def _form_page(form: NewCaseForm, customer: Customer | None) -> ResponseReturnValue:
    return web.page(
        "followup/new_case.html",
        form.status,
        form=form,
        customer=customer,
        owner=me(),
        address=(
            url_for("followup.open_case", customer=customer.id)
            if customer
            else url_for("followup.open_case", new=1)
        ),
    )


@bp.post("/cases/new")
@requires(Permission.HANDLE_CASE)
def open_case() -> ResponseReturnValue:
    """Open the case; who was asked first owns it."""
    customer, form = _find_customer(), NewCaseForm()
    form.offer(_list_visits(customer))
    opened: list[str] = []
    if form.carry_out(lambda: opened.append(_open(form, customer))):
        return redirect(url_for("followup.case", no=opened[0]))
    return _form_page(form, customer)


def _open(form: NewCaseForm, customer: Customer | None) -> str:
    at = clock.now()
    if customer is None:
        customer = customers.make_customer(
            form.name.data or "", form.phone.data or "", by=me(), at=at
        )
    order = orders.get_order(form.order.data, me().branch_id) if form.order.data else None
    if order is not None and order.customer_id != customer.id:
        raise NotFound(N_("There is no repair order %(no)s."), no=order.no, field="order")
    case = cases.open_case(
        customer,
        me(),
        form.summary.data or "",
        kind=CaseKind(form.kind.data),
        topic=CaseTopic(form.topic.data),
        is_urgent=form.is_urgent.data,
        order=order,
        day=calendar.local_day(g.branch, at),
        by=me(),
        at=at,
    )
    return case.no
