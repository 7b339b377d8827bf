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
    return kept or _today(order, signed_at)


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
    )
