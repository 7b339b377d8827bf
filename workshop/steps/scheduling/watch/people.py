"""What the watch sees of people: who is not here, who is away, whose certificate has expired."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workshop.allocation.models import Allocation
from workshop.attendance import presence
from workshop.errors import Missing
from workshop.orders.models import Job, JobState
from workshop.shop import calendar
from workshop.shop import queries as shop
from workshop.shop.models import Branch
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.dispatch import gates
from workshop.steps.scheduling.watch.models import AlarmKind
from workshop.steps.scheduling.watch.outlook import Outlook


@dataclass(frozen=True)
class PersonProblem:
    """A planned job that its technician cannot do as it is planned, and why."""

    kind: AlarmKind
    job: Job
    live: Allocation


def find_problems(branch: Branch, seen: Outlook) -> dict[int, PersonProblem]:
    """What is worst about the people of each planned job that has not begun or rests, by job id.

    Absence first: it is known for sure. One who is not clocked in is named once, at the first
    of the jobs that should have begun.
    """
    open_jobs = [
        (seen.jobs[job_id], live)
        for job_id, live in sorted(seen.lives.items(), key=lambda each: each[1].starts_at)
        if seen.jobs[job_id].state is not JobState.RUNNING
    ]
    if not open_jobs:
        return {}
    found: dict[int, PersonProblem] = {}
    for problem in (*_away(branch, seen, open_jobs), *_unfit(branch, open_jobs)):
        found.setdefault(problem.job.id, problem)
    for problem in _not_here(seen, open_jobs):
        found.setdefault(problem.job.id, problem)
    return found


def find_missing_skill(job: Job | None) -> Missing | None:
    """What the job's technician cannot show on the planned day."""
    live = queries.find_live(job) if job is not None else None
    if job is None or live is None:
        return None
    day = calendar.local_day(job.order.branch, live.starts_at)
    return next(iter(gates.missing_skill(job, live.technician, day)), None)


_Open = list[tuple[Job, Allocation]]


def _away(branch: Branch, seen: Outlook, open_jobs: _Open) -> Iterator[PersonProblem]:
    people = {live.technician_id: live.technician for _, live in open_jobs}
    days = [calendar.local_day(branch, live.ends_at) for _, live in open_jobs]
    first = calendar.local_day(branch, seen.at)
    table = calendar.Timetable(branch, first, max([first, *days]), people.values())
    for job, live in open_jobs:
        span = (max(live.starts_at, min(seen.at, live.ends_at)), live.ends_at)
        if span[0] < span[1] and table.has_absence(live.technician_id, span):
            yield PersonProblem(AlarmKind.ABSENT, job, live)


def _not_here(seen: Outlook, open_jobs: _Open) -> Iterator[PersonProblem]:
    due = [
        (job, live)
        for job, live in open_jobs
        if job.state is JobState.WAITING and live.starts_at < seen.at
    ]
    here = presence.of_all({live.technician for _, live in due}, seen.at)
    named: set[int] = set()
    for job, live in due:
        if here[live.technician_id].is_clocked_in or live.technician_id in named:
            continue
        named.add(live.technician_id)
        yield PersonProblem(AlarmKind.NOT_CLOCKED_IN, job, live)


def _unfit(branch: Branch, open_jobs: _Open) -> Iterator[PersonProblem]:
    held = shop.skills_of({live.technician for _, live in open_jobs})
    for job, live in open_jobs:
        day = calendar.local_day(branch, live.starts_at)
        if not shop.can_do(held[live.technician_id], job.skill_id, job.level, day):
            yield PersonProblem(AlarmKind.CERTIFICATE, job, live)
