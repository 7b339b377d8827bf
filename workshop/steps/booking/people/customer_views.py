"""Customers and their vehicles: searching, correcting, a new plate, another car."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, db, web
from workshop.customers import corrections
from workshop.customers import queries as customer_queries
from workshop.customers import service as customers
from workshop.customers.identity import asking
from workshop.customers.identity.asking import Questions, Typed
from workshop.customers.identity.rules import PersonAnswer
from workshop.customers.identity.settling import About
from workshop.customers.models import Customer, CustomerKind, Vehicle
from workshop.errors import N_, Invalid
from workshop.staff import access
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.booking import following
from workshop.steps.booking.blueprint import bp, branch_of_request, warn_of
from workshop.steps.booking.forms import KnownForm
from workshop.steps.booking.people import customer_page, owners
from workshop.steps.booking.people.customer_forms import (
    CustomerForm,
    OwnerForm,
    PlateForm,
    VehicleForm,
)

NEW_OWNER = PersonAnswer.NEW_OWNER


@bp.get("/customers")
@requires(Permission.VIEW_CUSTOMERS)
def list_customers() -> ResponseReturnValue:
    """Customers by name, phone, plate or VIN; without a search the newest."""
    text = access.asked().text
    found = customer_queries.search_customers(text)
    vehicles = customer_queries.list_vehicles_of(found)
    return web.page(
        "customers/index.html",
        text=text,
        customers=found,
        vehicles=vehicles,
        bookable=_bookable(vehicles) if me().may(Permission.BOOK) else {},
    )


def _bookable(vehicles: Mapping[int, Sequence[Vehicle]]) -> dict[int, Vehicle]:
    """By customer: the car that one click books, where there is no choice between several."""
    return {customer_id: each[0] for customer_id, each in vehicles.items() if len(each) == 1}


@bp.post("/customers/known")
@requires(Permission.BOOK, Permission.RECEIVE)
def show_known() -> ResponseReturnValue:
    """What is known of what is being typed, as a piece of a page; nothing is changed."""
    known = asking.find_known(Typed(*KnownForm().identity))
    at_stake = following.list_at_stake(known, branch_of_request())
    return web.page("customers/_known.html", known=known, at_stake=at_stake)


@bp.get("/customers/<int:customer_id>")
@requires(Permission.VIEW_CUSTOMERS)
def show_customer(customer_id: int) -> ResponseReturnValue:
    """A customer with the vehicles; a record that was joined leads to the one that is kept."""
    found = customers.get_customer(customer_id)
    if found.id != customer_id:
        return redirect(url_for("booking.show_customer", customer_id=found.id))
    return _customer_page(found)


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
    """A vehicle with its visits; a record that was joined leads to the one that is kept."""
    found = customers.get_vehicle(vehicle_id)
    if found.id != vehicle_id:
        return redirect(url_for("booking.show_vehicle", vehicle_id=found.id))
    return _vehicle_page(found)


@bp.post("/vehicles/<int:vehicle_id>")
@requires(Permission.BOOK, Permission.RECEIVE)
def change_vehicle(vehicle_id: int) -> ResponseReturnValue:
    """Correct VIN, make and the like."""
    vehicle = customers.get_vehicle(vehicle_id)
    form = VehicleForm()
    seen = web.whole(form.version.data)
    if form.carry_out(lambda: _change_vehicle(vehicle, seen, form)):
        warn_of(vehicle)
        return redirect(url_for("booking.show_vehicle", vehicle_id=vehicle_id))
    return _vehicle_page(customers.get_vehicle(vehicle_id), form.status, form=form)


@bp.post("/vehicles/<int:vehicle_id>/plate")
@requires(Permission.BOOK, Permission.RECEIVE)
def change_plate(vehicle_id: int) -> ResponseReturnValue:
    """A new plate; the old one stays in the history and still finds the car."""
    vehicle = customers.get_vehicle(vehicle_id)
    form = PlateForm(prefix="plate-")
    if form.carry_out(lambda: _change_plate(vehicle, form)):
        warn_of(vehicle)
        return redirect(url_for("booking.show_vehicle", vehicle_id=vehicle_id))
    return _vehicle_page(
        customers.get_vehicle(vehicle_id),
        form.status,
        plate_form=form,
        asked_plate=_find_taken(vehicle, form),
    )


@bp.post("/vehicles/<int:vehicle_id>/plate/correct")
@requires(Permission.BOOK, Permission.RECEIVE)
def correct_plate(vehicle_id: int) -> ResponseReturnValue:
    """The plate was noted wrongly: the car never had it."""
    vehicle = customers.get_vehicle(vehicle_id)
    form = PlateForm(prefix="plate-")
    if form.carry_out(lambda: _correct_plate(vehicle, form.plate.data or "")):
        warn_of(vehicle)
        return redirect(url_for("booking.show_vehicle", vehicle_id=vehicle_id))
    return _vehicle_page(customers.get_vehicle(vehicle_id), form.status, plate_form=form)


@bp.post("/vehicles/<int:vehicle_id>/owner")
@requires(Permission.BOOK, Permission.RECEIVE)
def change_owner(vehicle_id: int) -> ResponseReturnValue:
    """The car belongs to somebody else from now on; the old owner stays in the history."""
    vehicle = customers.get_vehicle(vehicle_id)
    form = OwnerForm(prefix="owner-")
    if form.carry_out(lambda: _change_owner(vehicle, form)):
        flash(gettext("Saved."), "good")
        return redirect(url_for("booking.show_vehicle", vehicle_id=vehicle_id))
    asked = asking.find_questions(form.typed(vehicle), only=NEW_OWNER)
    return _vehicle_page(
        customers.get_vehicle(vehicle_id), form.status, owner_form=form, asked_owner=asked
    )


@bp.post("/vehicles/<int:vehicle_id>/owner/appointments")
@requires(Permission.BOOK, Permission.RECEIVE)
def give_appointments(vehicle_id: int) -> ResponseReturnValue:
    """The owner of today takes over the appointments that an owner before had made."""
    vehicle = customers.get_vehicle(vehicle_id)
    owners.give_appointments(vehicle, by=me(), at=clock.now())
    db.commit()
    flash(gettext("Saved."), "good")
    return redirect(url_for("booking.show_vehicle", vehicle_id=vehicle_id))


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


def _find_taken(vehicle: Vehicle, form: PlateForm) -> Questions | None:
    """What is asked about a plate that another car has."""
    is_taken = customers.find_vehicle(form.plate.data or "") not in (None, vehicle)
    typed = Typed(form.plate.data or "", car_code=form.car_answer.data or "", picked=vehicle)
    return asking.find_questions(typed) if is_taken else None


def _correct_plate(vehicle: Vehicle, plate: str) -> None:
    corrections.correct_plate(vehicle, plate, me(), clock.now())
    following.tell_of(vehicle, clock.now())


def _change_plate(vehicle: Vehicle, form: PlateForm) -> None:
    at = clock.now()
    typed = Typed(form.plate.data or "", car_code=form.car_answer.data or "", picked=vehicle)
    if form.car_answer.data:
        following.settle(typed, About(), by=me(), at=at)
    else:
        customers.change_plate(vehicle, form.plate.data or "", by=me(), at=at)
        following.tell_of(vehicle, at)


def _change_owner(vehicle: Vehicle, form: OwnerForm) -> None:
    for name, message in form.unsaid.items():
        raise Invalid(message, field=name)
    if owners.has_appointments(vehicle) and not form.appointments.data:
        raise Invalid(N_("Say what becomes of the appointments."), field="appointments")
    typed = form.typed(vehicle)
    takers = [each for each in typed.decide().about_person if each.answer is NEW_OWNER]
    if len(takers) == 1:
        # Nobody else has this number, or it is the one customer of this name and number.
        typed = replace(typed, person_code=takers[0].code)
    gives = form.gives_appointments
    following.settle(typed, About(), gives=gives, by=me(), at=clock.now())


def _change_customer(customer: Customer, form: CustomerForm) -> None:
    following.put_right(customer, lambda: _write_customer(customer, form))
    following.tell_of_customer(customer, clock.now())


def _write_customer(customer: Customer, form: CustomerForm) -> None:
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
        person=form.person,
        by=me(),
        at=clock.now(),
    )


def _change_vehicle(vehicle: Vehicle, seen: int, form: VehicleForm) -> None:
    known = _about(form)
    corrections.change_vehicle(vehicle, seen, **known, papers=form.papers, by=me(), at=clock.now())
    following.tell_of(vehicle, clock.now())


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
