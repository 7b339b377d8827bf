"""Customers and vehicles: finding them, making them, and changing what is known of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from workshop import db
from workshop.customers import queries, rules
from workshop.customers.models import (
    Channel,
    Customer,
    CustomerKind,
    EnergyType,
    OdometerReading,
    PlateChange,
    Vehicle,
)
from workshop.db import session
from workshop.errors import Conflict, Invalid, N_, NotFound, RuleBroken
from workshop.staff import audit
from workshop.staff.models import User

MOST_KM = 2_000_000


def find_vehicle(plate: str) -> Vehicle | None:
    """The vehicle that has this plate now, however it is written."""
    plain = rules.normalise_plate(plate)
    return session.scalars(select(Vehicle).where(Vehicle.plate == plain)).one_or_none()


def find_vehicle_by_vin(vin: str) -> Vehicle | None:
    """The vehicle of this VIN, however it is written."""
    plain = rules.normalise_vin(vin)
    return session.scalars(select(Vehicle).where(Vehicle.vin == plain)).one_or_none()


def search_vehicles(text: str, limit: int = 20) -> list[Vehicle]:
    """Vehicles by any part of the plate, tail of phone or VIN, name or pinyin initials."""
    return queries.search_vehicles(text, limit)


def find_customers(phone: str) -> list[Customer]:
    """The customers who are reached under this number; raises Invalid for what is no number."""
    plain = rules.normalise_phone(phone, field="phone")
    query = select(Customer).where(Customer.phone == plain).order_by(Customer.id)
    return list(session.scalars(query))


def get_vehicle(vehicle_id: int) -> Vehicle:
    """The vehicle; raises NotFound."""
    vehicle = session.get(Vehicle, vehicle_id)
    if vehicle is None:
        raise NotFound(N_("There is no such vehicle."))
    return vehicle


def get_customer(customer_id: int) -> Customer:
    """The customer; raises NotFound."""
    customer = session.get(Customer, customer_id)
    if customer is None:
        raise NotFound(N_("There is no such customer."))
    return customer


def make_customer(
    name: str,
    phone: str,
    *,
    by: User,
    at: datetime,
    kind: CustomerKind = CustomerKind.PERSON,
    channel: Channel = Channel.PHONE,
    credit_code: str | None = None,
    address: str = "",
    remark: str = "",
) -> Customer:
    """Make a customer. Raises Invalid for a missing name, a wrong phone number or credit code."""
    customer = Customer(
        kind=kind,
        name=_name(name),
        initials=rules.pinyin_initials(name),
        phone=rules.normalise_phone(phone, field="phone"),
        credit_code=_credit_code(credit_code),
        address=address.strip(),
        channel=channel,
        remark=remark.strip(),
        created_at=at,
    )
    session.add(customer)
    audit.write(by, "customers.make", customer, at)
    return customer


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
) -> None:
    """Correct what is known of a customer.

    A new number is taken for a good one. Raises Invalid as make_customer does, and Conflict with
    both versions when the page was stale.
    """
    yours = {N_("Name"): name, N_("Phone"): phone, N_("Address"): address}
    if customer.version != seen_version:
        theirs = {"Name": customer.name, "Phone": customer.phone, "Address": customer.address}
        raise _stale(theirs, yours)
    plain = rules.normalise_phone(phone, field="phone")
    if plain != customer.phone:
        customer.phone_invalid = False
    customer.name = _name(name)
    customer.initials = rules.pinyin_initials(name)
    customer.phone = plain
    customer.kind = kind
    customer.credit_code = _credit_code(credit_code)
    customer.address = address.strip()
    customer.channel = channel
    customer.remark = remark.strip()
    audit.write(by, "customers.change", customer, at)


def make_vehicle(
    customer: Customer,
    plate: str | None,
    *,
    by: User,
    at: datetime,
    vin: str | None = None,
    make: str = "",
    model: str = "",
    colour: str = "",
    energy: EnergyType = EnergyType.FUEL,
    engine_no: str = "",
    first_registered_on: date | None = None,
) -> Vehicle:
    """Make a vehicle of a customer.

    Odd plates and VINs of imports pass. Raises Invalid when neither plate nor VIN is given or a
    China-made VIN is wrong, RuleBroken when another vehicle has the plate or the VIN.
    """
    plain_plate = rules.normalise_plate(plate or "") or None
    plain_vin = _vin(vin)
    if plain_plate is None and plain_vin is None:
        raise Invalid(N_("Enter the plate, or the VIN of a car without one."), field="plate")
    _lock_identity(plain_plate, plain_vin)
    _refuse_taken(plain_plate, plain_vin, None)
    vehicle = Vehicle(
        customer_id=customer.id,
        plate=plain_plate,
        vin=plain_vin,
        make=make.strip(),
        model=model.strip(),
        colour=colour.strip(),
        energy=energy,
        engine_no=engine_no.strip(),
        first_registered_on=first_registered_on,
        created_at=at,
    )
    session.add(vehicle)
    audit.write(by, "customers.make_vehicle", vehicle, at)
    return vehicle


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
) -> None:
    """Correct what is known of a vehicle; its plate has its own history in change_plate.

    Raises Invalid for a wrong VIN, RuleBroken for another vehicle's, Conflict on a stale page.
    """
    if vehicle.version != seen_version:
        theirs = {"VIN": vehicle.vin, "Make": vehicle.make, "Model": vehicle.model}
        raise _stale(theirs, {N_("VIN"): vin, N_("Make"): make, N_("Model"): model})
    plain_vin = _vin(vin)
    if plain_vin is None and vehicle.plate is None:
        raise Invalid(N_("Enter the plate, or the VIN of a car without one."), field="vin")
    _refuse_taken(None, plain_vin, vehicle)
    vehicle.vin = plain_vin
    vehicle.make, vehicle.model = make.strip(), model.strip()
    vehicle.colour, vehicle.energy = colour.strip(), energy
    audit.write(by, "customers.change_vehicle", vehicle, at)


def change_plate(vehicle: Vehicle, plate: str | None, by: User, at: datetime) -> None:
    """Give the vehicle another plate, or none; the old one stays in its history.

    Raises RuleBroken when another vehicle has the plate, Invalid when a vehicle without a VIN
    would lose its plate.
    """
    plain = rules.normalise_plate(plate or "") or None
    if plain == vehicle.plate:
        return
    if plain is None and vehicle.vin is None:
        raise Invalid(N_("A vehicle without a VIN keeps its plate."), field="plate")
    _lock_identity(plain, None)
    _refuse_taken(plain, None, vehicle)
    if vehicle.plate is not None:
        session.add(
            PlateChange(vehicle_id=vehicle.id, plate=vehicle.plate, until=at, by_id=by.id)
        )
    audit.write(by, "customers.change_plate", vehicle, at, old=vehicle.plate, new=plain)
    vehicle.plate = plain
    session.flush()


def change_owner(vehicle: Vehicle, customer: Customer, by: User, at: datetime) -> None:
    """Let the vehicle belong to another customer from now on; its visits stay its own."""
    audit.write(
        by,
        "customers.change_owner",
        vehicle,
        at,
        old=vehicle.customer_id,
        new=customer.id,
    )
    vehicle.customer_id = customer.id


def record_mileage(
    vehicle: Vehicle, km: int, *, by: User, at: datetime, replaced: bool = False
) -> OdometerReading:
    """Note the odometer. It never falls unless it was replaced (domain.md §3, step 2).

    Raises Invalid for an impossible figure and RuleBroken, field `mileage_km`, for a falling one.
    """
    if not 0 <= km <= MOST_KM:
        raise Invalid(
            N_("A mileage lies between 0 and %(most)s km."), field="mileage_km", most=MOST_KM
        )
    last = vehicle.mileage_km
    if last is not None and km < last and not replaced:
        raise RuleBroken(
            N_("The mileage %(new)s km is below the last one, %(old)s km."),
            field="mileage_km",
            code="mileage_falls",
            new=km,
            old=last,
        )
    reading = OdometerReading(
        vehicle_id=vehicle.id, mileage_km=km, at=at, by_id=by.id, replaced=replaced
    )
    session.add(reading)
    vehicle.mileage_km = km
    session.flush()
    return reading


def _stale(theirs: dict[str, Any], yours: dict[str, Any]) -> Conflict:
    return Conflict(
        N_("Somebody else changed this meanwhile. Look at both versions and save again."),
        theirs=theirs,
        yours=yours,
    )


def _name(name: str) -> str:
    if not name.strip():
        raise Invalid(N_("Enter the customer's name."), field="name")
    return name.strip()


def _credit_code(code: str | None) -> str | None:
    plain = rules.to_half_width(code or "").strip().upper()
    if plain and not rules.is_social_credit_code(plain):
        raise Invalid(N_("This unified social credit code is not right."), field="credit_code")
    return plain or None


def _vin(vin: str | None) -> str | None:
    plain = rules.normalise_vin(vin or "")
    if not plain:
        return None
    fault = rules.vin_fault(plain)
    if fault is not None and fault[0] is rules.Severity.ERROR:
        raise Invalid(fault[1], field="vin")
    return plain


def _lock_identity(plate: str | None, vin: str | None) -> None:
    # Two people at two desks may type the same new car.
    if plate or vin:
        db.lock("vehicle identity", 0)


def _refuse_taken(plate: str | None, vin: str | None, own: Vehicle | None) -> None:
    for field, other in (
        ("plate", find_vehicle(plate) if plate else None),
        ("vin", find_vehicle_by_vin(vin) if vin else None),
    ):
        if other is not None and other is not own:
            raise RuleBroken(
                N_("Another vehicle has this already: %(title)s of %(customer)s."),
                field=field,
                code="taken",
                title=other.title or other.plate or other.vin,
                customer=other.customer.name,
            )
