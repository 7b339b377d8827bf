"""Customers and their vehicles: searching, correcting, a new plate, another car."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, web
from workshop.customers import corrections
from workshop.customers import queries as customer_queries
from workshop.customers import service as customers
from workshop.customers.models import Customer, CustomerKind, Vehicle
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.booking import customer_page
from workshop.steps.booking.blueprint import bp, branch_of_request, warn_of
from workshop.steps.booking.forms import CustomerForm, PlateForm, VehicleForm


@bp.get("/customers")
@requires(Permission.VIEW_CUSTOMERS)
def list_customers() -> ResponseReturnValue:
    """Customers by name, phone, plate or VIN; without a search the newest."""
    text = request.args.get("q", "").strip()
    found = customer_queries.search_customers(text)
    return web.page(
        "customers/index.html",
        text=text,
        customers=found,
        vehicles=customer_queries.list_vehicles_of(found),
        total=customer_queries.count_customers(),
    )


@bp.get("/customers/<int:customer_id>")
@requires(Permission.VIEW_CUSTOMERS)
def show_customer(customer_id: int) -> ResponseReturnValue:
    """A customer with the vehicles."""
    return _customer_page(customers.get_customer(customer_id))


@bp.post("/customers/<int:customer_id>")
@requires(Permission.BOOK, Permission.RECEIVE)
def change_customer(customer_id: int) -> ResponseReturnValue:
    """Correct name, phone and the like."""
    form = CustomerForm()
    if form.carry_out(lambda: _change_customer(customers.get_customer(customer_id), form)):
        return _saved(customer_id)
    return _customer_page(customers.get_customer(customer_id), form.status, form=form)


@bp.post("/customers/<int:customer_id>/vehicles")
@requires(Permission.BOOK, Permission.RECEIVE)
def add_vehicle(customer_id: int) -> ResponseReturnValue:
    """Another car of the customer."""
    customer = customers.get_customer(customer_id)
    form = VehicleForm(prefix="new-")
    if form.carry_out(
        lambda: customers.make_vehicle(
            customer, form.plate.data, **_about(form), by=me(), at=clock.now()
        )
    ):
        warn_of(form.outcome)
        return _saved(customer_id)
    return _customer_page(customers.get_customer(customer_id), form.status, new_form=form)


@bp.get("/vehicles/<int:vehicle_id>")
@requires(Permission.VIEW_CUSTOMERS)
def show_vehicle(vehicle_id: int) -> ResponseReturnValue:
    """A vehicle with its visits, plates and mileages."""
    return _vehicle_page(customers.get_vehicle(vehicle_id))


@bp.post("/vehicles/<int:vehicle_id>")
@requires(Permission.BOOK, Permission.RECEIVE)
def change_vehicle(vehicle_id: int) -> ResponseReturnValue:
    """Correct VIN, make and the like."""
    vehicle = customers.get_vehicle(vehicle_id)
    form = VehicleForm()
    seen = web.whole(form.version.data)
    if form.carry_out(
        lambda: corrections.change_vehicle(vehicle, seen, **_about(form), by=me(), at=clock.now())
    ):
        warn_of(vehicle)
        return redirect(url_for("booking.show_vehicle", vehicle_id=vehicle_id))
    return _vehicle_page(customers.get_vehicle(vehicle_id), form.status, form=form)


@bp.post("/vehicles/<int:vehicle_id>/plate")
@requires(Permission.BOOK, Permission.RECEIVE)
def change_plate(vehicle_id: int) -> ResponseReturnValue:
    """A new plate; the old one stays in the history and still finds the car."""
    vehicle = customers.get_vehicle(vehicle_id)
    form = PlateForm(prefix="plate-")
    if form.carry_out(
        lambda: customers.change_plate(vehicle, form.plate.data or "", by=me(), at=clock.now())
    ):
        warn_of(vehicle)
        return redirect(url_for("booking.show_vehicle", vehicle_id=vehicle_id))
    return _vehicle_page(customers.get_vehicle(vehicle_id), form.status, plate_form=form)


@bp.post("/vehicles/<int:vehicle_id>/plate/back")
@requires(Permission.BOOK, Permission.RECEIVE)
def hand_back_plate(vehicle_id: int) -> ResponseReturnValue:
    """The plate was handed back; the car is known by its VIN until it has another."""
    vehicle = customers.get_vehicle(vehicle_id)
    form = PlateForm(prefix="plate-")
    if form.carry_out(lambda: customers.hand_back_plate(vehicle, by=me(), at=clock.now())):
        warn_of(vehicle)
        return redirect(url_for("booking.show_vehicle", vehicle_id=vehicle_id))
    return _vehicle_page(customers.get_vehicle(vehicle_id), form.status, plate_form=form)


def _change_customer(customer: Customer, form: CustomerForm) -> None:
    corrections.change_customer(
        customer,
        web.whole(form.version.data),
        name=form.name.data,
        phone=form.phone.data,
        kind=CustomerKind.COMPANY if form.is_company.data else CustomerKind.PERSON,
        channel=form.channel.data,
        credit_code=form.credit_code.data,
        address=form.address.data or "",
        remark=form.remark.data or "",
        by=me(),
        at=clock.now(),
    )


def _about(form: VehicleForm) -> dict[str, Any]:
    return {
        "vin": form.vin.data or None,
        "make": form.make.data or "",
        "model": form.model.data or "",
        "colour": form.colour.data or "",
        "energy": form.energy.data,
        "vehicle_class": form.chosen_class,
    }


def _saved(customer_id: int) -> ResponseReturnValue:
    flash(gettext("Saved."), "good")
    return redirect(url_for("booking.show_customer", customer_id=customer_id))


def _customer_page(customer: Customer, status: int = 200, **forms: Any) -> ResponseReturnValue:
    context = customer_page.show(customer, branch_of_request(), clock.now(), **forms)
    return web.page("customers/customer.html", status, **context)


def _vehicle_page(vehicle: Vehicle, status: int = 200, **forms: Any) -> ResponseReturnValue:
    context = customer_page.show_vehicle(vehicle, branch_of_request(), clock.now(), **forms)
    return web.page("customers/vehicle.html", status, **context)
