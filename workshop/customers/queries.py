"""Finding customers and vehicles by whatever the caller knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import case, func, select

from workshop import characters
from workshop.customers import rules
from workshop.customers.models import (
    Customer,
    CustomerContact,
    CustomerKind,
    PlateChange,
    Vehicle,
    VehicleClass,
)
from workshop.db import session
from workshop.search import queries as search
from workshop.search.models import ENDS, Kind

_Find = Callable[[Kind, str], sa.Select[int]]


def find_vehicle(plate: str) -> Vehicle | None:
    """The vehicle that has this plate now, however it is written."""
    plain = rules.normalise_plate(plate)
    return session.scalars(select(Vehicle).where(Vehicle.plate == plain)).one_or_none()


def find_vehicle_by_vin(vin: str) -> Vehicle | None:
    """The vehicle of this VIN, however it is written."""
    plain = rules.normalise_vin(vin)
    return session.scalars(select(Vehicle).where(Vehicle.vin == plain)).one_or_none()


def find_customers(phone: str) -> list[Customer]:
    """The customers who are reached under this number, a company by each of its people.

    Raises Invalid for what is no number.
    """
    plain = rules.normalise_phone(phone, field="phone")
    people = select(CustomerContact.id).where(CustomerContact.phone == plain)
    own = select(Customer.id).where(Customer.phone == plain)
    query = select(Customer).where(
        Customer.id.in_(sa.union(own, _has_person(people))), Customer.merged_into_id.is_(None)
    )
    return list(session.scalars(query.order_by(Customer.id)))


def search_vehicles(text: str, limit: int = 20) -> list[Vehicle]:
    """Vehicles by any part of the plate, tail of phone or VIN, name or pinyin initials.

    Exact plates come first, then ends of plates, then the rest. A plate the vehicle once had
    finds it too. Of what very many have in them only the newest are looked at.
    """
    code = rules.normalise_plate(text)
    if not code:
        return []
    owners = sa.union(*_customers_of_person(text, code, search.newest))
    owned = select(Vehicle.id).where(Vehicle.customer_id.in_(owners))
    query = (
        select(Vehicle)
        .join(Vehicle.customer)
        .where(
            Vehicle.id.in_(sa.union(*_by_plate_and_vin(code, search.newest), owned)),
            Vehicle.merged_into_id.is_(None),
        )
        .order_by(_closeness(code), Vehicle.id.desc())
        .limit(limit)
    )
    return list(session.scalars(query))


def search_customers(text: str, limit: int = 50) -> list[Customer]:
    """The newest customers that `find_customers_by` finds."""
    query = _find_customers_by(text, search.newest)
    if not rules.normalise_plate(text):
        return list(session.scalars(query.limit(limit)))
    # They are few; a database that sorts and limits them itself may begin with everybody.
    found = session.scalars(query.order_by(None))
    return sorted(found, key=lambda each: -each.id)[:limit]


def find_customers_by(text: str) -> sa.Select[Customer]:
    """All customers by name, pinyin initials, phone, or what finds one of their vehicles."""
    return _find_customers_by(text, search.having)


def _find_customers_by(text: str, find: _Find) -> sa.Select[Customer]:
    code = rules.normalise_plate(text)
    query = select(Customer).where(Customer.merged_into_id.is_(None))
    if code:
        cars = sa.union(*_by_plate_and_vin(code, find))
        owners = select(Vehicle.customer_id).where(Vehicle.id.in_(cars))
        people = _customers_of_person(text, code, find)
        query = query.where(Customer.id.in_(sa.union(*people, owners)))
    return query.order_by(Customer.id.desc())


def _by_plate_and_vin(code: str, find: _Find) -> Iterator[sa.Select[int]]:
    yield find(Kind.PLATE, code)
    yield select(PlateChange.vehicle_id).where(PlateChange.plate == code)
    if len(code) >= ENDS[Kind.VIN]:
        yield search.ending(Kind.VIN, Vehicle.vin, Vehicle.id, code)


def _customers_of_person(text: str, code: str, find: _Find) -> Iterator[sa.Select[int]]:
    if name := characters.plain_name(text):
        yield find(Kind.NAME, name)
        yield _has_person(find(Kind.PERSON, name))
    if re.fullmatch(r"[A-Z]+", code):
        yield find(Kind.INITIALS, code)
    digits = re.sub(r"\D", "", code)
    if len(digits) >= ENDS[Kind.PHONE] and digits == code.removeprefix("+"):
        phone = re.sub(r"^(?:0086|86(?=1))", "", digits)
        yield search.ending(Kind.PHONE, Customer.phone, Customer.id, phone)
        person = search.ending(Kind.PERSON_PHONE, CustomerContact.phone, CustomerContact.id, phone)
        yield _has_person(person)


def _has_person(people: sa.Select[int]) -> sa.Select[int]:
    """The companies that have such a person in use."""
    return (
        select(Customer.id)
        .join(CustomerContact, CustomerContact.customer_id == Customer.id)
        .where(
            CustomerContact.id.in_(people),
            CustomerContact.retired_at.is_(None),
            Customer.kind == CustomerKind.COMPANY,
        )
    )


def _closeness(code: str) -> sa.Case[Any]:
    return case(
        (Vehicle.plate == code, 0),
        (Vehicle.vin == code, 1),
        (Vehicle.plate.endswith(code, autoescape=True), 2),
        (Vehicle.plate.contains(code, autoescape=True), 3),
        else_=4,
    )


def list_vehicles(customer: Customer) -> list[Vehicle]:
    """The vehicles of a customer, the newest first."""
    query = select(Vehicle).where(
        Vehicle.customer_id == customer.id, Vehicle.merged_into_id.is_(None)
    )
    return list(session.scalars(query.order_by(Vehicle.id.desc())))


def list_vehicles_of(customers: Sequence[Customer]) -> dict[int, list[Vehicle]]:
    """The vehicles of several customers, by customer id."""
    ids = [customer.id for customer in customers]
    found: dict[int, list[Vehicle]] = {customer_id: [] for customer_id in ids}
    query = select(Vehicle).where(Vehicle.customer_id.in_(ids), Vehicle.merged_into_id.is_(None))
    # Sorted here: for the sake of an order a database may read all cars.
    for vehicle in sorted(session.scalars(query), key=lambda each: each.id):
        found[vehicle.customer_id].append(vehicle)
    return found


def list_plate_changes(vehicle: Vehicle) -> list[PlateChange]:
    """The plates that the vehicle had before, the newest first."""
    query = select(PlateChange).where(PlateChange.vehicle_id == vehicle.id)
    return list(session.scalars(query.order_by(PlateChange.id.desc())))


def list_records_of(vehicle: Vehicle) -> list[int]:
    """The ids under which the vehicle stands in the records: its own, and those joined to it."""
    found, last = [vehicle.id], [vehicle.id]
    while last:
        query = select(Vehicle.id).where(Vehicle.merged_into_id.in_(last))
        last = list(session.scalars(query))
        found += last
    return found


def is_service_due(vehicle: Vehicle, on: date, within_days: int = 30) -> bool:
    """Whether the next service comes due by date within so many days, or is due by mileage."""
    by_date = vehicle.next_due_on is not None and (vehicle.next_due_on - on).days <= within_days
    known = vehicle.next_due_km is not None and vehicle.mileage_km is not None
    return by_date or (known and (vehicle.mileage_km or 0) >= (vehicle.next_due_km or 0) - 500)


def list_words_in_use() -> dict[str, list[str]]:
    """What the shop has written so far of where customers came from, and as their tier."""
    return {
        name: list(_each_once(column, most=50))
        for name, column in (("source", Customer.source), ("tier", Customer.tier))
    }


def list_models() -> frozenset[str]:
    """The models of all cars."""
    return frozenset(_each_once(Vehicle.model))


def _each_once(column: Any, most: int | None = None) -> Iterator[str]:
    """Its texts in order; the index is asked for the next one, however many rows have it."""
    known = select(func.min(column).label("text")).where(column > "").cte("known", recursive=True)
    following = (
        select(func.min(column)).where(column > known.c.text).correlate(known).scalar_subquery()
    )
    known = known.union_all(select(following).where(known.c.text.is_not(None)))
    query = select(known.c.text).where(known.c.text.is_not(None))
    yield from session.scalars(query.limit(most))


def usual_class(make: str, model: str) -> VehicleClass | None:
    """The class of the last car of this make and model; None while nobody has said one."""
    if not make.strip() or not model.strip():
        return None
    query = select(Vehicle.vehicle_class).where(
        func.lower(Vehicle.make) == make.strip().lower(),
        func.lower(Vehicle.model) == model.strip().lower(),
        Vehicle.vehicle_class.is_not(None),
    )
    return session.scalar(query.order_by(Vehicle.id.desc()).limit(1))
