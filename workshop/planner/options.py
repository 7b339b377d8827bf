"""Where each job could go at all: technicians, bays that stand for each other, and starts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from graphlib import TopologicalSorter
from itertools import product

from workshop.planner.problem import Interval, Job, Order, Problem
from workshop.planner.windows import Window, windows


@dataclass(frozen=True)
class Group:
    """Technicians, or bays, that can stand for each other: same hours, fit for the same jobs.

    It is enough to count how many are busy; who of them does which job is settled afterwards,
    from left to right.
    """

    hours: tuple[Interval, ...]
    ids: tuple[str, ...]


@dataclass(frozen=True)
class Options:
    """A job's groups of technicians and of bays, by their place, and its starts with each pair.

    The bays' place is None for a job that needs no bay.
    """

    people: tuple[int, ...]
    bays: tuple[int, ...]
    windows: dict[tuple[int, int | None], tuple[Window, ...]]

    def all_windows(self) -> list[Window]:
        """The windows of every pair, in order, each once."""
        return sorted({window for found in self.windows.values() for window in found})


class Layout:
    """What stays the same in every model of a problem: groups, options and soonest ends.

    `apart` takes each technician and bay alone, which is slower and only needed where it counts
    who stays where.
    """

    def __init__(self, problem: Problem, *, apart: bool) -> None:
        self.problem = problem
        self.people = people_groups(problem, apart=apart)
        self.bays = bay_groups(problem, apart=apart)
        self.options = options_of(problem, self.people, self.bays)
        self.soonest = earliest_ends(problem, self.options)
        self.latest = max(
            [row.end for row in problem.running]
            + [
                window.last + problem.job_of[name].minutes + window.pause
                for name, options in self.options.items()
                for window in options.all_windows()
            ],
            default=problem.now,
        )
        self.person_of = {name: at for at, group in enumerate(self.people) for name in group.ids}
        self.place_of = {name: at for at, group in enumerate(self.bays) for name in group.ids}

    def minute(self, absolute: int) -> int:
        """A minute of the problem as the models count it: from `now`."""
        return absolute - self.problem.now

    @property
    def is_apart(self) -> bool:
        """Whether nobody and no bay is counted together with another."""
        return all(len(group.ids) == 1 for group in (*self.people, *self.bays))


def people_groups(problem: Problem, *, apart: bool) -> list[Group]:
    """The technicians in groups, or each alone.

    One whom a pin names, or whose running job has its start still ahead, is always alone: the
    settling from left to right could not keep it.
    """
    alone = {job.pin.technician for job in problem.jobs if not job.is_running}
    alone |= {row.technician for row in problem.running if row.start > problem.now}
    needs = {frozenset(job.needs.items()): job for job in problem.jobs if not job.is_running}
    found = defaultdict(list)
    for each in problem.technicians:
        name = each.id if apart or each.id in alone else None
        fit = frozenset(need for need, job in needs.items() if each.can(job))
        found[each.shifts, fit, name].append(each.id)
    return [Group(hours, tuple(ids)) for (hours, _, _), ids in found.items()]


def bay_groups(problem: Problem, *, apart: bool) -> list[Group]:
    """The bays in groups, or each alone; the same bays are always alone as with technicians."""
    alone = {job.pin.bay for job in problem.jobs if not job.is_running}
    alone |= {row.bay for row in problem.running if row.start > problem.now}
    found = defaultdict(list)
    for each in problem.bays:
        name = each.id if apart or each.id in alone else None
        found[each.open, each.kind, name].append(each.id)
    return [Group(hours, tuple(ids)) for (hours, _, _), ids in found.items()]


def options_of(problem: Problem, people: list[Group], bays: list[Group]) -> dict[str, Options]:
    """The options of each job that is not running; a job that cannot be placed is left out."""
    found: dict[str, Options] = {}
    for name in TopologicalSorter({job.id: job.after for job in problem.jobs}).static_order():
        job = problem.job_of[name]
        if job.is_running or not all(_can_end(problem, found, each) for each in job.after):
            continue
        options = _options(problem, job, people, bays)
        if options.windows:
            found[name] = options
    return found


def _can_end(problem: Problem, found: dict[str, Options], name: str) -> bool:
    return name in found or problem.job_of[name].is_running


def _options(problem: Problem, job: Job, people: list[Group], bays: list[Group]) -> Options:
    persons = _places(people, {each.id for each in problem.technicians_for(job)})
    places: list[int | None] = [None]
    if job.bay_kinds:
        places = [*_places(bays, {each.id for each in problem.bays_for(job)})]
    found = {}
    for person, place in product(persons, places):
        hours = None if place is None else bays[place].hours
        if starts := _starts(problem, job, people[person].hours, hours):
            found[person, place] = starts
    return Options(
        people=tuple(sorted({person for person, _ in found})),
        bays=tuple(sorted({place for _, place in found if place is not None})),
        windows=found,
    )


def _places(groups: list[Group], allowed: set[str]) -> list[int]:
    return [at for at, group in enumerate(groups) if allowed.intersection(group.ids)]


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
                for first, last, pause in options[name].all_windows()
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
