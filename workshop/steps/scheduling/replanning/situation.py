"""The board of a branch at a moment, as the planner's problem.

The origin is the shop's midnight; everything counts in minutes of UTC from there, so that a change
of the clocks is only a day of another length. Hours of work come from the working calendar.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select

from workshop.allocation import service as allocations
from workshop.allocation.models import LONGEST, Allocation, AllocationStatus
from workshop.db import session
from workshop.orders.flow import Action, permits
from workshop.orders.models import Job, JobState, OrderKind, RepairOrder
from workshop.planner import problem as planning
from workshop.planner import teams
from workshop.shop import calendar, rules
from workshop.shop.models import Branch
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.closing import queries as closing
from workshop.steps.scheduling.dispatch import more_time
from workshop.steps.scheduling.pinning import queries as pinned
from workshop.steps.scheduling.replanning.hours import Hours, Taken, open_days
from workshop.steps.scheduling.replanning.models import Cause, PlanReason
from workshop.steps.scheduling.teamwork import queries as teamwork


@dataclass(frozen=True)
class Situation:
    """The problem, minute 0, the version of each job's allocation, and the jobs left out."""

    problem: planning.Problem
    origin_at: datetime
    seen: dict[str, int | None]
    left_out: list[int]


def read(branch: Branch, at: datetime, cause: Cause) -> Situation:
    """Read the board as it stands at this moment, and with what has just happened."""
    board = _Board(branch, at, cause)
    found = board.situation()
    helps = teamwork.list_helps(branch, board.origin, at, board.horizon)
    problem, apart = teams.keep_together(found.problem, helps)
    left_out = [*found.left_out, *map(id_of, apart)]
    return replace(found, problem=problem, left_out=left_out)


def id_of(name: str) -> int:
    """The database id in an id of the problem: T12, T12.1, B3, R7 and J9 all carry one."""
    found = re.match(r"[TBRJS](\d+)", name)
    if found is None:
        raise ValueError(f"{name} is no id of the board")
    return int(found[1])


def moment(origin_at: datetime, minute: int) -> datetime:
    """A minute of the problem as a time."""
    return origin_at + timedelta(minutes=minute)


