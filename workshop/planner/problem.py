"""The planner's words: what is to be planned, and what a plan is (docs: plan-format.md).

All times are whole minutes from one origin of the caller's choice. Nothing here knows the
database, the clock or the solver. `reading.py` makes a `Problem` from JSON and finds its faults.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import cached_property
from typing import Any

Interval = tuple[int, int]


class BadProblem(ValueError):
    """The input breaks a rule of the format; `faults` has one `path: reason` line for each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class NoPlan(RuntimeError):
    """The time ran out before any plan was found that keeps what must be kept."""


@dataclass(frozen=True)
class Technician:
    """Who works: the level of each skill, and the intervals in which work is possible."""

    id: str
    skills: Mapping[str, int]
    shifts: tuple[Interval, ...]

    def can(self, job: Job) -> bool:
        """Whether the skill is enough; a job without a skill may be done by anyone."""
        return all(self.skills.get(skill, level - 1) >= level for skill, level in job.needs.items())


@dataclass(frozen=True)
class Bay:
    """Where work is done: its kind, and when it is open."""

    id: str
    kind: str
    open: tuple[Interval, ...]


@dataclass(frozen=True)
class Order:
    """One car and its customer; `promised` is the minute the customer was told, if any."""

    id: str
    promised: int | None = None
    waiting: bool = False
    comeback: bool = False
    ready_at: int | None = None


@dataclass(frozen=True)
class Pin:
    """What a person fixed of a job; None leaves that part free."""

    technician: str | None = None
    bay: str | None = None
    start: int | None = None


@dataclass(frozen=True)
class Job:
    """One scheduled piece of work; no `bay_kinds` means that it needs no bay.

    `also` are the levels of further skills: who does several operations in one go needs them all.
    """

    id: str
    order: str
    minutes: int
    skill: str | None = None
    level: int = 1
    bay_kinds: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    ready_at: int | None = None
    splittable: bool = False
    running_since: int | None = None
    pin: Pin = Pin()
    also: Mapping[str, int] = field(default_factory=dict)

    @property
    def needs(self) -> dict[str, int]:
        """By skill: the level that it asks for."""
        own = {} if self.skill is None else {self.skill: self.level}
        return {**self.also, **own}

    @property
    def is_running(self) -> bool:
        return self.running_since is not None


@dataclass(frozen=True)
class Assignment:
    """Who does a job, where and when; `bay` is None for a job that needs none."""

    job: str
    technician: str
    bay: str | None
    start: int
    end: int


@dataclass(frozen=True)
class Problem:
    """Everything the planner may know; `current` is the plan in force, empty for a first plan."""

    now: int
    buffer_minutes: int
    delivery_minutes: int
    technicians: tuple[Technician, ...]
    bays: tuple[Bay, ...]
    orders: tuple[Order, ...]
    jobs: tuple[Job, ...]
    current: tuple[Assignment, ...] = ()

    @cached_property
    def technician_of(self) -> dict[str, Technician]:
        return {each.id: each for each in self.technicians}

    @cached_property
    def bay_of(self) -> dict[str, Bay]:
        return {each.id: each for each in self.bays}

    @cached_property
    def order_of(self) -> dict[str, Order]:
        return {each.id: each for each in self.orders}

    @cached_property
    def job_of(self) -> dict[str, Job]:
        return {each.id: each for each in self.jobs}

    @cached_property
    def jobs_of(self) -> dict[str, tuple[Job, ...]]:
        """The jobs of each order, by the order's id."""
        return {
            order.id: tuple(job for job in self.jobs if job.order == order.id)
            for order in self.orders
        }

    @cached_property
    def current_of(self) -> dict[str, Assignment]:
        """The row of each job in the plan in force."""
        return {each.job: each for each in self.current}

    @cached_property
    def running(self) -> tuple[Assignment, ...]:
        """Where the running jobs stay, in any plan: facts that no rule can undo."""
        return tuple(self._running_row(job) for job in self.jobs if job.is_running)

    def _running_row(self, job: Job) -> Assignment:
        row = self.current_of[job.id]
        end = max(self.now, (job.running_since or 0) + job.minutes)
        return Assignment(job.id, row.technician, row.bay, row.start, end)

    def earliest(self, job: Job) -> int:
        """The first minute at which a job that is not running may start."""
        known = (self.now, job.ready_at, self.order_of[job.order].ready_at)
        return max(minute for minute in known if minute is not None)

    def blocked_until(self, end: int) -> int:
        """Until when technician and bay stay taken after work that ends then: the buffer."""
        return end + self.buffer_minutes

    def due(self, order: Order) -> int | None:
        """When the order's last job must end, or the customer is told too late."""
        return None if order.promised is None else order.promised - self.delivery_minutes

    def technicians_for(self, job: Job) -> list[Technician]:
        """Who may do the job, by skill and pin."""
        pinned = job.pin.technician
        return [t for t in self.technicians if t.can(job) and pinned in (None, t.id)]

    def bays_for(self, job: Job) -> list[Bay]:
        """Which bays may host the job, by kind and pin."""
        pinned = job.pin.bay
        return [b for b in self.bays if b.kind in job.bay_kinds and pinned in (None, b.id)]


@dataclass(frozen=True, order=True)
class Objective:
    """What a plan costs; compared level by level, smallest first, in this order.

    Customers come before jobs: when there is more work than time, one whole order comes another
    day rather than one job of each of four. (Until 0.1.0 jobs without a place stood first; a plan
    kept from then has its levels in that order.)
    """

    customers_to_call: int = 0
    waiting_to_call: int = 0
    comebacks_to_call: int = 0
    unplaced: int = 0
    late_minutes: int = 0
    jobs_moved: int = 0
    completion_minutes: int = 0


LEVELS = tuple(each.name for each in fields(Objective))


@dataclass(frozen=True)
class Plan:
    """An answer: `proof` is "optimal" when every level was proved, else "feasible"."""

    assignments: tuple[Assignment, ...]
    unplaced: tuple[str, ...]
    objective: Objective
    proof: str = "feasible"
    bound: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """The plan as the format page writes it, ready for `json.dumps`."""
        return {
            "assignments": [asdict(row) for row in self.assignments],
            "unplaced": list(self.unplaced),
            "objective": asdict(self.objective),
            "proof": self.proof,
            "bound": dict(self.bound),
            "seconds": round(self.seconds, 3),
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Plan:
        """A plan that `as_json` wrote, for instance in the planner's own process."""
        return cls(
            assignments=tuple(Assignment(**row) for row in raw["assignments"]),
            unplaced=tuple(raw["unplaced"]),
            objective=Objective(**raw["objective"]),
            proof=raw["proof"],
            bound=dict(raw["bound"]),
            seconds=raw["seconds"],
        )


def as_json(problem: Problem) -> dict[str, Any]:
    """The problem as the format page writes it, ready for `json.dumps`."""
    raw = asdict(problem)
    for job in raw["jobs"]:
        pin = {name: value for name, value in job.pop("pin").items() if value is not None}
        job["pinned"] = pin or None
        if not job["also"]:
            del job["also"]
    for each in (*raw["jobs"], *raw["orders"]):
        if each["ready_at"] is None:
            del each["ready_at"]
    # Through text and back, so that it is made of what JSON has: lists, not tuples.
    made: dict[str, Any] = json.loads(json.dumps(raw))
    return made
