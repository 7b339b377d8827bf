"""What the board binds to one person: planned work. It moves by re-planning, not by a hand-over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from workshop.allocation.models import AllocationStatus, TakenTime
from workshop.db import session
from workshop.errors import N_
from workshop.orders.models import Job, RepairOrder
from workshop.shop.models import Technician
from workshop.staff.duty import Duty
from workshop.staff.models import User


def _list_held(users: Collection[User], _at: datetime) -> list[TakenTime]:
    technicians = select(Technician.id).where(Technician.user_id.in_([each.id for each in users]))
    query = select(TakenTime).where(
        TakenTime.technician_id.in_(technicians), TakenTime.status == AllocationStatus.PLANNED
    )
    return list(session.scalars(query.order_by(TakenTime.starts_at, TakenTime.id)))


def _order_of(taken: TakenTime) -> RepairOrder:
    return session.get_one(Job, taken.job_id).order


DUTIES = (
    Duty(
        "planned_work",
        N_("Planned jobs"),
        "allocation.technician_id",
        N_("The job controller gives the job to another technician"),
        _list_held,
        lambda taken: f"{_order_of(taken).no} {_order_of(taken).vehicle.called}",
        lambda taken: f"/orders/{_order_of(taken).no}/scheduling",
        order_of=_order_of,
    ),
)
