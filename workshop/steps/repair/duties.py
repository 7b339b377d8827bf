"""What the repair binds to one person: a clock that runs or rests on a job."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from workshop.db import session
from workshop.errors import N_
from workshop.shop.models import Technician
from workshop.staff.duty import Duty
from workshop.staff.models import User
from workshop.steps.repair.models import WorkSession


def _list_held(users: Collection[User], _at: datetime) -> list[WorkSession]:
    technicians = select(Technician.id).where(Technician.user_id.in_([each.id for each in users]))
    query = select(WorkSession).where(
        WorkSession.technician_id.in_(technicians), WorkSession.ended_at.is_(None)
    )
    # Sorted here: for the sake of an order SQLite would read the clocks of all years.
    return sorted(session.scalars(query), key=lambda each: each.id)


DUTIES = (
    Duty(
        "running_clock",
        N_("Clocks that run"),
        "work_session.technician_id",
        N_("The job controller stops the clock"),
        _list_held,
        lambda each: str(each.job.order.no),
        lambda each: f"/orders/{each.job.order.no}/repair",
        order_of=lambda each: each.job.order,
    ),
)
