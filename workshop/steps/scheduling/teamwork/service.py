"""The second technician (副修) of a job: put on it, taken off it, and his share of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from workshop.allocation import queries as allocation_queries
from workshop.allocation import shares, team
from workshop.allocation.free_time import FreeTime
from workshop.allocation.models import Allocation, Assistance
from workshop.errors import N_, Missing, RuleBroken, require
from workshop.orders import service as orders
from workshop.orders.flow import Action
from workshop.orders.models import Job, JobState
from workshop.shop import calendar
from workshop.shop import queries as shop
from workshop.shop.models import Technician
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.scheduling.dispatch import gates
from workshop.steps.scheduling.dispatch import service as scheduling


@dataclass(frozen=True)
class Choice:
    """Somebody who could help with a job; `missing` is why not, in words."""

    technician: Technician
    missing: Sequence[Missing]


def add(
    job: Job,
    technician: Technician,
    share_percent: int = shares.USUAL_PERCENT,
    *,
    seen_version: int,
    by: User,
    at: datetime,
) -> Assistance:
    """Let a second technician help with the job; it needs no skill, but he must be fit for it.

    `seen_version` is of the lead's time. Raises RuleBroken that names the rule, and the nearest
    time at which both are free; Conflict when the job was moved meanwhile.
    """
    live = _require_right(job, by)
    day = calendar.local_day(job.order.branch, live.starts_at)
    require(gates.missing_to_help(job, technician, day))
    wanted = team.Helper(technician, share_percent)
    helping = team.add(live, wanted, seen_version=seen_version, by=by, at=at)
    orders.announce(job.order, at)
    return helping


def set_share(job: Job, percent: int, *, seen_version: int, by: User, at: datetime) -> None:
    """Change how much of the book time is credited to who helps."""
    helping = _get_helping(_require_right(job, by))
    team.set_share(helping, percent, seen_version=seen_version, by=by, at=at)
    orders.announce(job.order, at)


def take_off(job: Job, *, seen_version: int, by: User, at: datetime) -> None:
    """The job goes on with its lead alone; who helped is free from now on."""
    helping = _get_helping(_require_right(job, by))
    team.release(helping, seen_version=seen_version, by=by, at=at)
    orders.announce(job.order, at)


def list_choices(job: Job, live: Allocation, at: datetime) -> list[Choice]:
    """The other technicians of the branch, those who can help at that time first."""
    branch = job.order.branch
    day = calendar.local_day(branch, live.starts_at)
    free = FreeTime(branch, live.starts_at, team.ids_of(live))
    others = [each for each in shop.list_technicians(branch) if each.id != live.technician_id]
    found = [
        Choice(
            each,
            gates.missing_to_help(job, each, day) or team.why_no_help(free, live, each, at),
        )
        for each in others
    ]
    return sorted(found, key=lambda choice: bool(choice.missing))


def _require_right(job: Job, by: User) -> Allocation:
    staff.require_permission(by, Permission.SCHEDULE)
    orders.require_stage(job.order, Action.SCHEDULE)
    if job.state in (JobState.DONE, JobState.CANCELLED):
        raise RuleBroken(N_("This job is over."), code="job_over")
    return scheduling.get_live(job)


def _get_helping(live: Allocation) -> Assistance:
    helping = allocation_queries.find_assistance(live)
    if helping is None:
        raise RuleBroken(N_("Nobody helps with this job."), code="alone")
    return helping
