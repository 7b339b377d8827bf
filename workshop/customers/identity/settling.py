"""Finding or making the car and the customer who are meant, as the answers say.

Two people at two desks may decide on one car at once: whoever is second is asked again, in view of
what the first has decided.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from workshop.customers import corrections
from workshop.customers import service as customers
from workshop.customers.identity import queries
from workshop.customers.identity.rules import CarAnswer, Option, PersonAnswer, Said
from workshop.customers.models import Customer, EnergyType, Vehicle, VehicleClass
from workshop.db import session
from workshop.errors import N_, RuleBroken
from workshop.staff.models import User

UNSURE = "unsure"


@dataclass(frozen=True)
class About:
    """What else was said of a car that may be new."""

    make: str = ""
    model: str = ""
    colour: str = ""
    energy: EnergyType = EnergyType.FUEL
    vehicle_class: VehicleClass | None = None


@dataclass(frozen=True)
class Settled:
    """The car and its customer, and who else calls or brings it."""

    vehicle: Vehicle
    customer: Customer
    contact_name: str = ""
    contact_phone: str = ""


def settle(
    said: Said,
    about: About,
    *,
    car_code: str = "",
    person_code: str = "",
    picked: Vehicle | None = None,
    by: User,
    at: datetime,
) -> Settled:
    """Find, correct or make the car and the customer.

    Raises RuleBroken with the code "unsure" while something must be asked, Invalid for a value that
    is missing or wrong.
    """
    customers.lock_identity()
    session.flush()
    session.expire_all()
    decision = queries.look(said, car_code, person_code, picked)
    if decision.car is None or decision.person is None:
        raise RuleBroken(
            N_("What was typed and what is on record differ. Say what it is."), code=UNSURE
        )
    owner = _person(said, decision.person, by=by, at=at)
    vehicle = _car(said, about, decision.car, owner, by=by, at=at)
    if decision.person.answer is PersonAnswer.NEW_OWNER:
        corrections.change_owner(vehicle, owner, by, at)
        session.flush()
        session.refresh(vehicle)
    return Settled(vehicle, vehicle.customer, *_who_comes(said, decision.person, vehicle.customer))


def _who_comes(said: Said, option: Option, owner: Customer) -> tuple[str, str]:
    """Who calls or brings the car, where it is not the owner: of a company, one of its people."""
    if option.answer is PersonAnswer.BRINGS:
        return said.name, said.phone
    if said.phone and said.phone != owner.phone:
        for each in owner.people:
            if each.phone == said.phone:
                return each.name, each.phone
    return "", ""


def _person(said: Said, option: Option, *, by: User, at: datetime) -> Customer:
    if not option.target:
        made = customers.make_customer(said.name, said.phone, by=by, at=at)
        session.flush()
        return made
    known = customers.get_customer(option.target)
    if option.answer is PersonAnswer.CORRECT:
        name, phone = said.name or known.name, said.phone or known.phone
        corrections.correct_customer(known, name, phone, by, at)
    return known


def _car(
    said: Said, about: About, option: Option, owner: Customer, *, by: User, at: datetime
) -> Vehicle:
    if option.target:
        known = customers.get_vehicle(option.target)
        _MEANS.get(option.answer, _as_recorded)(known, said, by, at)
        return known
    plate, vin = said.plate, said.vin
    if option.answer is CarAnswer.ANOTHER_CAR:
        # What finds the car on record stays with that one.
        plate, vin = _unknown(plate, vin)
    if option.answer is CarAnswer.PLATE_MOVED:
        _free_plate(plate, by, at)
    vehicle = customers.make_vehicle(
        owner,
        plate,
        vin=vin or None,
        make=about.make,
        model=about.model,
        colour=about.colour,
        energy=about.energy,
        vehicle_class=about.vehicle_class,
        by=by,
        at=at,
    )
    session.flush()
    return vehicle


def _unknown(plate: str, vin: str) -> tuple[str, str]:
    return ("", vin) if customers.find_vehicle(plate) else (plate, "")


def _free_plate(plate: str, by: User, at: datetime) -> None:
    holder = customers.find_vehicle(plate)
    if holder is not None:
        customers.lose_plate(holder, by, at)


def _fill_in(vehicle: Vehicle, said: Said, by: User, at: datetime) -> None:
    """Note what the record had no plate or VIN for."""
    if vehicle.plate is None and said.plate:
        customers.change_plate(vehicle, said.plate, by, at)
    if vehicle.vin is None and said.vin:
        corrections.correct_vin(vehicle, said.vin, by, at)


def _as_recorded(_vehicle: Vehicle, _said: Said, _by: User, _at: datetime) -> None:
    """What the record says is right."""


def _take_plate(vehicle: Vehicle, said: Said, by: User, at: datetime) -> None:
    _free_plate(said.plate, by, at)
    customers.change_plate(vehicle, said.plate, by, at)


def _correct_plate(vehicle: Vehicle, said: Said, by: User, at: datetime) -> None:
    corrections.correct_plate(vehicle, said.plate, by, at)


def _correct_vin(vehicle: Vehicle, said: Said, by: User, at: datetime) -> None:
    corrections.correct_vin(vehicle, said.vin, by, at)


_MEANS: dict[object, Callable[[Vehicle, Said, User, datetime], None]] = {
    CarAnswer.KNOWN: _fill_in,
    CarAnswer.NEW_PLATE: _take_plate,
    CarAnswer.PLATE_MOVED: _take_plate,
    CarAnswer.CORRECT_PLATE: _correct_plate,
    CarAnswer.CORRECT_VIN: _correct_vin,
}
