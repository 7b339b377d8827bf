"""A vehicle's past: visits, deferred work, and whether this visit repeats an earlier one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import select

from workshop.customers.models import Vehicle
from workshop.db import session
from workshop.orders import guarantees
from workshop.orders.flow import Stage
from workshop.orders.models import DeferredWork, Guarantee, Job, JobState, RepairOrder, Urgency


@dataclass(frozen=True)
class RepeatFinding:
    """An earlier visit that this one may repeat.

    `days` since its delivery, `km` driven since (None while the mileage is not read), and whether
    our guarantee for it is still in force.
    """

    order: RepairOrder
    days: int
    km: int | None
    in_guarantee: bool


def find_repeat(vehicle: Vehicle, at: datetime, within_days: int) -> RepeatFinding | None:
    """The newest visit that a visit at `at` may repeat: within the days, or within guarantee.

    Only visits at which something was repaired count. An order still in the shop is none. The
    vehicle's last mileage decides on guarantees by km (domain.md R1–R5, P17, step 2).
    """
    for order in _list_repaired(vehicle, at):
        assert order.delivered_at is not None  # The query asked for it.
        days = (at - order.delivered_at).days
        in_guarantee = _has_guarantee(order, vehicle, at)
        if days <= within_days or in_guarantee:
            return RepeatFinding(order, days, _km_since(order, vehicle), in_guarantee)
    return None


def _list_repaired(vehicle: Vehicle, at: datetime) -> list[RepairOrder]:
    repaired = sa.or_(
        select(Job.id).where(Job.order_id == RepairOrder.id, Job.state == JobState.DONE).exists(),
        select(Guarantee.id).where(Guarantee.order_id == RepairOrder.id).exists(),
    )
    query = (
        select(RepairOrder)
        .where(RepairOrder.vehicle_id == vehicle.id, RepairOrder.delivered_at <= at, repaired)
        .order_by(RepairOrder.delivered_at.desc(), RepairOrder.id.desc())
    )
    return list(session.scalars(query))


def _has_guarantee(order: RepairOrder, vehicle: Vehicle, at: datetime) -> bool:
    day = _local_day(order, at)
    in_force = guarantees.list_in_force(vehicle, day, vehicle.mileage_km)
    return any(guarantee.order_id == order.id for guarantee in in_force)


def _local_day(order: RepairOrder, at: datetime) -> date:
    return at.astimezone(ZoneInfo(order.branch.zone)).date()


def _km_since(order: RepairOrder, vehicle: Vehicle) -> int | None:
    if order.mileage_km is None or vehicle.mileage_km is None:
        return None
    return max(0, vehicle.mileage_km - order.mileage_km)


def list_visits(vehicle: Vehicle, limit: int = 20) -> list[RepairOrder]:
    """The vehicle's repair orders, newest first; cancelled ones were no visit."""
    query = (
        select(RepairOrder)
        .where(RepairOrder.vehicle_id == vehicle.id, RepairOrder.stage != Stage.CANCELLED)
        .order_by(RepairOrder.arrived_at.desc(), RepairOrder.id.desc())
        .limit(limit)
    )
    return list(session.scalars(query))


def list_deferred(vehicle: Vehicle) -> list[DeferredWork]:
    """Work that was recommended, declined and not sold since: urgent first, then the oldest."""
    query = select(DeferredWork).where(
        DeferredWork.vehicle_id == vehicle.id, DeferredWork.sold_order_id.is_(None)
    )
    found = session.scalars(query.order_by(DeferredWork.noted_at, DeferredWork.id))
    return sorted(found, key=lambda deferred: deferred.urgency is not Urgency.RED)


def add_deferred(
    order: RepairOrder,
    *,
    title: str,
    urgency: Urgency,
    reason: str,
    price_fen: int,
    operation_id: int | None,
    at: datetime,
) -> DeferredWork:
    """Keep what the customer declined, with its price in fen, for the next visit (step 3)."""
    deferred = DeferredWork(
        vehicle_id=order.vehicle_id,
        order_id=order.id,
        operation_id=operation_id,
        title=title,
        urgency=urgency,
        reason=reason,
        price_fen=price_fen,
        noted_at=at,
    )
    session.add(deferred)
    session.flush()
    return deferred


def mark_sold(deferred: DeferredWork, order: RepairOrder) -> None:
    """The deferred work is done under this order now; it is offered no more."""
    deferred.sold_order_id = order.id


def reopen_sold(order: RepairOrder) -> None:
    """The order will not be carried out: what it had taken up is deferred again."""
    query = sa.update(DeferredWork).where(DeferredWork.sold_order_id == order.id)
    session.execute(query.values(sold_order_id=None))
