"""Cancelling an order that will not be carried out. Nothing is deleted; the number stays used."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from workshop.allocation import service as allocations
from workshop.capacity import service as capacity
from workshop.capacity.models import TakeSource
from workshop.db import session
from workshop.errors import N_, Invalid, require
from workshop.orders import gates, history
from workshop.orders import service as orders
from workshop.orders.flow import Stage
from workshop.orders.models import Job, JobState, RepairOrder
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.stock import service as stock


def cancel_order(order: RepairOrder, reason: str, *, by: User, at: datetime) -> None:
    """Cancel with a reason; what the order held — parts, time, deferred work — is free again.

    Raises NotAllowed without the right, Invalid without a reason, RuleBroken when parts are
    issued or work has begun.
    """
    staff.require_permission(by, Permission.CANCEL_ORDER)
    if not reason.strip():
        raise Invalid(N_("Say why the order is cancelled."), field="reason")
    orders.lock(order)
    require(gates.missing_to_cancel(order))
    for job in session.scalars(select(Job).where(Job.order_id == order.id)):
        job.state = JobState.CANCELLED
        _free_time(job, by, at)
    stock.release_all(order.id, by=by, at=at)
    history.reopen_sold(order)
    order.move_to(Stage.CANCELLED, by, at, reason.strip())
    audit.write(by, "orders.cancel", order, at, reason=reason.strip())


def _free_time(job: Job, by: User, at: datetime) -> None:
    planned = allocations.find_live(job.id)
    if planned is not None:
        allocations.cancel(planned, by=by, at=at)
    capacity.release(TakeSource.JOB, job.id, at=at)
