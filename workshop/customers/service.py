"""Customers and vehicles: finding them, making them, and changing what is known of them."""

from __future__ import annotations

from datetime import date, datetime

from workshop import characters, db
from workshop.customers import mileage, queries, rules
from workshop.customers.models import (
    Channel,
    Customer,
    CustomerKind,
    EnergyType,
    OdometerReading,
    PlateChange,
    Vehicle,
    VehicleClass,
)
from workshop.db import session
from workshop.errors import N_, Invalid, NotFound, RuleBroken, Way
from workshop.staff import audit
from workshop.staff.models import User


def find_vehicle(plate: str) -> Vehicle | None:
    """The vehicle that has this plate now, however it is written."""
    return queries.find_vehicle(plate)


def find_vehicle_by_vin(vin: str) -> Vehicle | None:
    """The vehicle of this VIN, however it is written."""
    return queries.find_vehicle_by_vin(vin)


def search_vehicles(text: str, limit: int = 20) -> list[Vehicle]:
    """Vehicles by any part of the plate, tail of phone or VIN, name or pinyin initials."""
    return queries.search_vehicles(text, limit)


def get_vehicle(vehicle_id: int) -> Vehicle:
    """The vehicle, or the one that its record was joined to; raises NotFound."""
    vehicle = session.get(Vehicle, vehicle_id)
    while vehicle is not None and vehicle.merged_into_id is not None:
        vehicle = session.get(Vehicle, vehicle.merged_into_id)
    if vehicle is None:
        raise NotFound(N_("There is no such vehicle."))
    return vehicle


def get_customer(customer_id: int) -> Customer:
    """The customer, or the one whose record this one was joined to; raises NotFound."""
    customer = session.get(Customer, customer_id)
    while customer is not None and customer.merged_into_id is not None:
        customer = session.get(Customer, customer.merged_into_id)
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
        name=checked_name(name),
        initials=rules.pinyin_initials(name),
        phone=rules.normalise_phone(phone, field="phone"),
        credit_code=checked_credit_code(credit_code),
        address=address.strip(),
        channel=channel,
        remark=remark.strip(),
        created_at=at,
    )
    session.add(customer)
    audit.write(by, "customers.make", customer, at)
    return customer


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
    vehicle_class: VehicleClass | None = None,
) -> Vehicle:
    """Make a vehicle of a customer.

    Odd plates and VINs of imports pass; without a class it has that of the last car of its make
    and model. Raises Invalid when neither plate nor VIN is given or a
    China-made VIN is wrong, RuleBroken when another vehicle has the plate or the VIN.
    """
    plain_plate = rules.normalise_plate(plate or "") or None
    plain_vin = rules.checked_vin(vin)
    if plain_plate is None and plain_vin is None:
        raise Invalid(rules.NO_PLATE, field="plate")
    lock_identity()
    refuse_taken(plain_plate, plain_vin, None)
    vehicle = Vehicle(
        customer_id=customer.id,
        plate=plain_plate,
        vin=plain_vin,
        make=make.strip(),
        model=model.strip(),
        colour=colour.strip(),
        energy=energy,
        vehicle_class=vehicle_class or queries.usual_class(make, model),
        engine_no=engine_no.strip(),
        first_registered_on=first_registered_on,
        created_at=at,
    )
    session.add(vehicle)
    audit.write(by, "customers.make_vehicle", vehicle, at)
    return vehicle


def change_plate(vehicle: Vehicle, plate: str, by: User, at: datetime) -> None:
    """Give the vehicle another plate; the old one stays in its history.

    Raises Invalid without a plate, RuleBroken when another vehicle has it.
    """
    plain = rules.normalise_plate(plate)
    if not plain:
        raise Invalid(N_("Enter the new plate."), field="plate")
    if plain != vehicle.plate:
        lock_identity()
        refuse_taken(plain, None, vehicle)
        _set_plate(vehicle, plain, by, at)


def hand_back_plate(vehicle: Vehicle, by: User, at: datetime) -> None:
    """The vehicle has no plate from now on: it is known by its VIN.

    Raises Invalid when a vehicle without a VIN would lose its plate.
    """
    if vehicle.vin is None:
        raise Invalid(N_("A vehicle without a VIN keeps its plate."), field="plate")
    if vehicle.plate is not None:
        _set_plate(vehicle, None, by, at)


def lose_plate(vehicle: Vehicle, by: User, at: datetime) -> None:
    """The plate has moved to another car; this one keeps it in its history only."""
    _set_plate(vehicle, None, by, at)


def _set_plate(vehicle: Vehicle, plate: str | None, by: User, at: datetime) -> None:
    if vehicle.plate is not None:
        session.add(PlateChange(vehicle_id=vehicle.id, plate=vehicle.plate, until=at, by_id=by.id))
    audit.write(by, "customers.change_plate", vehicle, at, old=vehicle.plate, new=plate)
    vehicle.plate = plate
    session.flush()


def record_mileage(
    vehicle: Vehicle,
    km: int,
    *,
    by: User,
    at: datetime,
    replaced: bool = False,
    order_id: int | None = None,
) -> OdometerReading:
    """Note the odometer. It never falls unless it was replaced (domain.md §3, step 2).

    Raises Invalid for an impossible figure and RuleBroken, field `mileage_km`, for a falling one.
    """
    if not 0 <= km <= mileage.MOST_KM:
        raise Invalid(
            N_("A mileage lies between 0 and %(most)s km."),
            field="mileage_km",
            most=mileage.MOST_KM,
        )
    last = vehicle.mileage_km
    if last is not None and km < last and not replaced:
        raise RuleBroken(
            N_("The mileage %(new)s km is below the last one, %(old)s km."),
            field="mileage_km",
            code="mileage_falls",
            way=Way("handover.mileages", N_("Put a mileage right"), {"vehicle_id": vehicle.id}),
            new=km,
            old=last,
        )
    reading = OdometerReading(
        vehicle_id=vehicle.id,
        mileage_km=km,
        at=at,
        by_id=by.id,
        replaced=replaced,
        order_id=order_id,
    )
    session.add(reading)
    vehicle.mileage_km = km
    session.flush()
    return reading


def checked_name(name: str) -> str:
    """The name as it is kept; raises Invalid when there is none that can be seen."""
    plain = characters.plain_name(name)
    if not plain:
        raise Invalid(rules.NO_NAME, field="name")
    return plain


def checked_credit_code(code: str | None) -> str | None:
    """The unified social credit code as it is kept, if any; raises Invalid for a wrong one."""
    plain = characters.to_half_width(code or "").strip().upper()
    if plain and not characters.is_social_credit_code(plain):
        raise Invalid(N_("This unified social credit code is not right."), field="credit_code")
    return plain or None


def lock_identity() -> None:
    """Let one at a time decide which car is which: two desks may type the same new one."""
    db.lock("vehicle identity", 0)


def refuse_taken(plate: str | None, vin: str | None, own: Vehicle | None) -> None:
    """Raise RuleBroken when another vehicle than `own` has the plate or the VIN."""
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
