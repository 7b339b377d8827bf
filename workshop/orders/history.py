"""A vehicle's past: visits, deferred work, and whether this visit repeats an earlier one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import select

from workshop.customers.models import Vehicle
from workshop.db import session
from workshop.orders import guarantees
from workshop.orders.flow import Stage
from workshop.orders.models import DeferredWork, Guarantee, Job, JobState, RepairOrder, Urgency
from workshop.orders.past.models import PastVisit
from workshop.orders.past.queries import list_past
from workshop.shop.models import Branch

Visit = RepairOrder | PastVisit


@dataclass(frozen=True)
class RepeatFinding:
    """An earlier visit that this one may repeat.

    `days` since its delivery, `km` driven since (None while the mileage is not read), and whether
    our guarantee for it is still in force. `order` is None for a visit that an old system kept.
    """

    order: RepairOrder | None
    days: int
    km: int | None
    in_guarantee: bool
    past: PastVisit | None = None

    @property
    def no(self) -> str:
        """The number of the order, here or in the old system."""
        visit = self.order or self.past
        return visit.no if visit else ""

    @property
    def about(self) -> str:
        """What the customer said then; of an old system's visit, what was done."""
        if self.past is not None:
            return "、".join(self.past.titles)
        return self.order.concern if self.order else ""


def find_repeat(vehicle: Vehicle, at: datetime, within_days: int) -> RepeatFinding | None:
    """The newest visit that a visit at `at` may repeat: within the days, or within guarantee.

    Only visits at which something was repaired count. An order still in the shop is none. The
    vehicle's last mileage decides on guarantees by km (domain.md R1–R5, P17, step 2).
    """
    visits: list[Visit] = [*_list_repaired(vehicle, at), *_list_past(vehicle, at)]
    for visit in sorted(visits, key=_left, reverse=True):
        days = (at - _left(visit)).days
        in_guarantee = _has_guarantee(visit, vehicle, at)
        if days <= within_days or in_guarantee:
            order = visit if isinstance(visit, RepairOrder) else None
            past = visit if isinstance(visit, PastVisit) else None
            return RepeatFinding(order, days, _km_since(visit, vehicle), in_guarantee, past)
    return None


def _left(visit: Visit) -> datetime:
    """When the car left; an old system may know only when it came."""
    if isinstance(visit, PastVisit):
        return visit.left_at or visit.arrived_at
    assert visit.delivered_at is not None  # The query asked for it.
    return visit.delivered_at


def _list_past(vehicle: Vehicle, at: datetime) -> list[PastVisit]:
    return [each for each in list_past(vehicle) if each.done and _left(each) <= at]


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


def _has_guarantee(visit: Visit, vehicle: Vehicle, at: datetime) -> bool:
    branch = session.get_one(Branch, visit.branch_id)
    day = at.astimezone(ZoneInfo(branch.zone)).date()
    in_force = guarantees.list_in_force(vehicle, day, vehicle.mileage_km)
    if isinstance(visit, PastVisit):
        return any(guarantee.past_visit_id == visit.id for guarantee in in_force)
    return any(guarantee.order_id == visit.id for guarantee in in_force)


def _km_since(visit: Visit, vehicle: Vehicle) -> int | None:
    if visit.mileage_km is None or vehicle.mileage_km is None:
        return None
    return max(0, vehicle.mileage_km - visit.mileage_km)


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
    price_fen: int | None,
    operation_id: int | None,
    at: datetime,
) -> DeferredWork:
    """Keep what the customer declined, with its price if known, for the next visit (step 3)."""
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
