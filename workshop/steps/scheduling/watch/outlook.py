"""The forecast of a branch: what the board says, read at once, and when each car will be done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select

from workshop.allocation import queries as allocation_queries
from workshop.allocation import service as allocations
from workshop.allocation.models import Allocation, AllocationStatus, Assistance
from workshop.db import session
from workshop.orders.flow import list_in
from workshop.orders.models import Job, JobState, RepairOrder
from workshop.orders.rows import Phase
from workshop.shop import calendar
from workshop.shop import queries as shop
from workshop.shop.buffers import must_end_by
from workshop.shop.models import Branch, Technician
from workshop.shop.rules import Span
from workshop.steps.scheduling import queries, rules
from workshop.steps.scheduling.dispatch import more_time, pauses
from workshop.steps.scheduling.replanning import hours
from workshop.steps.scheduling.watch import forecast

# After the work comes what the delivery buffer (N2) is for; there the promise itself counts.
_NOT_READY = list_in(Phase.WORK, Phase.CHECK, Phase.FINISH)
_GOES_ON = (JobState.RUNNING, JobState.PAUSED)


@dataclass(frozen=True)
class CarForecast:
    """When the work on a car ends, against its promise; `cause` is the late job that pushes it.

    `due_at` is when the work must end (N2), `slack_minutes` is negative when it ends later.
    """

    order: RepairOrder
    finish_at: datetime
    due_at: datetime | None
    slack_minutes: int | None
    cause: Job | None

    @property
    def is_at_risk(self) -> bool:
        return self.slack_minutes is not None and self.slack_minutes < 0


@dataclass(frozen=True)
class Outlook:
    """The jobs on the board with their allocations and real times, and the cars' forecasts.

    `helpers` are the second technicians, by job.
    """

    at: datetime
    jobs: dict[int, Job]
    lives: dict[int, Allocation]
    spans: dict[int, Span]
    cars: list[CarForecast]
    away: dict[int, Technician]
    expected: dict[int, datetime | None]
    helpers: dict[int, int]


def look(branch: Branch, at: datetime) -> Outlook:
    """Read the board and see ahead; the car with the least to spare comes first."""
    days = hours.open_days(branch, at)
    horizon = calendar.day_span(branch, days[-1])[1]
    found = _list_live(branch, horizon)
    open_jobs = queries.list_movable(branch)
    jobs = {job.id: job for job in open_jobs}
    lives = {each.job_id: each for each in found if each.job_id in jobs}
    people = {each.technician_id: each.technician for each in lives.values()}
    people |= {each.id: each for each in shop.list_technicians(branch)}
    helps = {each.job_id: each for each in _list_helping(lives)}
    people |= {each.technician_id: each.technician for each in helps.values()}
    helpers = {job_id: each.technician_id for job_id, each in helps.items()}
    table = calendar.Timetable(branch, days[0], days[-1], people.values())
    shifts = _shifts(table, days, people)
    expected = {order.id: due for order, due in queries.list_waiting_for_parts(branch)}
    works = [
        replace(each, helper_id=helpers.get(each.job_id))
        for each in _works(jobs, lives, expected, at)
    ]
    spans = forecast.forecast(works, shifts, now=at, buffer_minutes=branch.buffer_minutes)
    cars = _cars(branch, open_jobs, lives, spans, at)
    away = {key: each for key, each in people.items() if table.is_absent(key, _moment(at))}
    return Outlook(at, jobs, lives, spans, cars, away, expected, helpers)


def spans_of_begun(branch: Branch, found: Sequence[Allocation], at: datetime) -> dict[int, Span]:
    """From the real start of each piece that goes on to its expected end, by its job.

    An end that lies on a later day is that of today's hours; none lies before `at`.
    """
    jobs = queries.jobs_of(found)
    lives = {
        each.job_id: each
        for each in found
        if each.is_planned and jobs[each.job_id].state in _GOES_ON
    }
    if not lives:
        return {}
    days = hours.open_days(branch, at)
    people = {each.technician_id: each.technician for each in lives.values()}
    table = calendar.Timetable(branch, days[0], days[-1], people.values())
    expected = {order.id: due for order, due in queries.list_waiting_for_parts(branch)}
    works = _works(jobs, lives, expected, at)
    ends = forecast.forecast(
        works, _shifts(table, days, people), now=at, buffer_minutes=branch.buffer_minutes
    )
    today = {each: max([at, *(end for _, end in table.shifts(each, days[0]))]) for each in people}
    return {
        each.job_id: (each.begun_at, min(ends[each.job_id][1], today[each.technician_id]))
        for each in works
        if each.begun_at is not None
    }


def _shifts(
    table: calendar.Timetable, days: Sequence[date], people: Iterable[int]
) -> dict[int, list[Span]]:
    """The hours of these people from the first of the days to the last."""
    return {
        each: [span for day in calendar.days(days[0], days[-1]) for span in table.shifts(each, day)]
        for each in people
    }


def _works(
    jobs: Mapping[int, Job],
    lives: Mapping[int, Allocation],
    expected: Mapping[int, datetime | None],
    at: datetime,
) -> list[forecast.Work]:
    worked = _worked({job_id: jobs[job_id] for job_id in lives})
    asked = more_time.asked_minutes(lives)
    return [
        _work(jobs[each.job_id], each, worked, expected, asked.get(each.job_id, 0), at)
        for each in lives.values()
    ]


def _list_helping(lives: Mapping[int, Allocation]) -> list[Assistance]:
    """Who helps with these to their end."""
    found = allocation_queries.list_help_of(lives)
    return [each for each in found if each.status is AllocationStatus.PLANNED]


def _moment(at: datetime) -> Span:
    return at, at + timedelta(minutes=1)


def _list_live(branch: Branch, horizon: datetime) -> list[Allocation]:
    query = select(Allocation).where(
        Allocation.branch_id == branch.id,
        Allocation.status == AllocationStatus.PLANNED,
        Allocation.starts_at < horizon,
    )
    return list(session.scalars(query.order_by(Allocation.starts_at, Allocation.id)))


def _worked(jobs: Mapping[int, Job]) -> set[int]:
    """The jobs of which an earlier piece was worked already."""
    begun = [job.id for job in jobs.values() if job.started_at is not None]
    return {
        each.job_id for each in allocations.list_of(begun) if each.status is AllocationStatus.DONE
    }


def _work(
    job: Job,
    live: Allocation,
    worked: set[int],
    expected: Mapping[int, datetime | None],
    more_minutes: int,
    at: datetime,
) -> forecast.Work:
    begun_at = _begun_at(job, live, worked, at)
    return forecast.Work(
        job_id=job.id,
        order_id=job.order_id,
        technician_id=live.technician_id,
        bay_id=live.bay_id,
        starts_at=live.starts_at,
        ends_at=live.ends_at,
        # What is asked for counts ahead of the plan; the plan follows when it is granted.
        minutes=live.minutes + more_minutes,
        begun_at=begun_at,
        is_paused=job.state is JobState.PAUSED,
        paused_minutes=pauses.minutes_so_far(job, at) if begun_at is not None else 0,
        rests=live.rest_minutes > 0,
        is_left_over=_is_left_over(job, live, at),
        ready_at=expected.get(job.order_id),
        after=(job.rework_of_id,) if job.rework_of_id is not None else (),
    )


def _is_left_over(job: Job, live: Allocation, at: datetime) -> bool:
    """A pause longer than its piece, and a piece of an earlier day, must be planned again."""
    today = calendar.day_span(job.order.branch, calendar.local_day(job.order.branch, at))[0]
    return live.ends_at <= (at if job.state is JobState.PAUSED else today)


def _begun_at(job: Job, live: Allocation, worked: set[int], at: datetime) -> datetime | None:
    """When this piece began; None for one that is still to come."""
    if job.state is JobState.WAITING or (job.state is JobState.PAUSED and live.starts_at > at):
        return None
    if job.started_at is not None and job.id not in worked:
        return job.started_at
    return min(live.starts_at, at)


def _cars(
    branch: Branch,
    open_jobs: Iterable[Job],
    lives: Mapping[int, Allocation],
    spans: Mapping[int, Span],
    at: datetime,
) -> list[CarForecast]:
    jobs_of: dict[int, list[Job]] = defaultdict(list)
    for job in open_jobs:
        jobs_of[job.order_id].append(job)
    query = select(RepairOrder).where(
        RepairOrder.here(branch.id, _NOT_READY),
        RepairOrder.ready_at.is_(None),
    )
    found = [
        _car(order, jobs_of[order.id], lives, spans, at)
        for order in session.scalars(query.order_by(RepairOrder.id))
    ]
    far = 1 << 30
    return sorted(found, key=lambda car: far if car.slack_minutes is None else car.slack_minutes)


def _car(
    order: RepairOrder,
    jobs: list[Job],
    lives: Mapping[int, Allocation],
    spans: Mapping[int, Span],
    at: datetime,
) -> CarForecast:
    placed = [job for job in jobs if job.id in spans]
    unplanned = sum(job.book_minutes for job in jobs if job.id not in spans)
    ends = [spans[job.id][1] for job in placed]
    finish_at = forecast.finish_of(ends, unplanned, now=at) or at
    delivery = 0 if order.stage.phase is Phase.FINISH else order.branch.delivery_minutes
    slack = rules.slack_minutes(finish_at, order.promised_at, delivery)
    due_at = must_end_by(order.promised_at, delivery) if order.promised_at else None
    late = slack is not None and slack < 0
    cause = _cause(placed, lives, spans, at) if late else None
    return CarForecast(order, finish_at, due_at, slack, cause)


def _cause(
    placed: list[Job], lives: Mapping[int, Allocation], spans: Mapping[int, Span], at: datetime
) -> Job | None:
    """The job that holds the car up: on the same people, bays or car, and late by now.

    Work that was begun comes before work that only has not begun; then the latest one.
    """
    people = {lives[job.id].technician_id for job in placed}
    bays = {lives[job.id].bay_id for job in placed} - {None}
    mine = {job.id for job in placed}
    near = [
        session.get_one(Job, job_id)
        for job_id, live in lives.items()
        if live.starts_at <= at
        and live.ends_at < spans[job_id][1]
        and (job_id in mine or live.technician_id in people or live.bay_id in bays)
    ]

    def lateness(job: Job) -> tuple[bool, timedelta, int]:
        late = spans[job.id][1] - lives[job.id].ends_at
        return job.state is not JobState.WAITING, late, job.id

    return max(near, key=lateness, default=None)
