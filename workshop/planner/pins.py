"""What people fixed and what already runs, held against the rules and against each other.

A running job is a fact: neither skill, bay kind nor shift is asked of it, and two of them may
meet. Everything that is still to be planned must fit around them, pins included.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from workshop.planner.options import bay_groups, earliest_ends, options_of, people_groups
from workshop.planner.problem import Assignment, Job, Problem
from workshop.planner.windows import windows


@dataclass(frozen=True)
class _Fixed:
    """A job with a pinned start: every technician and bay that could keep it, and its end."""

    job: Job
    options: tuple[Assignment, ...]


def faults(
    problem: Problem, job_paths: Mapping[str, str], row_paths: Mapping[str, str]
) -> list[str]:
    """Each contradiction that can be seen without a search, as `path: reason`.

    What only a search can find, three pins for two technicians, the planner finds.
    """
    found = []
    people, bays = people_groups(problem, apart=False), bay_groups(problem, apart=False)
    ends = earliest_ends(problem, options_of(problem, people, bays))
    for job in problem.jobs:
        if job.is_running:
            reasons = _running_faults(problem, job, row_paths)
        else:
            reasons = _pin_faults(problem, job, ends)
        found += [f"{job_paths[job.id]}.{reason}" for reason in reasons]
    if not found:
        found = [f"{job_paths[job.id]}.{reason}" for job, reason in _meetings(problem)]
    return found


def _running_faults(problem: Problem, job: Job, row_paths: Mapping[str, str]) -> Iterator[str]:
    since = job.running_since or 0
    if since > problem.now:
        yield f"running_since: {since} is after now, {problem.now}"
    for name in job.after:
        if not problem.job_of[name].is_running:
            yield f"running_since: {name!r}, which must end first, has not started"
    row = problem.current_of[job.id]
    if row.start > max(problem.now, since + job.minutes):
        yield f"running_since: the job would end before the start of {row_paths[job.id]}"
    kept = {"technician": row.technician, "bay": row.bay, "start": row.start}
    for name, value in kept.items():
        pinned = getattr(job.pin, name)
        if pinned is not None and pinned != value:
            yield f"pinned.{name}: the job runs, and its row in current says {value!r}"


def _pin_faults(problem: Problem, job: Job, ends: Mapping[str, int]) -> Iterator[str]:
    pin = job.pin
    if pin.technician and not problem.technician_of[pin.technician].can(job):
        wanted = " and ".join(f"{skill!r} at level {level}" for skill, level in job.needs.items())
        yield f"pinned.technician: {pin.technician!r} has no {wanted}"
    if pin.bay and problem.bay_of[pin.bay].kind not in job.bay_kinds:
        wanted = " or ".join(job.bay_kinds) or "no bay"
        yield f"pinned.bay: {pin.bay!r} is a {problem.bay_of[pin.bay].kind}, wanted is {wanted}"
    if pin.start is None:
        return
    if pin.start < (earliest := problem.earliest(job)):
        yield f"pinned.start: {pin.start} is before the earliest start, {earliest}"
        return
    for name in job.after:
        if name not in ends:
            yield f"pinned.start: {name!r}, which must end first, has no place"
        elif pin.start < ends[name]:
            yield f"pinned.start: {pin.start} is before {name!r} can end, at {ends[name]}"
    if not _options(problem, job):
        yield f"pinned.start: nobody who may do it can start at {pin.start} and end in time"


def _options(problem: Problem, job: Job) -> tuple[Assignment, ...]:
    """Every technician and bay with whom a job can start at its pinned minute."""
    start = job.pin.start or 0
    found = []
    for technician in problem.technicians_for(job):
        for bay in problem.bays_for(job) if job.bay_kinds else [None]:
            hours = bay.open if bay else None
            for window in windows(job, technician.shifts, hours, start):
                if window.first == start:
                    end = start + job.minutes + window.pause
                    name = bay.id if bay else None
                    found.append(Assignment(job.id, technician.id, name, start, end))
    return tuple(found)


def _meetings(problem: Problem) -> Iterator[tuple[Job, str]]:
    """Pinned starts that cannot be kept beside a running job or beside each other."""
    fixed = []
    for job in problem.jobs:
        if job.pin.start is None or job.is_running:
            continue
        options = _options(problem, job)
        for row in problem.running:
            options = tuple(each for each in options if not _clash(problem, each, row))
        if options:
            fixed.append(_Fixed(job, options))
        else:
            yield job, "pinned.start: a running job is in the way"
    for one, other in combinations(fixed, 2):
        if all(_clash(problem, a, b) for a in one.options for b in other.options):
            yield other.job, f"pinned.start: cannot be kept together with the pin of {one.job.id!r}"


def _clash(problem: Problem, one: Assignment, other: Assignment) -> bool:
    first, second = problem.job_of[one.job], problem.job_of[other.job]
    if second.id in first.after and other.end > one.start:
        return True
    if first.id in second.after and one.end > other.start:
        return True
    if first.order == second.order and _apart(one, other) < 0:
        return True
    shared = one.technician == other.technician or (one.bay is not None and one.bay == other.bay)
    return shared and _apart(one, other) < problem.buffer_minutes


def _apart(one: Assignment, other: Assignment) -> int:
    """Minutes from the end of the one to the start of the next; negative when they overlap."""
    return max(other.start - one.end, one.start - other.end)
