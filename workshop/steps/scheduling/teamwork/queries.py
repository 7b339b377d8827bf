"""Who helps with what, as the planner counts it, and the teams that a plan has left to people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from workshop.allocation import queries as allocation_queries
from workshop.allocation.models import Allocation, AllocationStatus
from workshop.orders.models import Job
from workshop.planner.teams import Help
from workshop.shop import calendar
from workshop.shop.models import Branch, Technician
from workshop.steps.scheduling import queries


@dataclass(frozen=True)
class Team:
    """Two who work on a job together; `away` are those who are not at work at its time."""

    job: Job
    live: Allocation
    helper: Technician
    away: list[Technician]


def list_helps(branch: Branch, origin: datetime, since: datetime, until: datetime) -> list[Help]:
    """The second technicians' time in this span, in minutes from `origin`."""

    def minute(at: datetime) -> int:
        return int((at - origin).total_seconds() // 60)

    return [
        Help(
            f"J{each.job_id}",
            f"T{each.technician_id}",
            minute(each.starts_at),
            minute(each.blocked_until),
            each.status is not AllocationStatus.PLANNED,
        )
        for each in allocation_queries.list_help_between(branch, since, until)
    ]


def list_teams(jobs: Iterable[Job], away_ids: Iterable[int] = ()) -> list[Team]:
    """Those of the jobs on which two work; `away_ids` are technicians who have just gone."""
    found, gone = [], set(away_ids)
    for job in jobs:
        live = queries.find_live(job)
        helper = allocation_queries.find_helper(live) if live is not None else None
        if live is not None and helper is not None:
            found.append(Team(job, live, helper, _away(job.order.branch, live, helper, gone)))
    return found


def _away(branch: Branch, live: Allocation, helper: Technician, gone: set[int]) -> list[Technician]:
    team = [live.technician, helper]
    day = calendar.local_day(branch, live.starts_at)
    table = calendar.Timetable(branch, day, day, team)
    span = (live.starts_at, live.ends_at)
    return [each for each in team if each.id in gone or table.is_absent(each.id, span)]
