"""The odometer at the reception: it never falls, and what was misread is corrected."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from workshop.customers import mileage
from workshop.customers import service as customers
from workshop.db import session
from workshop.errors import N_, Invalid, RuleBroken, Way
from workshop.orders.models import RepairOrder
from workshop.staff import audit
from workshop.staff.models import User
from workshop.steps.reception import rules
from workshop.steps.reception.models import Walkaround


def read(
    order: RepairOrder,
    walkaround: Walkaround,
    km: int,
    replaced: bool,
    correction_reason: str,
    *,
    by: User,
    at: datetime,
) -> None:
    """Note the mileage; what was misread in this reception is corrected with a reason."""
    wrong = order.mileage_km
    rules.check_mileage(km)
    if wrong is not None and km < wrong and not replaced:
        _require_correction(order, walkaround, km, correction_reason)
        reading = _find_reading(order, wrong)
        if reading is not None:
            mileage.correct(order.vehicle, reading, km, correction_reason, by=by, at=at)
        told = {"old": wrong, "new": km, "reason": correction_reason.strip()}
        audit.write(by, "reception.correct_mileage", order, at, **told)
    else:
        customers.record_mileage(
            order.vehicle, km, replaced=replaced, by=by, at=at, order_id=order.id
        )
    order.mileage_km = km
    walkaround.odometer_replaced = replaced


def read_by_battery(order: RepairOrder, km: int, replaced: bool) -> None:
    """Note the second odometer of a plug-in hybrid; it never falls unless it was replaced.

    What was misread in this reception may be put right down to what the visit before showed.
    Raises Invalid or RuleBroken at `ev_km`.
    """
    vehicle = order.vehicle
    if not 0 <= km <= mileage.MOST_KM:
        raise Invalid(
            N_("A mileage lies between 0 and %(most)s km."), field="ev_km", most=mileage.MOST_KM
        )
    last = vehicle.ev_km if order.ev_km is None else _before(order)
    if last is not None and km < last and not replaced:
        raise RuleBroken(
            N_("The mileage %(new)s km is below the last one, %(old)s km."),
            field="ev_km",
            code="mileage_falls",
            new=km,
            old=last,
        )
    order.ev_km = vehicle.ev_km = km


def _before(order: RepairOrder) -> int | None:
    """What the visit before this one read by battery."""
    query = select(RepairOrder.ev_km).where(
        RepairOrder.vehicle_id == order.vehicle_id,
        RepairOrder.id < order.id,
        RepairOrder.ev_km.is_not(None),
    )
    return session.scalar(query.order_by(RepairOrder.id.desc()).limit(1))


def _find_reading(order: RepairOrder, km: int) -> mileage.Reading | None:
    readings = reversed(mileage.list_readings(order.vehicle))
    return next((each for each in readings if each.km == km), None)


def _require_correction(order: RepairOrder, walkaround: Walkaround, km: int, reason: str) -> None:
    lowest = walkaround.previous_km or 0
    if km < lowest:
        raise RuleBroken(
            N_("The mileage %(new)s km is below the last one, %(old)s km."),
            field="mileage_km",
            code="mileage_falls",
            way=Way(
                "handover.mileages",
                N_("Put a mileage right"),
                {"vehicle_id": order.vehicle_id},
            ),
            new=km,
            old=lowest,
        )
    if not reason.strip():
        raise RuleBroken(
            N_("%(old)s km were read before. Say why it is %(new)s km now."),
            field="correction_reason",
            code="mileage_falls",
            new=km,
            old=order.mileage_km,
        )
