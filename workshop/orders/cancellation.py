"""Cancelling an order that will not be carried out. Nothing is deleted; the number stays used."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import select

from workshop.allocation import service as allocations
from workshop.capacity import service as capacity
from workshop.capacity.models import TakeSource
from workshop.db import session
from workshop.errors import N_, Invalid, Missing, require
from workshop.orders import history
from workshop.orders import service as orders
from workshop.orders.flow import Action, Stage, permits
from workshop.orders.models import Job, JobState, RepairOrder
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.stock import service as stock
from workshop.stock.models import StockEntry


def missing_to_cancel(order: RepairOrder) -> list[Missing]:
    """What forbids the cancellation: parts that are out, work that has begun, money that is due.

    Source: domain.md step 8, the guards before an order is voided.
    """
    missing = []
    if not permits(order.stage, Action.CANCEL):
        missing.append(
            Missing(
                N_("An order that is “%(stage)s” cannot be cancelled any more."),
                "stage",
                {"stage": order.stage},
            )
        )
    if _has_started(order):
        missing.append(Missing(N_("Work has begun on this car. Finish or settle it."), "started"))
    if _has_parts_out(order):
        missing.append(
            Missing(N_("Parts are issued for this order. Have them returned first."), "parts_out")
        )
    return missing


def cancel_order(order: RepairOrder, reason: str, *, by: User, at: datetime) -> None:
    """Cancel with a reason; what the order held — parts, time, deferred work — is free again.

    Raises NotAllowed without the right, Invalid without a reason, RuleBroken when parts are
    issued or work has begun.
    """
    staff.require_permission(by, Permission.CANCEL_ORDER)
    if not reason.strip():
        raise Invalid(N_("Say why the order is cancelled."), field="reason")
    orders.lock(order)
    require(missing_to_cancel(order))
    for job in session.scalars(select(Job).where(Job.order_id == order.id)):
        job.state = JobState.CANCELLED
        _free_time(job, by, at)
    stock.release_all(order.id, by=by, at=at)
    history.reopen_sold(order)
    order.move_to(Stage.CANCELLED, by, at, reason.strip())
    audit.write(by, "orders.cancel", order, at, reason=reason.strip())


def _has_started(order: RepairOrder) -> bool:
    query = select(Job.id).where(Job.order_id == order.id, Job.started_at.is_not(None)).limit(1)
    return session.scalar(query) is not None


def _has_parts_out(order: RepairOrder) -> bool:
    # Issues are negative in the ledger and returns positive, part by part.
    query = (
        select(StockEntry.part_id)
        .where(StockEntry.order_id == order.id)
        .group_by(StockEntry.part_id)
        .having(sa.func.sum(StockEntry.quantity_milli) < 0)
    )
    return session.scalars(query).first() is not None


def _free_time(job: Job, by: User, at: datetime) -> None:
    planned = allocations.find_live(job.id)
    if planned is not None:
        allocations.cancel(planned, by=by, at=at)
    capacity.release(TakeSource.JOB, job.id, at=at)
