"""What all that take a technician's time share: one writer at a time, the guards' words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from workshop import db, events
from workshop.allocation.models import AllocationStatus, TakenTime, TimeTaken
from workshop.db import session
from workshop.errors import N_, Conflict, RuleBroken
from workshop.shop.models import Branch, Technician
from workshop.staff import audit
from workshop.staff.models import User


def lock(technician: Technician) -> Branch:
    """The branch, whose board nobody else writes until this transaction ends."""
    # One writer of a branch's board at a time: nobody waits long, and nobody deadlocks.
    db.lock("board", technician.branch_id)
    return session.get_one(Branch, technician.branch_id)


def require_planned(allocation: TakenTime) -> None:
    """Raise RuleBroken unless the time is still ahead or going on."""
    if allocation.status is not AllocationStatus.PLANNED:
        raise RuleBroken(N_("This piece of work is over; its time is history."), code="not_planned")


def flush() -> None:
    """Write; a race that only the guards saw becomes the same kind of refusal."""
    try:
        session.flush()
    except IntegrityError as error:
        if "closed-day" in str(error.orig):
            raise Conflict(N_("Somebody else has just closed this day.")) from error
        if "overlap" not in str(error.orig) and "live_" not in str(error.orig):
            raise
        raise Conflict(
            N_("Somebody else has just taken this technician or bay for that time.")
        ) from error


def record(
    allocation: TakenTime,
    action: str,
    by: User,
    at: datetime,
    was: Mapping[str, Any] | None = None,
) -> None:
    """Write down who did what, and let the boards of others know."""
    details = {
        "technician_id": allocation.technician_id,
        "bay_id": allocation.bay_id,
        "starts_at": allocation.starts_at.isoformat(),
        "ends_at": allocation.ends_at.isoformat(),
        "was": {name: str(value) for name, value in (was or {}).items()},
    }
    audit.write(by, action, allocation, at, **details)
    announce(allocation, by, at)


def announce(allocation: TakenTime, by: User, at: datetime) -> None:
    """Let the boards of others know that this piece of work has changed, and by whom."""
    taken = TimeTaken(
        allocation.id, allocation.branch_id, allocation.job_id, at, by.id, by.display_name
    )
    events.record(taken)
