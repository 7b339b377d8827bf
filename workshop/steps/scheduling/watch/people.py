"""What the watch sees of people and bays: who is not here or not fit, what is out of use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from workshop.allocation import queries as allocation_queries
from workshop.allocation.models import Allocation, AllocationStatus, Assistance
from workshop.attendance import presence
from workshop.errors import Missing
from workshop.orders.models import Job, JobState
from workshop.shop import calendar, people, rules
from workshop.shop import queries as shop
from workshop.shop.models import Branch, Technician
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.dispatch import gates
from workshop.steps.scheduling.watch.models import AlarmKind
from workshop.steps.scheduling.watch.outlook import Outlook


@dataclass(frozen=True)
class PersonProblem:
    """A planned job that cannot be done as it is planned, and why; `away` is who is not there."""

    kind: AlarmKind
    job: Job
    live: Allocation
    away: Technician | None = None


def find_problems(branch: Branch, seen: Outlook) -> dict[int, PersonProblem]:
    """What is worst about the people and the bay of each planned job that has not begun or rests.

    By job id. What is known for sure comes first. One who is not clocked in is named once, at the
    first of the jobs that should have begun.
    """
    found: dict[int, PersonProblem] = {}
    for problem in list_misplaced(branch, seen.jobs.values(), seen.at):
        found.setdefault(problem.job.id, problem)
    for problem in _not_here(seen, _open_of(seen.jobs.values(), seen.lives.values())):
        found.setdefault(problem.job.id, problem)
    return found


def list_misplaced(branch: Branch, jobs: Iterable[Job], at: datetime) -> list[PersonProblem]:
    """Which of these jobs are planned where they cannot be done, and all that is wrong with each.

    Looked at is what has not begun or rests, and of that what is still ahead at `at`.
    """
    known = list(jobs)
    lives = allocation_queries.list_planned_of([job.id for job in known])
    open_jobs = _open_of(known, lives)
    if not open_jobs:
        return []
    helpers = {each.job_id: each.technician for each in _helping(open_jobs)}
    team = {live.technician for _, live in open_jobs} | set(helpers.values())
    days = [calendar.local_day(branch, live.ends_at) for _, live in open_jobs]
    first = calendar.local_day(branch, at)
    table = calendar.Timetable(branch, first, max([first, *days]), team)
    return [
        *_away(open_jobs, helpers, table, at),
        *_unfit(branch, open_jobs),
        *_out_of_use(open_jobs),
        *_off_hours(branch, open_jobs, table, at),
    ]


_Open = list[tuple[Job, Allocation]]


def _open_of(jobs: Iterable[Job], lives: Iterable[Allocation]) -> _Open:
    by_id = {job.id: job for job in jobs if job.state in (JobState.WAITING, JobState.PAUSED)}
    found = [(by_id[live.job_id], live) for live in lives if live.job_id in by_id]
    return sorted(found, key=lambda each: (each[1].starts_at, each[1].id))


def _helping(open_jobs: _Open) -> Iterator[Assistance]:
    for each in allocation_queries.list_help_of(job.id for job, _ in open_jobs):
        if each.status is AllocationStatus.PLANNED:
            yield each


def _away(
    open_jobs: _Open, helpers: dict[int, Technician], table: calendar.Timetable, at: datetime
) -> Iterator[PersonProblem]:
    """Absence is known for sure, and so is that somebody has left or is off the board."""
    for job, live in open_jobs:
        span = (max(live.starts_at, min(at, live.ends_at)), live.ends_at)
        for each in (live.technician, helpers.get(job.id)):
            if each is None or span[0] >= span[1]:
                continue
            if not people.is_on_board(each) or table.has_absence(each.id, span):
                yield PersonProblem(AlarmKind.ABSENT, job, live, each)


def _out_of_use(open_jobs: _Open) -> Iterator[PersonProblem]:
    """A bay that is no bay any more, or none for this kind of work."""
    for job, live in open_jobs:
        bay = live.bay
        if bay is None:
            continue
        is_fit = not job.bay_kinds or bay.kind.value in job.bay_kinds
        if not bay.active or not is_fit:
            yield PersonProblem(AlarmKind.BAY_OUT, job, live)


def _off_hours(
    branch: Branch, open_jobs: _Open, table: calendar.Timetable, at: datetime
) -> Iterator[PersonProblem]:
    """Work ahead for which the day has no hours any more: it is closed, or the shift is another."""
    for job, live in open_jobs:
        span = (live.starts_at, live.ends_at)
        day = calendar.local_day(branch, live.starts_at)
        if live.starts_at < at or table.has_absence(live.technician_id, span):
            continue
        worked = rules.intersect([span], table.shifts(live.technician_id, day))
        if rules.minutes_of(worked) < live.minutes:
            yield PersonProblem(AlarmKind.OFF_HOURS, job, live)


def find_missing_skill(job: Job | None) -> Missing | None:
    """What the job's technician cannot show on the planned day."""
    live = queries.find_live(job) if job is not None else None
    if job is None or live is None:
        return None
    day = calendar.local_day(job.order.branch, live.starts_at)
    return next(iter(gates.missing_skill(job, live.technician, day)), None)


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
        yield PersonProblem(AlarmKind.NOT_CLOCKED_IN, job, live, live.technician)


def _unfit(branch: Branch, open_jobs: _Open) -> Iterator[PersonProblem]:
    held = shop.skills_of({live.technician for _, live in open_jobs})
    for job, live in open_jobs:
        day = calendar.local_day(branch, live.starts_at)
        if not shop.can_do(held[live.technician_id], job.skills, day):
            yield PersonProblem(AlarmKind.CERTIFICATE, job, live)
