"""What the pages of a customer and of a vehicle show."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext

from workshop import web
from workshop.customers import consents, mileage
from workshop.customers import queries as customers
from workshop.customers.identity import queries as identity
from workshop.customers.merging import queries as merges
from workshop.customers.models import Customer, CustomerContact, Vehicle
from workshop.inspections import health
from workshop.orders import history, ties
from workshop.orders.past.queries import list_past
from workshop.shop.models import Branch
from workshop.staff.access import me
from workshop.staff.models import AuditEntry
from workshop.staff.permissions import Permission
from workshop.steps.booking import known
from workshop.steps.booking.people import owners
from workshop.steps.booking.people.consent_forms import ConsentForm
from workshop.steps.booking.people.contact_forms import ContactForm, DriverForm
from workshop.steps.booking.people.customer_forms import (
    CustomerForm,
    OwnerForm,
    PlateForm,
    VehicleForm,
)


def show(customer: Customer, branch: Branch, at: datetime, **submitted: Any) -> dict[str, Any]:
    """A customer with the cars; `submitted` are forms that come back with what was typed."""
    cars = customers.list_vehicles(customer)
    contact_id, refused = submitted.pop("refused_contact", (None, None))
    typed = {contact_id: refused}
    return {
        "customer": customer,
        "cars": [known.look_up(vehicle, branch, at) for vehicle in cars],
        "form": CustomerForm(formdata=None, obj=customer),
        "new_form": VehicleForm(formdata=None, prefix="new-"),
        "may_change": _may_change(),
        "in_use": customers.list_words_in_use(),
        "joined": merges.list_joined(customer),
        "alike": merges.list_alike(customer),
        "people": [(each, typed.get(each.id) or ContactForm.of(each)) for each in customer.people],
        "gone": [each for each in customer.contacts if each.is_retired],
        "consent_form": ConsentForm.of(customer),
        "last_consent": consents.find_last(customer),
        "contact_form": typed.get(0) or ContactForm.of(),
        **submitted,
    }


def show_vehicle(
    vehicle: Vehicle, branch: Branch, at: datetime, **submitted: Any
) -> dict[str, Any]:
    """A vehicle with its visits, plates and mileages."""
    found = known.look_up(vehicle, branch, at)
    return {
        "vehicle": vehicle,
        "known": found,
        "can_receive": found.open_order is None and me().may(Permission.RECEIVE),
        "may_change": _may_change(),
        "visits": history.list_visits(vehicle),
        "past": list_past(vehicle),
        "health": health.list_charts(vehicle),
        "plates": customers.list_plate_changes(vehicle),
        "readings": list(reversed(mileage.list_readings(vehicle)))[:10],
        "form": VehicleForm(formdata=None, obj=vehicle, vehicle_class=vehicle.size or ""),
        "plate_form": PlateForm(formdata=None, prefix="plate-"),
        "owner_form": OwnerForm(formdata=None, prefix="owner-"),
        "driver_form": DriverForm(
            formdata=None, prefix="driver-", driver=_number_of(vehicle.driver)
        ).offer(vehicle),
        "asked_plate": None,
        "asked_owner": None,
        "ties": ties.list_ties(vehicle, vehicle.customer, branch),
        "former": [
            (each, ties.list_ties(vehicle, each, branch)) for each in owners.list_former(vehicle)
        ],
        "joined": merges.list_joined(vehicle),
        "owners": identity.list_owner_changes(vehicle),
        "corrected": [(_fields_of(each), each.at) for each in identity.list_corrections(vehicle)],
        **submitted,
    }


def _number_of(contact: CustomerContact | None) -> str:
    return str(contact.id) if contact is not None else ""


def _fields_of(entry: AuditEntry) -> str:
    """What was put right; what stood there wrongly is only in the trail."""
    return str(web.show_value([gettext(name) for name in entry.details["changed"]]))


def _may_change() -> bool:
    """Whether the reader may correct what is known of a customer or a car."""
    return me().may(Permission.BOOK) or me().may(Permission.RECEIVE)
