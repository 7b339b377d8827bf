"""An arrival or a reception that was a mistake is taken back while nothing was signed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from workshop.customers import mileage
from workshop.db import session
from workshop.errors import N_, Invalid, require
from workshop.orders import cancellation
from workshop.orders import service as orders
from workshop.orders.models import RepairOrder
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.booking import queries as bookings
from workshop.steps.booking import service as booking
from workshop.steps.reception import gates, queries
from workshop.steps.reception.models import WalkIn


def take_back(order: RepairOrder, reason: str, *, by: User, at: datetime) -> None:
    """The car was received by mistake: all that this began is as it was before.

    The order is cancelled and keeps its number; the appointment is expected again, a walk-in waits
    again, and the mileage that was read counts no more. Raises Invalid without a reason,
    RuleBroken once the customer has signed.
    """
    staff.require_permission(by, Permission.RECEIVE)
    if not reason.strip():
        raise Invalid(N_("Say why the reception is taken back."), field="reason")
    orders.lock(order)
    require(gates.missing_to_take_back(order))
    cancellation.cancel_order(order, reason, by=by, at=at)
    _forget_mileage(order, reason, by, at)
    appointment = bookings.find_by_order(order)
    if appointment is not None:
        booking.take_back_arrival(appointment, reason, by=by, at=at)
    walk_in = session.scalars(select(WalkIn).where(WalkIn.order_id == order.id)).one_or_none()
    if walk_in is not None:
        walk_in.order_id = None
    session.flush()


def _forget_mileage(order: RepairOrder, reason: str, by: User, at: datetime) -> None:
    vehicle, sheet = order.vehicle, queries.find_walkaround(order)
    mileage.withdraw_of_order(order.id, vehicle, reason, by=by, at=at)
    if vehicle.mileage_km is None and sheet is not None:
        # An imported car has a mileage without a reading.
        vehicle.mileage_km = sheet.previous_km
    order.mileage_km = None
