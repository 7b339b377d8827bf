"""What the repair binds to one person: a clock that runs or rests on a job."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from workshop.db import session
from workshop.errors import N_
from workshop.shop import queries as shop
from workshop.staff.duty import Duty
from workshop.staff.models import User
from workshop.steps.repair.models import WorkSession


def _list_held(user: User, _at: datetime) -> list[WorkSession]:
    technician = shop.find_technician(user)
    if technician is None:
        return []
    query = select(WorkSession).where(
        WorkSession.technician_id == technician.id, WorkSession.ended_at.is_(None)
    )
    return list(session.scalars(query.order_by(WorkSession.id)))


DUTIES = (
    Duty(
        "running_clock",
        N_("Clocks that run"),
        "work_session.technician_id",
        N_("The job controller stops the clock"),
        _list_held,
        lambda each: str(each.job.order.no),
        lambda each: f"/orders/{each.job.order.no}/repair",
    ),
)
