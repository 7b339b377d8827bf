"""A mistyped mileage is put right with all that was computed from it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from workshop.customers import mileage
from workshop.customers.mileage import Reading
from workshop.customers.models import Vehicle
from workshop.db import session
from workshop.errors import N_, RuleBroken, Way
from workshop.orders.flow import Action, Stage, permits
from workshop.orders.models import Guarantee, RepairOrder
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.handover import queries
from workshop.steps.reception.models import Walkaround


def correct(
    vehicle: Vehicle,
    reading_id: int,
    km: int | None,
    reason: str,
    *,
    replaced: bool = False,
    by: User,
    at: datetime,
) -> None:
    """Put a mistyped mileage in km right; None takes back one that was never read at this car.

    Orders, guarantees and the next service that were computed from it follow; the wrong figure
    stays in the audit trail alone. Raises what `mileage.correct` raises, and RuleBroken for taking
    back what an order was signed with.
    """
    staff.require_permission(by, Permission.RECEIVE)
    reading = mileage.get_reading(vehicle, reading_id)
    orders, wrong = list_orders(vehicle, reading), reading.km
    if km is None:
        _require_unsigned(orders)
    mileage.correct(vehicle, reading, km, reason, replaced=replaced, by=by, at=at)
    if vehicle.mileage_km is None:
        vehicle.mileage_km = _known_before(orders)
    for order in orders:
        _follow(order, wrong, km, replaced)
        if km is not None:
            _move_due(order, wrong, km)
            _move_guarantees(order, wrong, km)
    if km is not None:
        _move_later(vehicle, reading, wrong, km)
    told = {"old": wrong, "new": km, "reason": reason.strip()}
    numbers = [order.no for order in orders]
    audit.write(by, "customers.correct_mileage", vehicle, at, orders=numbers, **told)
    session.flush()


def list_orders(vehicle: Vehicle, reading: Reading) -> list[RepairOrder]:
    """The orders that a reading stands on; a cancelled one too."""
    query = select(RepairOrder).where(RepairOrder.vehicle_id == vehicle.id)
    if reading.order_id is not None:
        return list(session.scalars(query.where(RepairOrder.id == reading.order_id)))
    during = query.where(RepairOrder.arrived_at <= reading.at)
    newest = session.scalars(during.order_by(RepairOrder.arrived_at.desc()).limit(1)).first()
    return [newest] if newest is not None and newest.mileage_km == reading.km else []


def _require_unsigned(orders: list[RepairOrder]) -> None:
    for order in orders:
        is_open = permits(order.stage, Action.EDIT_RECEPTION)
        if not is_open and order.stage is not Stage.CANCELLED:
            raise RuleBroken(
                N_("Order %(no)s goes on with this mileage. Enter the right one instead."),
                field="mileage_km",
                code="mileage_needed",
                way=Way(
                    "handover.mileages",
                    N_("Put a mileage right"),
                    {"vehicle_id": order.vehicle_id},
                ),
                no=order.no,
            )


def _known_before(orders: list[RepairOrder]) -> int | None:
    """What was known of the car before; an imported car has no reading."""
    ids = [order.id for order in orders]
    query = select(Walkaround.previous_km).where(Walkaround.order_id.in_(ids))
    return next((km for km in session.scalars(query) if km is not None), None)


def _follow(order: RepairOrder, wrong: int, km: int | None, replaced: bool) -> None:
    sheet = session.scalars(select(Walkaround).where(Walkaround.order_id == order.id)).first()
    if order.mileage_km == wrong:
        order.mileage_km = km
        if sheet is not None:
            sheet.odometer_replaced = replaced


def _move_due(order: RepairOrder, wrong: int, km: int) -> None:
    """The next service stays as far ahead as it was agreed; the day was told and stays."""
    record = queries.find_handover(order)
    if record is None or record.mileage_km != wrong:
        return
    record.mileage_km = km
    vehicle, told = order.vehicle, record.next_due_km
    if told is None:
        return
    record.next_due_km = told - wrong + km
    if (vehicle.next_due_on, vehicle.next_due_km) == (record.next_due_on, told):
        vehicle.next_due_km = record.next_due_km


def _move_guarantees(order: RepairOrder, wrong: int, km: int) -> None:
    query = select(Guarantee).where(Guarantee.order_id == order.id, Guarantee.start_km == wrong)
    for guarantee in session.scalars(query):
        end = guarantee.guarantee_class.end_after(guarantee.starts_on, km)
        guarantee.start_km, guarantee.end_km = km, end.km


def _move_later(vehicle: Vehicle, reading: Reading, wrong: int, km: int) -> None:
    """What later visits knew as the last mileage."""
    query = (
        select(Walkaround)
        .join(RepairOrder, RepairOrder.id == Walkaround.order_id)
        .where(
            RepairOrder.vehicle_id == vehicle.id,
            RepairOrder.arrived_at >= reading.at,
            Walkaround.previous_km == wrong,
        )
    )
    for sheet in session.scalars(query):
        sheet.previous_km = km
