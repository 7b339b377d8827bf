"""What is taken of technicians: who helps with what, and the days that were closed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import select

from workshop import db, together
from workshop.allocation.models import (
    LATEST,
    Allocation,
    AllocationStatus,
    Assistance,
    DayClose,
)
from workshop.db import session
from workshop.shop.models import Branch, Technician


def find_assistance(lead: Allocation) -> Assistance | None:
    """The time of who helps with this piece of work to its end."""
    found = together.list_of(
        lead.id,
        "assistance",
        lambda: select(Assistance).where(Assistance.status == AllocationStatus.PLANNED),
        Assistance.lead_id,
    )
    return found[0] if found else None


def find_helper(lead: Allocation) -> Technician | None:
    """Who helps with this piece of work to its end."""
    assistance = find_assistance(lead)
    return assistance.technician if assistance else None


def list_help_of(job_ids: Iterable[int]) -> list[Assistance]:
    """Who helped or helps with these jobs, by start; nobody who was taken off before the work."""
    query = select(Assistance).where(
        Assistance.job_id.in_(list(job_ids)), Assistance.status != AllocationStatus.CANCELLED
    )
    return list(session.scalars(query.order_by(Assistance.starts_at, Assistance.id)))


def list_planned_of(job_ids: Iterable[int]) -> list[Allocation]:
    """The time that these jobs hold now, by start."""
    query = select(Allocation).where(
        Allocation.job_id.in_(list(job_ids)), Allocation.status == AllocationStatus.PLANNED
    )
    return list(session.scalars(query.order_by(Allocation.starts_at, Allocation.id)))


def list_help_between(branch: Branch, since: datetime, until: datetime) -> list[Assistance]:
    """The help that takes time in this span, its buffers included, by start: planned and done."""
    query = select(Assistance).where(
        Assistance.branch_id == branch.id,
        Assistance.status != AllocationStatus.CANCELLED,
        Assistance.starts_at > since - LATEST,
        sa.func.coalesce(Assistance.worked_from, Assistance.starts_at) < until,
        sa.func.coalesce(Assistance.worked_until, Assistance.blocked_until) > since,
    )
    # Sorted here, as in `service.list_for_day`.
    return sorted(session.scalars(query), key=lambda each: (each.starts_at, each.id))


def find_day_close(branch: Branch, day: date) -> DayClose | None:
    """The closing of the day that stands."""
    query = select(DayClose).where(
        DayClose.branch_id == branch.id, DayClose.day == day, DayClose.reopened_at.is_(None)
    )
    return session.scalars(query).one_or_none()


def closed_days(branch: Branch, since: date) -> Collection[date]:
    """The days from `since` on into which nothing can be planned any more."""
    query = select(DayClose.day).where(
        DayClose.branch_id == branch.id, DayClose.day >= since, DayClose.reopened_at.is_(None)
    )
    key = ("closed days", branch.id, since)
    return db.remember(key, {DayClose}, lambda: frozenset(session.scalars(query)))
