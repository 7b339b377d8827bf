"""Reading the visits of an old system."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from workshop.customers.models import Vehicle
from workshop.db import session
from workshop.orders.past.models import PastVisit


def list_past(vehicle: Vehicle, limit: int = 50) -> list[PastVisit]:
    """The vehicle's visits of before, the newest first, with their lines."""
    query = (
        select(PastVisit)
        .where(PastVisit.vehicle_id == vehicle.id)
        .order_by(PastVisit.arrived_at.desc(), PastVisit.id.desc())
        .limit(limit)
        .options(selectinload(PastVisit.lines))
    )
    return list(session.scalars(query))