class _Board:
    """What is read once for one problem."""

    def __init__(self, branch: Branch, at: datetime, cause: Cause) -> None:
        self.branch, self.at, self.cause = branch, at, cause
        self.days = open_days(branch, at)
        self.origin, self.horizon = (
            calendar.day_span(branch, self.days[0])[0],
            calendar.day_span(branch, self.days[-1])[1],
        )
        self.now = rules.round_up(at)
        found = self._read_live()
        jobs = queries.jobs_of(found)
        self.live = {each.job_id: each for each in found if self._counts(jobs[each.job_id])}
        self.jobs = [jobs[job_id] for job_id in self.live] + queries.list_queue(branch)
        self.expected = {
            order.id: expected_at for order, expected_at in queries.list_waiting_for_parts(branch)
        }
        self.left_out = [job.id for job in self.jobs if self._has_no_date(job)]
        self.jobs = [job for job in self.jobs if job.id not in self.left_out]
        self.held = [each.job_id for each in closing.list_held(branch)]
        self.worked = self._read_worked()
        self.asked = more_time.asked_minutes(self.live)
        self.pins = pinned.pins_of(self.live.values())
        self._job_of = {job.id: job for job in self.jobs}
        self.hours = Hours(branch, self.days, self.origin, self._read_taken(), self._away())

    def situation(self) -> Situation:
        """All of it, put together."""
        jobs = [self._job(job) for job in self.jobs]
        rows = [self._row(job) for job in self.jobs if job.id in self.live]
        people, bays = self.hours.technicians(jobs, rows), self.hours.bays(rows)
        rows = [self.hours.with_day(row, people) for row in rows]
        by_job = {row.job: row for row in rows}
        jobs = [self._with_pin(job, by_job) for job in jobs]
        problem = planning.Problem(
            now=self._minute(self.now),
            buffer_minutes=self.branch.buffer_minutes,
            delivery_minutes=self.branch.delivery_minutes,
            technicians=tuple(people),
            bays=tuple(bays),
            orders=tuple(self._order(order) for order in self._orders()),
            jobs=tuple(jobs),
            current=tuple(rows),
        )
        seen = {
            f"J{job.id}": self.live[job.id].version if job.id in self.live else None
            for job in self.jobs
        }
        return Situation(problem, self.origin, seen, self.left_out + self.held)

    def _minute(self, at: datetime) -> int:
        return int((at - self.origin).total_seconds() // 60)

    def _read_live(self) -> list[Allocation]:
        query = select(Allocation).where(
            Allocation.branch_id == self.branch.id,
            Allocation.status == AllocationStatus.PLANNED,
            Allocation.starts_at < self.horizon,
        )
        return list(session.scalars(query.order_by(Allocation.starts_at, Allocation.id)))

    def _counts(self, job: Job) -> bool:
        return job.state in queries.NOT_OVER and permits(job.order.stage, Action.SCHEDULE)

    def _has_no_date(self, job: Job) -> bool:
        """Whether the job waits for parts that nobody has a date for, and has no place either."""
        unknown = job.order_id in self.expected and self.expected[job.order_id] is None
        return unknown and job.id not in self.live

    def _read_worked(self) -> dict[int, int]:
        worked: dict[int, int] = defaultdict(int)
        for each in allocations.list_of([job.id for job in self.jobs]):
            if each.status is AllocationStatus.DONE:
                worked[each.job_id] += each.minutes
        return dict(worked)

    def _read_taken(self) -> Iterator[Taken]:
        """Time that is taken by work which this plan does not move, or that was worked already."""
        query = select(Allocation).where(
            Allocation.branch_id == self.branch.id,
            Allocation.status != AllocationStatus.CANCELLED,
            Allocation.starts_at < self.horizon,
            Allocation.starts_at > self.at - LONGEST,
            Allocation.blocked_until > self.at,
        )
        mine = {each.id for job_id, each in self.live.items() if job_id not in self.left_out}
        for each in session.scalars(query):
            until = each.blocked_until
            if each.id in mine:
                job = self._job_of[each.job_id]
                if not self._is_rest(job, each):
                    continue
                until = self.branch.blocked_until(self.at)
            yield Taken(each.technician_id, each.bay_id, each.starts_at, until)

    def _away(self) -> dict[int, rules.Span]:
        if self.cause.reason is not PlanReason.ABSENT or self.cause.technician_id is None:
            return {}
        until = self.cause.until or calendar.day_span(self.branch, self.days[0])[1]
        return {self.cause.technician_id: (self.at, max(until, self.at))}

    def _orders(self) -> Iterable[RepairOrder]:
        return {job.order_id: job.order for job in self.jobs}.values()

    def _order(self, order: RepairOrder) -> planning.Order:
        arrives = self._minute(order.arrived_at) if order.arrived_at > self.at else None
        return planning.Order(
            id=f"R{order.id}",
            promised=self._minute(order.promised_at) if order.promised_at else None,
            waiting=order.stays is True,
            comeback=order.repeat_repair or order.kind is OrderKind.COMEBACK,
            ready_at=arrives,
        )

    def _job(self, job: Job) -> planning.Job:
        live = self.live.get(job.id)
        skill = f"S{job.skill_id}" if job.skill_id else None
        if live is not None and self._stays(job, live):
            since, minutes = self._at_work(job, live)
            ready_at, splittable = None, False
        else:
            minutes, splittable = self._length(job, live)
            since, ready_at = None, self._ready(job)
        return planning.Job(
            id=f"J{job.id}",
            order=f"R{job.order_id}",
            minutes=minutes,
            skill=skill,
            level=job.level,
            bay_kinds=self._bay_kinds(job, live),
            after=self._after(job),
            ready_at=ready_at,
            splittable=splittable,
            running_since=since,
            also={f"S{each}": level for each, level in job.skills.items() if each != job.skill_id},
        )

    def _with_pin(self, job: planning.Job, rows: Mapping[str, planning.Assignment]) -> planning.Job:
        """The job with what a person fixed of its place; work that has begun is a fact anyway."""
        live = self.live.get(id_of(job.id))
        pin = self.pins.get(live.id) if live is not None else None
        if live is None or pin is None or job.is_running:
            return job
        row = rows[job.id]
        # Of a piece that was paused only the rest is planned, later than it began.
        keeps_start = pin.keeps_start and not self._is_rest(self._job_of[live.job_id], live)
        fixed = planning.Pin(
            technician=row.technician if pin.keeps_technician else None,
            bay=row.bay if pin.keeps_bay else None,
            start=row.start if keeps_start else None,
        )
        return replace(job, pin=fixed)

    def _after(self, job: Job) -> tuple[str, ...]:
        """Rework waits for the job that it mends; a car's other jobs may come in any order."""
        mended = {each.id for each in self.jobs} & {job.rework_of_id}
        return tuple(f"J{job_id}" for job_id in mended)

    def _bay_kinds(self, job: Job, live: Allocation | None) -> tuple[str, ...]:
        # A bay given to work that needs none is taken all the same.
        if not job.bay_kinds and live is not None and live.bay is not None:
            return (live.bay.kind.value,)
        return tuple(job.bay_kinds)

    def _stays(self, job: Job, live: Allocation) -> bool:
        """Whether the work has begun and goes on where it is; a pause ends where it began."""
        if job.state is JobState.RUNNING:
            return True
        is_paused = job.state is JobState.PAUSED and live.starts_at <= self.at < live.ends_at
        return is_paused and live.technician_id not in self._away()

    def _is_rest(self, job: Job, live: Allocation) -> bool:
        """Whether a part of this piece is done, and only the rest is to be planned."""
        begun = job.state is JobState.PAUSED and live.starts_at < self.at
        return begun and not self._stays(job, live)

    def _at_work(self, job: Job, live: Allocation) -> tuple[int, int]:
        """Since when the job is at work, and its whole length in minutes of the clock."""
        begun = live.starts_at
        first = self.worked.get(job.id, 0) == 0
        if job.state is JobState.RUNNING and first and job.started_at is not None:
            same_day = job.started_at >= self.origin
            begun = job.started_at if same_day else live.starts_at
        extra = self._extra(job)
        ends_at = max(
            self.hours.end_of_work(live.technician_id, begun, live.minutes + extra),
            self.hours.end_of_work(live.technician_id, live.starts_at, live.minutes + extra),
            live.ends_at,
        )
        since = min(self._minute(begun), self._minute(self.now))
        return since, max(1, self._minute(rules.round_up(ends_at)) - since)

    def _extra(self, job: Job) -> int:
        """Minutes that are known to be needed and are not in the plan yet."""
        is_longer = self.cause.reason is PlanReason.OVERRUN and self.cause.job_id == job.id
        return max(self.cause.minutes if is_longer else 0, self.asked.get(job.id, 0))

    def _length(self, job: Job, live: Allocation | None) -> tuple[int, bool]:
        """Minutes of the next piece of work, and whether it may rest in a break."""
        able = self.hours.able(job)
        longest_day, longest_shift = self.hours.longest(able)
        minutes = live.minutes if live else self._left(job)
        if live is not None and self._is_rest(job, live):
            done = rules.minutes_of([(live.starts_at, max(live.starts_at, self.at))])
            minutes = max(15, self._left(job) - min(done, live.minutes))
        minutes += self._extra(job)
        if longest_day:
            minutes = min(minutes, longest_day)
        is_long = bool(longest_shift) and minutes > longest_shift
        return minutes, is_long or bool(live and live.rest_minutes)

    def _left(self, job: Job) -> int:
        return max(15, job.book_minutes - self.worked.get(job.id, 0))

    def _ready(self, job: Job) -> int | None:
        times = [self.expected.get(job.order_id)]
        if self.cause.reason is PlanReason.PART_LATE and self.cause.job_id == job.id:
            times.append(self.cause.until)
        known = [rules.round_up(each) for each in times if each is not None and each > self.at]
        return max(map(self._minute, known), default=None)

    def _row(self, job: Job) -> planning.Assignment:
        live = self.live[job.id]
        return planning.Assignment(
            job=f"J{job.id}",
            technician=f"T{live.technician_id}",
            bay=f"B{live.bay_id}" if live.bay_id else None,
            start=self._minute(live.starts_at),
            end=self._minute(live.ends_at),
        )
