"""Which cars the shop knows, looked up for many rows at once: by VIN and by plate."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from workshop.customers.models import Customer, OdometerReading, Vehicle
from workshop.db import session
from workshop.setup.imports.bulk import MOST_KEYS, portions


@dataclass(frozen=True)
class Car:
    """A car as the shop has it, or as an earlier line of the file makes it (id None, its ref)."""

    id: int | None
    plate: str | None
    vin: str | None
    owner: Any = None
    owner_name: str = ""
    ref: str = ""
    line: int = 0
    values: dict[str, Any] = field(default_factory=dict)
    last_read_at: datetime | None = None

    @property
    def mileage_km(self) -> int | None:
        """What its odometer showed last."""
        found: int | None = self.values.get("mileage_km")
        return found


class Cars:
    """The cars that some rows may mean."""

    def __init__(self) -> None:
        self.by_vin: dict[str, Car] = {}
        self.by_plate: dict[str, Car] = {}

    def add(self, car: Car) -> None:
        """One more, of an earlier line of the file; the first of two counts."""
        if car.vin:
            self.by_vin.setdefault(car.vin, car)
        if car.plate:
            self.by_plate.setdefault(car.plate, car)


_FIELDS = (
    "make", "model", "colour", "energy", "engine_no", "first_registered_on", "mileage_km",
    "next_due_on", "next_due_km", "vehicle_class", "ev_km", "model_year", "inspection_due_on",
    "insurance_due_on",
)  # fmt: skip


def look_up(vins: Collection[str], plates: Collection[str]) -> Cars:
    """The cars with one of these VINs or plates."""
    found: dict[int, Car] = {}
    for column, values in ((Vehicle.vin, vins), (Vehicle.plate, plates)):
        for some in portions(sorted(values), MOST_KEYS):
            query = (
                select(
                    Vehicle.id, Vehicle.plate, Vehicle.vin, Customer.id, Customer.name,
                    *(getattr(Vehicle, name) for name in _FIELDS),
                )
                .join(Customer, Customer.id == Vehicle.customer_id)
                .where(column.in_(some), Vehicle.merged_into_id.is_(None))
            )  # fmt: skip
            for row in session.execute(query):
                known = dict(zip(_FIELDS, row[5:], strict=True))
                found[row[0]] = Car(row[0], row[1], row[2], row[3], row[4], values=known)
    read = _last_read(list(found))
    cars = Cars()
    for car_id, car in found.items():
        cars.add(replace(car, last_read_at=read.get(car_id)))
    return cars


def _last_read(ids: list[int]) -> dict[int, datetime]:
    """When the odometer of each car was read last."""
    found: dict[int, datetime] = {}
    for some in portions(ids, MOST_KEYS):
        query = (
            select(OdometerReading.vehicle_id, func.max(OdometerReading.at))
            .where(OdometerReading.vehicle_id.in_(some))
            .group_by(OdometerReading.vehicle_id)
        )
        found |= {row[0]: row[1] for row in session.execute(query)}
    return found


def usual_classes() -> dict[tuple[str, str], Any]:
    """The class that the last car of each make and model has, by both in small letters."""
    query = (
        select(Vehicle.make, Vehicle.model, Vehicle.vehicle_class)
        .where(Vehicle.vehicle_class.is_not(None), Vehicle.make != "", Vehicle.model != "")
        .group_by(Vehicle.make, Vehicle.model, Vehicle.vehicle_class)
        .order_by(func.max(Vehicle.id))
    )
    return {(make.lower(), model.lower()): of for make, model, of in session.execute(query)}
