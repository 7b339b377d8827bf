"""What we answer for after a repair: from which day and mileage to which, and what is in force."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from workshop.catalogue.models import GuaranteeClass
from workshop.customers.models import Vehicle
from workshop.db import session
from workshop.orders.models import Guarantee, RepairOrder


def add(
    order: RepairOrder,
    title: str,
    guarantee_class: GuaranteeClass,
    starts_on: date,
    start_km: int,
) -> Guarantee:
    """Answer for a repair from the day it left: its class's days and km (R1–R3, R5, R9)."""
    end = guarantee_class.end_after(starts_on, start_km)
    guarantee = Guarantee(
        vehicle_id=order.vehicle_id,
        order_id=order.id,
        title=title,
        guarantee_class=guarantee_class,
        starts_on=starts_on,
        start_km=start_km,
        ends_on=end.on,
        end_km=end.km,
    )
    session.add(guarantee)
    session.flush()
    return guarantee


def list_in_force(vehicle: Vehicle, on: date, km: int | None) -> list[Guarantee]:
    """The guarantees in force on a day at a mileage; whichever of both ends first ends it.

    Without a mileage only the days decide. The soonest to end comes first.
    """
    query = select(Guarantee).where(
        Guarantee.vehicle_id == vehicle.id, Guarantee.starts_on <= on, Guarantee.ends_on >= on
    )
    if km is not None:
        query = query.where(Guarantee.end_km >= km)
    return list(session.scalars(query.order_by(Guarantee.ends_on, Guarantee.id)))
