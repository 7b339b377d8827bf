"""Correcting what is known of a customer or a vehicle; two people at once see both versions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from workshop.customers import particulars, rules, service
from workshop.customers.identity.models import OwnerChange
from workshop.customers.models import (
    Channel,
    Customer,
    CustomerKind,
    EnergyType,
    Vehicle,
    VehicleClass,
)
from workshop.customers.particulars import Papers, Person
from workshop.db import session
from workshop.errors import N_, Conflict, Invalid
from workshop.staff import audit
from workshop.staff.models import User


def change_customer(
    customer: Customer,
    seen_version: int,
    *,
    name: str,
    phone: str,
    by: User,
    at: datetime,
    channel: Channel,
    kind: CustomerKind = CustomerKind.PERSON,
    credit_code: str | None = None,
    address: str = "",
    remark: str = "",
    person: Person | None = None,
) -> None:
    """Correct what is known of a customer; without a `person` that part stays as it is.

    A new number is taken for a good one. Raises Invalid as make_customer does, and Conflict with
    both versions when the page was stale.
    """
    was = particulars.person_of(customer)
    if customer.version != seen_version:
        raise _stale(
            customer.version,
            _about_customer(customer.name, customer.phone, customer.address, customer.remark, was),
            _about_customer(name, phone, address, remark, person or was),
        )
    plain = rules.normalise_phone(phone, field="phone")
    before = _kept(customer)
    if plain != customer.phone:
        customer.phone_invalid = False
    customer.name = service.checked_name(name)
    customer.initials = rules.pinyin_initials(name)
    customer.phone = plain
    customer.kind = kind
    customer.credit_code = service.checked_credit_code(credit_code)
    customer.address = address.strip()
    customer.channel = channel
    customer.remark = remark.strip()
    particulars.write_person(customer, person or was, at.date())
    _write_change(customer, before, by, at)


def correct_customer(customer: Customer, name: str, phone: str, by: User, at: datetime) -> None:
    """Put a name or number right that was noted wrongly, and change nothing else.

    Raises Invalid for a missing name or what is no phone number.
    """
    plain = rules.normalise_phone(phone, field="phone")
    before = _kept(customer)
    if plain != customer.phone:
        customer.phone_invalid = False
    customer.name, customer.phone = service.checked_name(name), plain
    customer.initials = rules.pinyin_initials(customer.name)
    _write_change(customer, before, by, at)


# Of the rest the trail says only that it changed: nobody could take it out again.
_NAMED = {"name": N_("Name"), "phone": N_("Phone")}


def _write_change(customer: Customer, before: dict[str, Any], by: User, at: datetime) -> None:
    after = _kept(customer)
    fields = sorted(name for name, value in after.items() if value != before[name])
    said = {_NAMED[name]: [before[name], after[name]] for name in fields if name in _NAMED}
    rest = [name for name in fields if name not in _NAMED]
    audit.write(by, "customers.change", customer, at, changed=said, fields=rest)


def change_vehicle(
    vehicle: Vehicle,
    seen_version: int,
    *,
    by: User,
    at: datetime,
    vin: str | None,
    make: str,
    model: str,
    colour: str,
    energy: EnergyType,
    vehicle_class: VehicleClass | None,
    papers: Papers | None = None,
) -> None:
    """Correct what is known of a vehicle; its plate has its own history in change_plate.

    Without `papers` those stay as they are.
    Raises Invalid for a wrong VIN, RuleBroken for another vehicle's, Conflict on a stale page.
    """
    was = particulars.papers_of(vehicle)
    if vehicle.version != seen_version:
        raise _stale(
            vehicle.version,
            _about_vehicle(vehicle),
            _said_of_vehicle(vin, make, model, colour, vehicle_class, papers or was),
        )
    plain_vin = rules.checked_vin(vin)
    if plain_vin is None and vehicle.plate is None:
        raise Invalid(N_("Enter the plate, or the VIN of a car without one."), field="vin")
    service.refuse_taken(None, plain_vin, vehicle)
    old = _about_vehicle(vehicle)
    vehicle.vin = plain_vin
    vehicle.make, vehicle.model = make.strip(), model.strip()
    vehicle.colour, vehicle.energy = colour.strip(), energy
    vehicle.vehicle_class = vehicle_class
    particulars.write_papers(vehicle, papers or was)
    new = _about_vehicle(vehicle)
    changed = {
        name: [_plain(old[name]), _plain(new[name])] for name in new if new[name] != old[name]
    }
    audit.write(by, "customers.change_vehicle", vehicle, at, changed=changed)


def note_class(vehicle: Vehicle, chosen: VehicleClass | None, *, by: User, at: datetime) -> None:
    """Keep the class that was asked for, where nobody has said one before."""
    if chosen is None or vehicle.vehicle_class is not None:
        return
    change_vehicle(
        vehicle,
        vehicle.version,
        vin=vehicle.vin,
        make=vehicle.make,
        model=vehicle.model,
        colour=vehicle.colour,
        energy=vehicle.energy,
        vehicle_class=chosen,
        by=by,
        at=at,
    )


def correct_plate(vehicle: Vehicle, plate: str, by: User, at: datetime) -> None:
    """Put a plate right that was noted wrongly: the car never had the wrong one.

    Raises Invalid without a plate, RuleBroken when another vehicle has it.
    """
    plain = rules.normalise_plate(plate)
    if not plain:
        raise Invalid(N_("Enter the new plate."), field="plate")
    if plain == vehicle.plate:
        return
    service.lock_identity()
    service.refuse_taken(plain, None, vehicle)
    audit.write(by, "customers.correct", vehicle, at, changed={N_("Plate"): [vehicle.plate, plain]})
    vehicle.plate = plain
    session.flush()


def correct_vin(vehicle: Vehicle, vin: str, by: User, at: datetime) -> None:
    """Note a VIN that was missing or noted wrongly: a car never gets another one.

    Raises Invalid for a wrong one, RuleBroken when another vehicle has it.
    """
    plain = rules.checked_vin(vin)
    if plain is None:
        raise Invalid(N_("Read the VIN at the windscreen or the door."), field="vin")
    if plain == vehicle.vin:
        return
    service.lock_identity()
    service.refuse_taken(None, plain, vehicle)
    audit.write(by, "customers.correct", vehicle, at, changed={N_("VIN"): [vehicle.vin, plain]})
    vehicle.vin = plain
    session.flush()


def change_owner(vehicle: Vehicle, customer: Customer, by: User, at: datetime) -> None:
    """Let the vehicle belong to another customer from now on; its visits stay its own."""
    if customer.id == vehicle.customer_id:
        return
    old = vehicle.customer_id
    session.add(OwnerChange(vehicle_id=vehicle.id, owner_id=old, until=at, by_id=by.id))
    audit.write(by, "customers.change_owner", vehicle, at, old=old, new=customer.id)
    vehicle.customer_id = customer.id
    vehicle.driver_id = None


def _kept(customer: Customer) -> dict[str, Any]:
    names = (
        *("name", "phone", "kind", "credit_code", "address", "channel", "remark"),
        *particulars.PERSON_LABELS,
    )
    return {name: getattr(customer, name) for name in names}


def _about_customer(
    name: str, phone: str, address: str, remark: str, person: Person
) -> dict[str, Any]:
    said = {N_("Name"): name, N_("Phone"): phone, N_("Address"): address, N_("Remark"): remark}
    return said | particulars.told_person(person)


def _about_vehicle(vehicle: Vehicle) -> dict[str, Any]:
    car = vehicle
    papers = particulars.papers_of(car)
    return _said_of_vehicle(car.vin, car.make, car.model, car.colour, car.vehicle_class, papers)


def _said_of_vehicle(
    vin: str | None,
    make: str,
    model: str,
    colour: str,
    vehicle_class: VehicleClass | None,
    papers: Papers,
) -> dict[str, Any]:
    return {
        N_("VIN"): vin,
        N_("Make"): make,
        N_("Model"): model,
        N_("Colour"): colour,
        N_("Class of the car"): vehicle_class,
        **particulars.told_papers(papers),
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else getattr(value, "value", value)


def _stale(version: int, theirs: dict[str, Any], yours: dict[str, Any]) -> Conflict:
    return Conflict(
        N_("Somebody else changed this meanwhile. Look at both versions and save again."),
        theirs=theirs,
        yours=yours,
        version=version,
    )
