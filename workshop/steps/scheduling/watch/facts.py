"""What is not as planned, promised or agreed at a moment: the facts that call for an alarm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from workshop.allocation import service as allocations
from workshop.allocation.models import Allocation
from workshop.orders.flow import PERMITS, Action
from workshop.orders.models import Job, JobState
from workshop.shop import calendar
from workshop.shop.models import Branch
from workshop.steps.lounge import due_reports
from workshop.steps.scheduling import queries, rules
from workshop.steps.scheduling.models import FolderState
from workshop.steps.scheduling.watch import people
from workshop.steps.scheduling.watch.models import AlarmKind
from workshop.steps.scheduling.watch.outlook import Outlook

_FOLDER = timedelta(minutes=rules.FOLDER_MINUTES)
# Until then the advisor has looked at the car, and the folder with it.
_FOLDER_STAGES = PERMITS[Action.SCHEDULE] | PERMITS[Action.QUALITY_CHECK]


@dataclass(frozen=True)
class Found:
    """A fact that calls for an alarm."""

    kind: AlarmKind
    order_id: int
    due_at: datetime
    job_id: int | None = None
    until_at: datetime | None = None
    cause_job_id: int | None = None
    absent_technician_id: int | None = None

    @property
    def subject(self) -> str:
        about_order = self.kind in (AlarmKind.PROMISE, AlarmKind.REPORT_DUE)
        return f"R{self.order_id}" if about_order else f"J{self.job_id}"


def find_facts(branch: Branch, seen: Outlook) -> Iterator[Found]:
    """Everything that is not as planned, promised or agreed at the moment of the outlook."""
    yield from _promises(seen)
    problems = people.find_problems(branch, seen)
    for job_id, live in seen.lives.items():
        if job_id in problems:
            yield _of_problem(problems[job_id])
        else:
            yield from _times(seen, seen.jobs[job_id], live)
    yield from _parts(seen)
    for due in due_reports.list_owed(branch, seen.at):
        yield Found(AlarmKind.REPORT_DUE, due.order.id, due.due_at)
    yield from _folders(branch, seen)


def _promises(seen: Outlook) -> Iterator[Found]:
    for car in seen.cars:
        if car.is_at_risk and car.due_at is not None:
            yield Found(
                AlarmKind.PROMISE,
                car.order.id,
                car.due_at,
                until_at=car.finish_at,
                cause_job_id=car.cause.id if car.cause else None,
            )


def _of_problem(problem: people.PersonProblem) -> Found:
    """Who is away, not here or not qualified explains why the work does not begin."""
    return Found(
        problem.kind,
        problem.job.order_id,
        problem.live.starts_at,
        job_id=problem.job.id,
        absent_technician_id=problem.away.id if problem.away else None,
    )


def _times(seen: Outlook, job: Job, live: Allocation) -> Iterator[Found]:
    """N5: all work starts on time, and ends on time."""
    starts_at, ends_at = seen.spans[job.id]
    if job.state is JobState.WAITING and seen.at > live.starts_at:
        # Without the second technician it does not begin either, as it was planned.
        team = (live.technician_id, seen.helpers.get(job.id))
        away = next((each for each in team if each in seen.away), None)
        yield Found(
            AlarmKind.LATE_START,
            job.order_id,
            live.starts_at,
            job_id=job.id,
            until_at=starts_at,
            absent_technician_id=away,
        )
    if job.state is not JobState.WAITING and seen.at > live.ends_at:
        yield Found(AlarmKind.OVERRUN, job.order_id, live.ends_at, job_id=job.id, until_at=ends_at)


def _parts(seen: Outlook) -> Iterator[Found]:
    """Work that is planned before its parts come, the car's first such job."""
    named: set[int] = set()
    for job_id, live in seen.lives.items():
        job = seen.jobs[job_id]
        if job.order_id not in seen.expected or job.order_id in named:
            continue
        comes_at = seen.expected[job.order_id]
        if job.state is not JobState.RUNNING and (comes_at is None or comes_at > live.starts_at):
            named.add(job.order_id)
            yield Found(
                AlarmKind.PART_LATE, job.order_id, live.starts_at, job_id=job_id, until_at=comes_at
            )


def _folders(branch: Branch, seen: Outlook) -> Iterator[Found]:
    """N3: taken in the quarter before the start. N4: back a quarter before the planned end."""
    day = calendar.local_day(branch, seen.at)
    planned = {each.job_id: each for each in allocations.list_for_day(branch, day)} | seen.lives
    jobs = queries.jobs_of(planned.values())
    folders = queries.folders_of(jobs)
    for job_id, each in planned.items():
        job, folder = jobs[job_id], folders.get(job_id)
        if folder is None or job.order.stage not in _FOLDER_STAGES:
            continue
        is_left = folder.state in (FolderState.PREPARED, FolderState.ON_RACK)
        if is_left and job.state is JobState.WAITING and seen.at >= each.starts_at - _FOLDER:
            yield Found(AlarmKind.FOLDER_NOT_TAKEN, job.order_id, each.starts_at, job_id=job_id)
        if folder.state is FolderState.TAKEN and seen.at >= each.ends_at - _FOLDER:
            yield Found(AlarmKind.FOLDER_NOT_BACK, job.order_id, each.ends_at, job_id=job_id)
