"""What the odometer showed, and how a mistyped mileage is put right.

Readings are append-only: a correction is a further row that names the one it replaces. What counts
is the end of each such chain, at the time of its beginning; a withdrawn reading counts no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from workshop import db
from workshop.customers import queries
from workshop.customers.models import OdometerReading, Vehicle
from workshop.db import session
from workshop.errors import N_, Conflict, Invalid, NotFound, RuleBroken
from workshop.staff.models import User

MOST_KM = 2_000_000


@dataclass(frozen=True)
class Reading:
    """A mileage that counts: `row` says it, `first` is the row that was written at the time."""

    first: OdometerReading
    row: OdometerReading

    @property
    def id(self) -> int:
        return self.row.id

    @property
    def at(self) -> datetime:
        """When the odometer was read."""
        return self.first.at

    @property
    def km(self) -> int:
        return self.row.mileage_km

    @property
    def replaced(self) -> bool:
        """Whether another odometer was in the car from this reading on."""
        return self.row.replaced

    @property
    def is_corrected(self) -> bool:
        return self.row is not self.first

    @property
    def order_id(self) -> int | None:
        """The order under which it was read; None for what was read before that was kept."""
        return self.first.order_id


def list_readings(vehicle: Vehicle) -> list[Reading]:
    """The readings that count, the oldest first."""
    records = queries.list_records_of(vehicle)
    query = select(OdometerReading).where(OdometerReading.vehicle_id.in_(records))
    rows = list(session.scalars(query.order_by(OdometerReading.id)))
    corrected = {row.corrects_id: row for row in rows if row.corrects_id is not None}
    found = [Reading(row, _end(row, corrected)) for row in rows if row.corrects_id is None]
    return sorted(
        (each for each in found if not each.row.is_withdrawn),
        key=lambda each: (each.at, each.first.id),
    )


def _end(row: OdometerReading, corrected: dict[int, OdometerReading]) -> OdometerReading:
    while row.id in corrected:
        row = corrected[row.id]
    return row


def get_reading(vehicle: Vehicle, reading_id: int) -> Reading:
    """A reading that counts; raises NotFound, and Conflict when it was corrected meanwhile."""
    readings = list_readings(vehicle)
    found = next((each for each in readings if each.id == reading_id), None)
    if found is not None:
        return found
    row = session.get(OdometerReading, reading_id)
    if row is None or row.vehicle_id != vehicle.id:
        raise NotFound(N_("There is no such reading of this car."))
    raise Conflict(N_("Somebody else has corrected this reading meanwhile. Look at it again."))


def correct(
    vehicle: Vehicle,
    reading: Reading,
    km: int | None,
    reason: str,
    *,
    replaced: bool = False,
    by: User,
    at: datetime,
) -> None:
    """Replace a mistyped mileage in km; None withdraws it, as it was never read at this car.

    Raises Invalid without a reason or for an impossible figure, Conflict when somebody was
    quicker, RuleBroken when it does not lie between the readings before and after it.
    """
    if not reason.strip():
        raise Invalid(N_("Say what was wrong with the mileage."), field="reason")
    db.lock("odometer", vehicle.id)
    reading = get_reading(vehicle, reading.id)
    if km is not None:
        _require_between(vehicle, reading, km, replaced)
    session.add(
        OdometerReading(
            vehicle_id=vehicle.id,
            mileage_km=reading.km if km is None else km,
            at=at,
            by_id=by.id,
            replaced=replaced,
            order_id=reading.order_id,
            corrects_id=reading.id,
            is_withdrawn=km is None,
            reason=reason.strip()[:200],
        )
    )
    session.flush()
    settle(vehicle)


def _require_between(vehicle: Vehicle, reading: Reading, km: int, replaced: bool) -> None:
    if not 0 <= km <= MOST_KM:
        raise Invalid(
            N_("A mileage lies between 0 and %(most)s km."), field="mileage_km", most=MOST_KM
        )
    readings = list_readings(vehicle)
    place = next(n for n, each in enumerate(readings) if each.id == reading.id)
    before = readings[place - 1].km if place and not replaced else 0
    after = readings[place + 1 : place + 2]
    most = after[0].km if after and not after[0].replaced else MOST_KM
    if not before <= km <= most:
        raise RuleBroken(
            N_("At that time the mileage lay between %(least)s and %(most)s km."),
            field="mileage_km",
            code="mileage_between",
            least=before,
            most=most,
        )


def settle(vehicle: Vehicle) -> None:
    """Let the vehicle's mileage be the newest reading that counts, or none."""
    readings = list_readings(vehicle)
    vehicle.mileage_km = readings[-1].km if readings else None
    session.flush()


def withdraw_of_order(
    order_id: int, vehicle: Vehicle, reason: str, *, by: User, at: datetime
) -> int:
    """Withdraw what was read under an order that was opened by mistake; gives how many."""
    wrong = [each for each in list_readings(vehicle) if each.order_id == order_id]
    for reading in wrong:
        correct(vehicle, reading, None, reason, by=by, at=at)
    return len(wrong)
