"""A plan beside the board as it stands: who moves, whom to call, and what it saves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from typing import TypeVar

from sqlalchemy import select

from workshop.db import session
from workshop.orders.models import Job, RepairOrder
from workshop.planner import greedy, reading, score
from workshop.planner import problem as planning
from workshop.shop import calendar, rules
from workshop.shop.models import Bay, Technician
from workshop.steps.scheduling.dispatch import more_time
from workshop.steps.scheduling.replanning import reasons
from workshop.steps.scheduling.replanning.changes import Change, Move, Spot
from workshop.steps.scheduling.replanning.models import PlanRun
from workshop.steps.scheduling.replanning.situation import id_of, moment

M = TypeVar("M", Job, Technician, Bay)
Named = planning.Job | planning.Technician | planning.Bay


class Comparison:
    """All that the page of a run shows of its plan."""

    def __init__(self, run: PlanRun) -> None:
        self.run, self.origin = run, run.origin_at
        self.problem = reading.read(run.problem)
        self.plan = planning.Plan.from_json(run.plan) if run.plan else None
        self.rows = {row.job: row for row in self.plan.assignments} if self.plan else {}
        self._jobs = _by_id(Job, self.problem.jobs)
        self._people = _by_id(Technician, self.problem.technicians)
        self._bays = _by_id(Bay, self.problem.bays)

    @cached_property
    def changes(self) -> list[Change]:
        """The cars that the plan touches: whom to call first, then by promise."""
        if self.plan is None:
            return []
        found = [self._change(order) for order in self.problem.orders]
        found = [each for each in found if each.moves or each.to_call]
        return sorted(found, key=_call_first)

    @property
    def calls(self) -> list[Change]:
        """Whose customers are to be called: the promise breaks, or the day changes."""
        return [each for each in self.changes if each.to_call or each.needs_consent]

    @property
    def days_only(self) -> int:
        """How many customers are to be called about another day alone."""
        return sum(not each.to_call for each in self.calls)

    @property
    def moves(self) -> list[Move]:
        return [move for change in self.changes for move in change.moves]

    @property
    def kept(self) -> int:
        """How many jobs stay where they are."""
        return len(self.problem.jobs) - len(self.moves)

    @cached_property
    def untouched(self) -> planning.Objective:
        """What it would come to if all stayed with the same people and bays, only later."""
        rows = self.problem.current_of
        jobs = [_held_fast(job, rows.get(job.id)) for job in self.problem.jobs]
        return greedy.keep(replace(self.problem, jobs=tuple(jobs))).objective

    @property
    def objective(self) -> planning.Objective | None:
        return self.plan.objective if self.plan else None

    @property
    def proof_words(self) -> str:
        """What is proved of the plan, by what its own record says came first.

        Until 0.1.0 a plan placed as many jobs as it could before it looked at customers; one kept
        from then names the jobs first.
        """
        made = self.run.plan or {}
        if self.plan is None or "customers_to_call" not in self.plan.bound:
            return reasons.NOT_PROVED
        if self.plan.bound["customers_to_call"] != self.plan.objective.customers_to_call:
            return reasons.NOT_PROVED
        if next(iter(made["objective"])) != planning.LEVELS[0]:
            return reasons.PROVED_OF_AS_MANY_JOBS
        return reasons.PROVED if self.plan.proof == "optimal" else reasons.PROVED_CALLS

    @cached_property
    def at_work(self) -> list[Job]:
        """Begun work of somebody who goes home: only a pause frees it."""
        if self.run.cause.technician_id is None:
            return []
        mine = [
            row.job
            for row in self.problem.running
            if id_of(row.technician) == self.run.cause.technician_id
        ]
        return [self._jobs[id_of(name)] for name in mine]

    @cached_property
    def technician(self) -> Technician | None:
        """Who goes home, if that is the cause."""
        technician_id = self.run.cause.technician_id
        return session.get(Technician, technician_id) if technician_id else None

    @cached_property
    def job(self) -> Job | None:
        """The job that takes longer or waits for its part, if that is the cause."""
        job_id = self.run.cause.job_id
        return session.get(Job, job_id) if job_id else None

    def together_with(self, order_id: int) -> set[int]:
        """The other cars that must move as well, for this one takes the places that they leave."""
        mine = [move for move in self.moves if move.job.order_id == order_id and move.after]
        others = [move for move in self.moves if move.job.order_id != order_id and move.before]
        return {
            other.job.order_id
            for move in mine
            for other in others
            if self._collide(move.after, other.before)
        }

    def _collide(self, one: Spot | None, other: Spot | None) -> bool:
        if one is None or other is None:
            return False
        same_bay = one.bay is not None and one.bay == other.bay
        gap = self.run.branch.buffer_minutes
        close = _minutes(one.starts_at, other.ends_at) < gap
        return (one.technician == other.technician or same_bay) and (
            close and _minutes(other.starts_at, one.ends_at) < gap
        )

    def _change(self, order: planning.Order) -> Change:
        jobs = self.problem.jobs_of[order.id]
        moves = [move for job in jobs if (move := self._move(job)) is not None]
        ends = [self.rows[job.id].end for job in jobs if job.id in self.rows]
        late_after = _late(self.problem, order, ends)
        known = [row.end for job in jobs if (row := self.problem.current_of.get(job.id))]
        late_before = _late(self.problem, order, known)
        is_whole = len(ends) == len(jobs)
        breaks = late_after > 0 and not score.was_late(self.problem, order)
        ready = max(ends, default=0) + self.problem.delivery_minutes
        return Change(
            order=session.get_one(RepairOrder, id_of(order.id)),
            moves=moves,
            late_before=late_before,
            late_after=late_after,
            to_call=breaks or not is_whole,
            ready_at=moment(self.origin, ready) if is_whole and ends else None,
        )

    def _move(self, job: planning.Job) -> Move | None:
        was, row = self.problem.current_of.get(job.id), self.rows.get(job.id)
        if job.is_running:
            return self._longer(job, was) if was else None
        before = self.spot(was, was.end - was.start) if was else None
        if row is None:
            unplaced = self.plan.unplaced if self.plan else ()
            why = reasons.why_unplaced(self.problem, job, self.origin, unplaced)
            return Move(self._jobs[id_of(job.id)], before, None, why=why)
        if was is not None and _place_of(was) == _place_of(row) and was.end == row.end:
            return None
        after, other_day = self.spot(row, job.minutes), False
        if before is not None:
            other_day = self._day(before.starts_at) != self._day(after.starts_at)
        parts_at = self._parts_at(job, was)
        return Move(self._jobs[id_of(job.id)], before, after, other_day, parts_at=parts_at)

    def _parts_at(self, job: planning.Job, was: planning.Assignment | None) -> datetime | None:
        begins = was.start if was else self.problem.now
        is_late = job.ready_at is not None and job.ready_at > begins
        return moment(self.origin, job.ready_at) if is_late and job.ready_at is not None else None

    def _longer(self, job: planning.Job, was: planning.Assignment) -> Move | None:
        """A job that is known to take longer keeps its place, and holds it for longer."""
        if not self._is_known_longer(id_of(job.id)):
            return None
        row = replace(was, end=max(was.end, self.rows[job.id].end))
        before = self.spot(was, was.end - was.start)
        windows = calendar.shifts(before.technician, self._day(before.starts_at))
        span = (before.starts_at, moment(self.origin, row.end))
        minutes = rules.minutes_of(rules.intersect([span], windows))
        ends_at = rules.work_end(before.starts_at, minutes, windows, across=True)
        if ends_at is None or ends_at <= before.ends_at:
            return None
        rests = minutes < rules.minutes_of([(before.starts_at, ends_at)])
        after = replace(before, ends_at=ends_at, minutes=minutes, across=rests)
        return Move(self._jobs[id_of(job.id)], before, after)

    def _is_known_longer(self, job_id: int) -> bool:
        """Whether somebody said so: the controller as the cause, or the technician."""
        cause = self.run.cause
        return job_id in self._asked or (cause.job_id == job_id and cause.minutes > 0)

    @cached_property
    def _asked(self) -> dict[int, int]:
        return more_time.asked_minutes(id_of(row.job) for row in self.problem.running)

    def order_of(self, name: str) -> RepairOrder:
        """The order of a job of the problem."""
        return self._jobs[id_of(name)].order

    def spot(self, row: planning.Assignment, minutes: int) -> Spot:
        """A row of a plan with its people and places; `minutes` is the work without its rests."""
        return Spot(
            technician=self._people[id_of(row.technician)],
            bay=self._bays[id_of(row.bay)] if row.bay else None,
            starts_at=moment(self.origin, row.start),
            ends_at=moment(self.origin, row.end),
            minutes=minutes,
            across=row.end - row.start > minutes,
        )

    def _day(self, at: datetime) -> date:
        return calendar.local_day(self.run.branch, at)


def _by_id(kind: type[M], named: Iterable[Named]) -> dict[int, M]:
    ids = {id_of(each.id) for each in named}
    return {each.id: each for each in session.scalars(select(kind).where(kind.id.in_(ids)))}


def _held_fast(job: planning.Job, row: planning.Assignment | None) -> planning.Job:
    if job.is_running or row is None:
        return job
    return replace(job, pin=replace(job.pin, technician=row.technician, bay=row.bay))


def _late(problem: planning.Problem, order: planning.Order, ends: list[int]) -> int:
    due = problem.due(order)
    return 0 if due is None or not ends else max(0, max(ends) - due)


def _place_of(row: planning.Assignment) -> tuple[str, str | None, int]:
    return row.technician, row.bay, row.start


def _minutes(later: datetime, earlier: datetime) -> float:
    return (later - earlier).total_seconds() / 60


def _call_first(change: Change) -> tuple[bool, bool, bool, float]:
    promised_at = change.order.promised_at
    due = promised_at.timestamp() if promised_at else float("inf")
    return not change.to_call, not change.needs_consent, not change.order.stays, due
