"""Time that is taken, written without asking the service."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.factories import AT, make_bay, make_branch, make_job, make_technician
from tests.shop.factories import hour
from workshop.allocation.models import Allocation
from workshop.db import session
from workshop.shop.models import Bay, Technician


def make_allocation(
    technician: Technician | None = None,
    bay: Bay | None = None,
    starts_at: datetime | None = None,
    minutes: int = 60,
    **values: Any,
) -> Allocation:
    """An hour of a technician and a bay, written without asking the service."""
    technician = technician or make_technician()
    bay = bay or make_bay()
    starts_at = starts_at or hour(14)
    ends_at = starts_at + timedelta(minutes=minutes)
    allocation = Allocation(
        branch_id=make_branch().id,
        job_id=values.pop("job_id", None) or make_job().id,
        technician_id=technician.id,
        bay_id=bay.id,
        starts_at=starts_at,
        ends_at=ends_at,
        blocked_until=ends_at + timedelta(minutes=15),
        made_by_id=technician.user_id,
        made_at=AT,
        **values,
    )
    session.add(allocation)
    session.flush()
    return allocation
