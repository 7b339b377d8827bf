"""Where each job could go at all: technicians, bays that stand for each other, and starts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from graphlib import TopologicalSorter
from itertools import product

from workshop.steps.scheduling.problem import Interval, Job, Order, Problem, Technician
from workshop.steps.scheduling.windows import Window, windows


@dataclass(frozen=True)
class BayGroup:
    """Bays of one kind with the same hours: it is enough to count how many are taken.

    Which job gets which of them is settled afterwards, from left to right.
    """

    kind: str
    hours: tuple[Interval, ...]
    bays: tuple[str, ...]


@dataclass(frozen=True)
class Options:
    """A job's technicians, groups of bays (by place in the list) and starts with each pair.

    The group is None for a job that needs no bay.
    """

    technicians: tuple[Technician, ...]
    groups: tuple[int, ...]
    windows: dict[tuple[tuple[Interval, ...], int | None], tuple[Window, ...]]

    @property
    def first_end_after(self) -> list[tuple[int, int, int]]:
        """All windows as (first, last, pause), in order."""
        return sorted({window for found in self.windows.values() for window in found})


def bay_groups(problem: Problem, *, apart: bool) -> list[BayGroup]:
    """The bays in groups, or each by itself.

    A bay that a pin names, or in which a running job has its start still ahead, is always by
    itself: the settling from left to right could not keep it.
    """
    single = {job.pin.bay for job in problem.jobs if not job.is_running}
    single |= {row.bay for row in problem.running if row.start > problem.now}
    found = defaultdict(list)
    for bay in problem.bays:
        alone = bay.id if apart or bay.id in single else None
        found[bay.kind, bay.open, alone].append(bay.id)
    return [BayGroup(kind, hours, tuple(ids)) for (kind, hours, _), ids in found.items()]


def options_of(problem: Problem, groups: list[BayGroup]) -> dict[str, Options]:
    """The options of each job that is not running; a job that cannot be placed is left out."""
    found: dict[str, Options] = {}
    for name in TopologicalSorter({job.id: job.after for job in problem.jobs}).static_order():
        job = problem.job_of[name]
        if job.is_running or not all(_can_end(problem, found, each) for each in job.after):
            continue
        options = _options(problem, groups, job)
        if options.windows:
            found[name] = options
    return found


def _can_end(problem: Problem, found: dict[str, Options], name: str) -> bool:
    return name in found or problem.job_of[name].is_running


def _options(problem: Problem, groups: list[BayGroup], job: Job) -> Options:
    allowed = {bay.id for bay in problem.bays_for(job)}
    places: list[int | None] = [None]
    if job.bay_kinds:
        places = [at for at, group in enumerate(groups) if allowed.intersection(group.bays)]
    technicians = problem.technicians_for(job)
    found = {}
    for shifts, place in product({each.shifts: None for each in technicians}, places):
        hours = None if place is None else groups[place].hours
        if starts := _starts(problem, job, shifts, hours):
            found[shifts, place] = starts
    return Options(
        technicians=tuple(t for t in technicians if any(t.shifts == shifts for shifts, _ in found)),
        groups=tuple(sorted({place for _, place in found if place is not None})),
        windows=found,
    )


def _starts(
    problem: Problem,
    job: Job,
    shifts: tuple[Interval, ...],
    hours: tuple[Interval, ...] | None,
) -> tuple[Window, ...]:
    found = windows(job, shifts, hours, problem.earliest(job))
    pinned = job.pin.start
    if pinned is None:
        return tuple(found)
    return tuple(Window(pinned, pinned, w.pause) for w in found if w.first <= pinned <= w.last)


def earliest_ends(problem: Problem, options: dict[str, Options]) -> dict[str, int]:
    """The first minute at which each job that can be placed could end, if nothing were busy."""
    found = {row.job: row.end for row in problem.running}
    for name in TopologicalSorter({job.id: job.after for job in problem.jobs}).static_order():
        if name in options:
            job = problem.job_of[name]
            ready = max((found[each] for each in job.after), default=problem.now)
            ends = [
                max(first, ready) + job.minutes + pause
                for first, last, pause in options[name].first_end_after
                if last >= ready
            ]
            found[name] = min(ends, default=ready + job.minutes)
    return found


def soonest_end(problem: Problem, order: Order, ends: dict[str, int]) -> int | None:
    """When the order's last job could end, if no other car were there; None without jobs."""
    jobs = [job for job in problem.jobs_of[order.id] if job.id in ends]
    planned = [job for job in jobs if not job.is_running]
    if not jobs:
        return None
    # One car: the jobs come one after another, after the first of them can start.
    first = min((problem.earliest(job) for job in planned), default=problem.now)
    return max([ends[job.id] for job in jobs] + [first + sum(job.minutes for job in planned)])
