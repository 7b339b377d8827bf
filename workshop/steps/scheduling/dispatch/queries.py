"""Who may do a job, and in which kinds of bay."""

from __future__ import annotations

from datetime import date

from workshop.orders.models import Job
from workshop.shop import queries as shop
from workshop.shop.models import BayKind, Technician


def is_fit(job: Job, technician: Technician, day: date) -> bool:
    """Whether the technician may do the job on that day."""
    return shop.can_do(shop.held_by(technician), job.skills, day)


def bay_kinds_of(job: Job) -> list[BayKind]:
    """The kinds of bay that the job may use."""
    return [BayKind(kind) for kind in job.bay_kinds]
