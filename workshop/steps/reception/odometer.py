"""The odometer at the reception: it never falls, and what was misread is corrected."""

from __future__ import annotations

from datetime import datetime

from workshop.customers import mileage
from workshop.customers import service as customers
from workshop.errors import N_, RuleBroken, Way
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
