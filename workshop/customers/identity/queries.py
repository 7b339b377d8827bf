"""What was said in its normal form, and the records that it finds."""

from __future__ import annotations

from sqlalchemy import select

from workshop import characters
from workshop.customers import queries as customers
from workshop.customers import rules as customer_rules
from workshop.customers.identity.models import OwnerChange
from workshop.customers.identity.rules import Car, Decision, Found, Person, Said, decide
from workshop.customers.models import Customer, Vehicle
from workshop.db import session
from workshop.staff.models import AuditEntry


def read_said(
    plate: str = "",
    vin: str = "",
    name: str = "",
    phone: str = "",
    picked: Vehicle | None = None,
) -> Said:
    """What was said in its normal form; a car that was picked has said its own plate and VIN.

    Raises Invalid for what is no phone number or China-made VIN.
    """
    own = picked or Vehicle()
    return Said(
        plate=customer_rules.normalise_plate(plate) or own.plate or "",
        vin=customer_rules.checked_vin(vin) or own.vin or "",
        name=characters.plain_name(name),
        phone=customer_rules.normalise_phone(phone, field="phone") if phone.strip() else "",
    )


def find(said: Said, picked: Vehicle | None = None) -> Found:
    """The records that what was said finds."""
    by_plate = customers.find_vehicle(said.plate) if said.plate else None
    by_vin = customers.find_vehicle_by_vin(said.vin) if said.vin else None
    people = customers.find_customers(said.phone) if said.phone else []
    if picked is not None and picked is not by_plate:
        by_vin = picked
    return Found(
        _car(by_plate) if by_plate else None,
        _car(by_vin) if by_vin else None,
        [_person(each) for each in people],
    )


def look(
    said: Said, car_code: str = "", person_code: str = "", picked: Vehicle | None = None
) -> Decision:
    """What is meant by what was said, or what must be asked first."""
    return decide(said, find(said, picked), car_code, person_code)


def list_owner_changes(vehicle: Vehicle) -> list[OwnerChange]:
    """The owners that the vehicle had before, the newest first."""
    query = select(OwnerChange).where(
        OwnerChange.vehicle_id.in_(customers.list_records_of(vehicle))
    )
    return list(session.scalars(query.order_by(OwnerChange.id.desc())))


def list_corrections(vehicle: Vehicle) -> list[AuditEntry]:
    """When something of the vehicle was put right, the newest first."""
    query = select(AuditEntry).where(
        AuditEntry.subject == "vehicle",
        AuditEntry.subject_id == vehicle.id,
        AuditEntry.action.in_(("customers.correct", "customers.change_vehicle")),
    )
    found = session.scalars(query.order_by(AuditEntry.id.desc()).limit(20))
    return [each for each in found if each.details.get("changed")]


def _car(vehicle: Vehicle) -> Car:
    return Car(vehicle.id, vehicle.plate, vehicle.vin, _person(vehicle.customer))


def _person(customer: Customer) -> Person:
    people = tuple((each.name, each.phone) for each in customer.people)
    return Person(customer.id, customer.name, customer.phone, people)
