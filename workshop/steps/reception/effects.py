"""What the reception wrote outside the order."""

from __future__ import annotations

from datetime import datetime

from workshop.customers import mileage
from workshop.db import session
from workshop.errors import N_
from workshop.orders.effects import Effect
from workshop.orders.models import RepairOrder
from workshop.staff.models import User
from workshop.steps.reception import queries


def list_of_order(order: RepairOrder) -> list[Effect]:
    """The mileage that was read at this visit."""
    return [
        _reading(order, each)
        for each in mileage.list_readings(order.vehicle)
        if each.order_id == order.id
    ]


def _reading(order: RepairOrder, reading: mileage.Reading) -> Effect:
    def withdraw(by: User, at: datetime) -> None:
        vehicle = order.vehicle
        mileage.correct(vehicle, reading, None, order.no, by=by, at=at)
        walkaround = queries.find_walkaround(order)
        if vehicle.mileage_km is None and walkaround is not None:
            # Known before mileages were kept one by one.
            vehicle.mileage_km = walkaround.previous_km
        session.flush()

    words = N_("The mileage %(km)s km counts no more for the car.")
    return Effect(words, {"km": f"{reading.km:,}"}, withdraw)
