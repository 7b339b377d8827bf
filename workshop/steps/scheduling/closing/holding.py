"""Taking a job off the board for a reason, and letting it come back."""

from __future__ import annotations

from datetime import date, datetime

from workshop import db
from workshop.allocation import service as allocations
from workshop.allocation.models import Allocation
from workshop.db import session
from workshop.errors import N_, Invalid, RuleBroken, Way
from workshop.orders import service as orders
from workshop.orders.flow import Action
from workshop.orders.models import Job, JobState
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.scheduling import queries as scheduling_queries
from workshop.steps.scheduling.closing import holds, queries
from workshop.steps.scheduling.closing.models import HoldReason, JobHold
from workshop.steps.scheduling.dispatch import counted, pauses
from workshop.steps.scheduling.dispatch import service as scheduling


def hold(job: Job, day: date, reason: HoldReason, note: str, *, by: User, at: datetime) -> JobHold:
    """Take the job off the board for a reason; nobody plans it until it is released.

    Raises RuleBroken while somebody works on it or when it is held already, Invalid when another
    reason has no words.
    """
    live = take_hold_of(job, by)
    if queries.find_hold(job) is not None:
        raise RuleBroken(N_("This job is held already."), code="held")
    if reason is HoldReason.OTHER and not note.strip():
        raise Invalid(N_("Say why."), field="note")
    if live is not None and job.state is JobState.PAUSED and live.starts_at <= at:
        allocations.finish(live, at=at)
        pauses.forget(job)
    elif live is not None:
        allocations.cancel(live, by=by, at=at)
    counted.keep(job, None, at)
    scheduling.follow_stage(job.order, by=by, at=at)
    held = JobHold(
        job_id=job.id, day=day, reason=reason, note=note.strip(), held_at=at, held_by_id=by.id
    )
    session.add(held)
    session.flush()
    audit.write(by, "scheduling.hold", held, at, reason=reason.value)
    orders.announce(job.order, at)
    return held


def release(job: Job, *, by: User, at: datetime) -> JobHold:
    """Let the job be planned again, from the queue; raises RuleBroken when it is not held."""
    staff.require_permission(by, Permission.SCHEDULE)
    db.lock("board", job.order.branch_id)
    held = holds.end(job, by=by, at=at)
    if held is None:
        raise RuleBroken(N_("This job is not held any more."), code="not_held")
    orders.announce(job.order, at)
    return held


def take_hold_of(job: Job, by: User) -> Allocation | None:
    """The job's time, once it is sure that it may be moved; raises RuleBroken or NotAllowed."""
    staff.require_permission(by, Permission.SCHEDULE)
    scheduling.require_time_right(job.order.branch, by)
    db.lock("board", job.order.branch_id)
    orders.require_stage(job.order, Action.SCHEDULE)
    session.refresh(job, ["state"])
    if job.state is JobState.RUNNING:
        message = N_("This job is being worked on. Pause or finish it first.")
        way = Way("repair.show", N_("Open the repair"), {"no": job.order.no})
        raise RuleBroken(message, code="running", way=way)
    if job.state not in scheduling_queries.NOT_OVER:
        raise RuleBroken(N_("This job is over."), code="job_over")
    return scheduling_queries.find_live(job)
