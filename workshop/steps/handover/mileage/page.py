"""The mileages of a car, with the orders that stand on each."""

from __future__ import annotations

from dataclasses import dataclass

from workshop.customers import mileage
from workshop.customers.mileage import Reading
from workshop.customers.models import Vehicle
from workshop.orders.models import RepairOrder
from workshop.steps.handover.mileage import correcting
from workshop.steps.handover.mileage.forms import MileageForm


@dataclass(frozen=True)
class Row:
    """A reading that counts, the orders on it, and the form that corrects it."""

    reading: Reading
    orders: list[RepairOrder]
    form: MileageForm
    is_refused: bool


def list_rows(vehicle: Vehicle, refused: dict[int, MileageForm]) -> list[Row]:
    """The newest first; `refused` is the form that comes back, by its reading."""
    return [
        Row(
            reading,
            correcting.list_orders(vehicle, reading),
            refused.get(reading.id) or MileageForm(formdata=None, replaced=reading.replaced),
            reading.id in refused,
        )
        for reading in reversed(mileage.list_readings(vehicle))
    ]
