"""Two technicians on one job in the demo: one pair at work, and one that is planned."""

from __future__ import annotations

from datetime import datetime, timedelta

from workshop.allocation import service as allocations
from workshop.allocation.models import Allocation
from workshop.attendance import presence
from workshop.attendance.presence import State
from workshop.demo.shop import Shop
from workshop.orders.models import Job, JobState
from workshop.shop import calendar
from workshop.shop.models import Technician
from workshop.steps.repair import helping
from workshop.steps.repair import queries as repair
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.teamwork import service as teamwork

# Nobody is called for what is nearly done.
_LONG = timedelta(minutes=45)


def put_together(shop: Shop, at: datetime) -> None:
    """Let somebody help with the longest work of the day: what runs, and what is still to come."""
    found = allocations.list_for_day(shop.branch, calendar.local_day(shop.branch, at))
    jobs = queries.jobs_of(found)
    longest = sorted(found, key=lambda each: (each.starts_at - each.ends_at, each.id))
    for state in (JobState.RUNNING, JobState.WAITING):
        for live in longest:
            job = jobs[live.job_id]
            ahead = live.ends_at - max(at, live.starts_at)
            if job.state is state and ahead >= _LONG and _call_help(shop, job, live, at):
                break


def _call_help(shop: Shop, job: Job, live: Allocation, at: datetime) -> bool:
    free = [each.technician for each in teamwork.list_choices(job, live, at) if not each.missing]
    idle = [each for each in free if repair.find_running_session(each) is None]
    if not idle:
        return False
    # Somebody at the table comes when the break is over.
    helper = min(idle, key=lambda each: not _is_here(each, at))
    by = shop.people["controller"]
    teamwork.add(job, helper, 40, seen_version=live.version, by=by, at=at)
    if job.state is JobState.RUNNING and _is_here(helper, at):
        helping.start(job, helper.user, at)
    return True


def _is_here(technician: Technician, at: datetime) -> bool:
    return presence.of(technician, at).state is State.IN
