"""What is written for a car: a new one, or what a row says otherwise of one that is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from workshop.customers.models import EnergyType
from workshop.errors import N_
from workshop.setup.imports.kind import AT, BY, Difference, Note, Put, Ref, Row, Set
from workshop.setup.imports.kinds.cars import Car
from workshop.setup.imports.kinds.vehicle_columns import COLUMNS
from workshop.sheets import Words

_LABELS = {each.key: each.label for each in COLUMNS}
_PLAIN = (
    "make", "model", "colour", "energy", "engine_no", "first_registered_on", "next_due_on",
    "next_due_km", "vehicle_class", "ev_km", "model_year", "inspection_due_on", "insurance_due_on",
)  # fmt: skip
Classes = Mapping[tuple[str, str], Any]


def ref_of(row: Row, plate: str | None) -> str:
    """What stands for the car that a row makes; a row with two plates makes two."""
    return f"vehicle:{row.line}:{plate or ''}"


def make(
    row: Row, plate: str | None, vin: str | None, owner: int | Ref, zone: str, classes: Classes
) -> tuple[Put, ...]:
    """The rows that a new car is made of."""
    ref, km = ref_of(row, plate), row.get("mileage_km")
    size = classes.get((row.get("make", "").lower(), row.get("model", "").lower()))
    made = Put(
        "vehicle",
        {
            "customer_id": owner,
            "plate": plate,
            "vin": vin,
            "make": row.get("make", ""),
            "model": row.get("model", ""),
            "colour": row.get("colour", ""),
            "energy": row.get("energy", EnergyType.FUEL),
            "vehicle_class": row.get("vehicle_class", size),
            "engine_no": row.get("engine_no", ""),
            "first_registered_on": row.get("first_registered_on"),
            "model_year": row.get("model_year"),
            "inspection_due_on": row.get("inspection_due_on"),
            "insurance_due_on": row.get("insurance_due_on"),
            "mileage_km": km,
            "ev_km": row.get("ev_km"),
            "next_due_on": row.get("next_due_on"),
            "next_due_km": row.get("next_due_km"),
            "created_at": AT,
        },
        ref=ref,
    )
    return (made,) if km is None else (made, _reading(row, Ref(ref), Ref(ref), km, zone))


def _reading(
    row: Row, vehicle: int | Ref, part_of: Ref | tuple[str, int], km: int, zone: str
) -> Put:
    on: date | None = row.get("mileage_on")
    return Put(
        "odometer_reading",
        {
            "vehicle_id": vehicle,
            "mileage_km": km,
            "at": _noon(on, zone) if on else AT,
            "by_id": BY,
            "replaced": False,
            "is_withdrawn": False,
            "reason": "",
        },
        part_of=part_of,
    )


def _noon(day: date, zone: str) -> datetime:
    """Files know the day only; the middle of it is right within half a day."""
    return datetime.combine(day, time(12), tzinfo=ZoneInfo(zone)).astimezone(UTC)


@dataclass
class Changes:
    """What becomes another one of a car that is known."""

    car: Car
    values: dict[str, Any] = field(default_factory=dict)
    puts: list[Put] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def set(self, column: str, label: str, before: Any, after: Any) -> None:
        """The column gets another value."""
        self.values[column] = after
        self.differences.append(Difference(label, before, after))

    @property
    def own(self) -> tuple[str, int]:
        assert self.car.id is not None
        return "vehicle", self.car.id

    @property
    def plan(self) -> tuple[Put | Set, ...]:
        """All that is written."""
        changed = (Set(*self.own, dict(self.values)),) if self.values else ()
        return (*changed, *self.puts)


def compare(row: Row, car: Car, zone: str) -> Changes:
    """What the row says otherwise of the car, but for its plate and its owner."""
    found = Changes(car)
    for column, after in _said(row):
        before = car.values[column]
        if after != before:
            found.set(column, _LABELS[column], before or None, after)
    vin = row.get("vin")
    if vin and not car.vin:
        found.set("vin", _LABELS["vin"], None, vin)
    _compare_mileage(row, found, zone)
    return found


def _said(row: Row) -> Iterator[tuple[str, Any]]:
    for column in _PLAIN:
        value = row.get(column)
        if value is not None and value != "":
            yield column, value


def _compare_mileage(row: Row, found: Changes, zone: str) -> None:
    """A higher mileage is a further reading; a lower one is told, and left."""
    km, last, on = row.get("mileage_km"), found.car.mileage_km, row.get("mileage_on")
    if km is None or km == last:
        return
    if last is not None and km < last:
        words = N_("%(km)s km is less than the %(last)s km known here; the mileage is left.")
        found.notes.append(Note(Words(words, {"km": km, "last": last}), "mileage_km"))
        return
    read_at = found.car.last_read_at
    if on is not None and read_at is not None and _noon(on, zone) < read_at:
        words = N_("%(km)s km was read before the last %(last)s km known here; it is left.")
        found.notes.append(Note(Words(words, {"km": km, "last": last}), "mileage_km"))
        return
    found.set("mileage_km", _LABELS["mileage_km"], last, km)
    found.puts.append(_reading(row, found.own[1], found.own, km, zone))


def give_plate(found: Changes, plate: str) -> None:
    """The car has another plate from now on; the old one stays in its history."""
    if found.car.plate:
        found.puts.append(_former(found.own, found.car.plate))
    found.set("plate", _LABELS["plate"], found.car.plate, plate)


def lose_plate(car: Car) -> tuple[Put | Set, ...]:
    """The plate is on another car now."""
    assert car.id is not None
    assert car.plate is not None
    return Set("vehicle", car.id, {"plate": None}), _former(("vehicle", car.id), car.plate)


def _former(vehicle: tuple[str, int], plate: str) -> Put:
    values = {"vehicle_id": vehicle[1], "plate": plate, "until": AT, "by_id": BY}
    return Put("plate_change", values, part_of=vehicle)


def give_owner(found: Changes, owner: int | Ref, name: str) -> None:
    """The car belongs to somebody else from now on; whose it was stays in its history."""
    found.values["customer_id"] = owner
    found.differences.append(Difference(N_("Owner"), found.car.owner_name, name))
    values = {
        "vehicle_id": found.own[1],
        "owner_id": found.car.owner,
        "until": AT,
        "by_id": BY,
    }
    found.puts.append(Put("owner_change", values, part_of=found.own))
