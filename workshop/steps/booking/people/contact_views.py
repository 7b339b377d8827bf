"""The people of a company, and who mostly drives which of its cars."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, db, web
from workshop.customers import service as customers
from workshop.customers.contacts import queries, service
from workshop.customers.models import Customer, CustomerContact
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.booking import following
from workshop.steps.booking.blueprint import bp, branch_of_request
from workshop.steps.booking.people import customer_page
from workshop.steps.booking.people.contact_forms import ContactForm, DriverForm

_CONTACT = "/customers/<int:customer_id>/contacts/<int:contact_id>"


@bp.post("/customers/<int:customer_id>/contacts")
@requires(Permission.BOOK, Permission.RECEIVE)
def add_contact(customer_id: int) -> ResponseReturnValue:
    """Note a person of the company."""
    form = ContactForm.posted()
    customer = customers.get_customer(customer_id)
    if form.carry_out(lambda: service.add_contact(customer, form.about, by=me(), at=clock.now())):
        return _saved(customer_id)
    return _refused(customer_id, form, 0)


@bp.post(_CONTACT)
@requires(Permission.BOOK, Permission.RECEIVE)
def change_contact(customer_id: int, contact_id: int) -> ResponseReturnValue:
    """Put right or change what is known of a person of the company."""
    contact = _get_contact(customer_id, contact_id)
    form = ContactForm.posted(contact)
    seen = web.whole(form.version.data)

    def act() -> None:
        service.change_contact(contact, seen, form.about, by=me(), at=clock.now())

    if form.carry_out(lambda: following.put_right(contact, act)):
        return _saved(customer_id)
    return _refused(customer_id, form, contact_id)


@bp.post(f"{_CONTACT}/use")
@requires(Permission.BOOK, Permission.RECEIVE)
def use_contact(customer_id: int, contact_id: int) -> ResponseReturnValue:
    """Take a person out of use, or bring one back: nobody is deleted who ever agreed to work."""
    contact = _get_contact(customer_id, contact_id)
    service.use_contact(contact, contact.is_retired, by=me(), at=clock.now())
    db.commit()
    return _saved(customer_id)


@bp.post("/vehicles/<int:vehicle_id>/driver")
@requires(Permission.BOOK, Permission.RECEIVE)
def set_driver(vehicle_id: int) -> ResponseReturnValue:
    """Note who of the company mostly drives the car."""
    vehicle = customers.get_vehicle(vehicle_id)
    form = DriverForm(prefix="driver-").offer(vehicle)
    wanted = web.whole(form.driver.data)

    def act() -> None:
        contact = queries.get_contact(vehicle.customer, wanted) if wanted else None
        service.set_driver(vehicle, contact, by=me(), at=clock.now())

    if form.carry_out(act):
        flash(gettext("Saved."), "good")
        return redirect(url_for("booking.show_vehicle", vehicle_id=vehicle_id))
    found = customers.get_vehicle(vehicle_id)
    context = customer_page.show_vehicle(
        found, branch_of_request(), clock.now(), driver_form=form.offer(found)
    )
    return web.page("customers/vehicle.html", form.status, **context)


def _get_contact(customer_id: int, contact_id: int) -> CustomerContact:
    return queries.get_contact(customers.get_customer(customer_id), contact_id)


def _saved(customer_id: int) -> ResponseReturnValue:
    flash(gettext("Saved."), "good")
    return redirect(url_for("booking.show_customer", customer_id=customer_id, _anchor="contacts"))


def _refused(customer_id: int, form: ContactForm, contact_id: int) -> ResponseReturnValue:
    customer: Customer = customers.get_customer(customer_id)
    context = customer_page.show(
        customer, branch_of_request(), clock.now(), refused_contact=(contact_id, form)
    )
    return web.page("customers/customer.html", form.status, **context)
