"""Plate, VIN and names of an order as they stood when its papers were signed.

Later they may be put right, change or move; what somebody signed keeps saying what it said. So do
the departure sheet and the gate pass, which leave the house with the customer.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from workshop.db import session
from workshop.orders.models import RepairOrder
from workshop.orders.signed.models import SignedNames

_KEPT_FIRST = (
    *("plate", "vin", "title", "customer_name", "customer_phone"),
    *("bringer_name", "bringer_phone"),
)


def keep(order: RepairOrder, at: datetime) -> None:
    """Keep what the car and its people are called at the minute in which a paper is issued."""
    session.add(_today(order, at))
    session.flush()


def stood(order: RepairOrder, signed_at: datetime | None) -> SignedNames:
    """What a paper that was signed then says; today's names for one that is not signed.

    Papers that were signed before names were kept say today's, too.
    """
    if signed_at is None:
        return _today(order, order.created_at)
    query = select(SignedNames).where(SignedNames.order_id == order.id, SignedNames.at <= signed_at)
    kept = session.scalar(query.order_by(SignedNames.at.desc(), SignedNames.id.desc()).limit(1))
    if kept is None or kept.advisor_name is not None:
        return kept or _today(order, signed_at)
    return _with_todays(kept, order)


def _today(order: RepairOrder, at: datetime) -> SignedNames:
    car, customer = order.vehicle, order.customer
    return SignedNames(
        order_id=order.id,
        at=at,
        plate=car.plate,
        vin=car.vin,
        title=car.title,
        customer_name=customer.name,
        customer_phone=customer.phone,
        bringer_name=order.bringer_name,
        bringer_phone=order.bringer_phone,
        advisor_name=order.advisor.display_name,
        engine_no=car.engine_no,
        mileage_km=order.mileage_km,
        car_km=car.mileage_km,
        promised_at=order.promised_at,
        stays=order.stays,
    )


def _with_todays(kept: SignedNames, order: RepairOrder) -> SignedNames:
    """What was kept of an older paper; the rest as it stands today."""
    today = _today(order, kept.at)
    for name in _KEPT_FIRST:
        setattr(today, name, getattr(kept, name))
    return today
