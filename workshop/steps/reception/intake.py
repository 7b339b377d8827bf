"""A car that nobody knows yet: its owner is found or made, and the car with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workshop.customers import corrections
from workshop.customers import rules as customer_rules
from workshop.customers import service as customers
from workshop.customers.models import Customer, EnergyType, Vehicle, VehicleClass
from workshop.errors import N_, Invalid
from workshop.staff.models import User

NO_OWNER = N_("Enter the owner's name.")


@dataclass(frozen=True)
class NewCar:
    """What the advisor typed of a car and its owner."""

    plate: str
    vin: str
    make: str
    model: str
    colour: str
    energy: EnergyType
    name: str
    phone: str
    vehicle_class: VehicleClass | None = None


def make_vehicle(car: NewCar, *, by: User, at: datetime) -> Vehicle:
    """Make the car, for a known owner of this phone and name or for a new one.

    Odd plates and foreign VINs pass. Raises Invalid, and RuleBroken when another car has the
    plate or the VIN.
    """
    owner = _find_owner(car) or customers.make_customer(car.name, car.phone, by=by, at=at)
    return customers.make_vehicle(
        owner,
        car.plate or None,
        vin=car.vin or None,
        make=car.make,
        model=car.model,
        colour=car.colour,
        energy=car.energy,
        vehicle_class=car.vehicle_class,
        by=by,
        at=at,
    )


def _find_owner(car: NewCar) -> Customer | None:
    if not car.name.strip():
        raise Invalid(NO_OWNER, field="name")
    known = customers.find_customers(car.phone)
    return next((each for each in known if each.name == car.name.strip()), None)


def add_vin(vehicle: Vehicle, vin: str, *, by: User, at: datetime) -> None:
    """Note the VIN that was read at the car. Raises Invalid or RuleBroken at `vin`."""
    if not vin.strip():
        raise Invalid(N_("Read the VIN at the windscreen or the door."), field="vin")
    corrections.change_vehicle(
        vehicle,
        vehicle.version,
        vin=vin,
        make=vehicle.make,
        model=vehicle.model,
        colour=vehicle.colour,
        energy=vehicle.energy,
        vehicle_class=vehicle.vehicle_class,
        by=by,
        at=at,
    )


def warnings(vehicle: Vehicle) -> list[str]:
    """Msgids of what looks odd about the car's plate and VIN; it never blocks (domain.md §7)."""
    return customer_rules.warnings(vehicle.plate, vehicle.vin)
