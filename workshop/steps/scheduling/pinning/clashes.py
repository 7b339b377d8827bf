"""Fixed cards that cannot stay where they are fixed: named one by one, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass

from workshop.allocation.models import Allocation
from workshop.db import session
from workshop.errors import N_, Missing
from workshop.orders.models import Job
from workshop.planner import pins
from workshop.planner import problem as planning
from workshop.planner.windows import windows
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.replanning.situation import Situation, id_of, moment


@dataclass(frozen=True)
class Clash:
    """A card that cannot stay where somebody fixed it, and why not."""

    job: Job
    allocation: Allocation
    why: Missing


def list_clashes(found: Situation) -> list[Clash]:
    """The fixed cards that the rules, or what already runs, do not leave where they are."""
    problem = found.problem
    paths = {job.id: job.id for job in problem.jobs}
    named = {fault.split(".", 1)[0] for fault in pins.faults(problem, paths, paths)}
    return [
        _clash(found, job) for job in problem.jobs if job.id in named and job.pin != planning.Pin()
    ]


def _clash(found: Situation, job: planning.Job) -> Clash:
    row = session.get_one(Job, id_of(job.id))
    allocation = scheduling.get_live(row)
    return Clash(row, allocation, _why(found, job, allocation))


def _why(found: Situation, job: planning.Job, allocation: Allocation) -> Missing:
    """The first thing that a person could put right."""
    pin, problem, name = job.pin, found.problem, allocation.technician.name
    person = problem.technician_of[pin.technician] if pin.technician else None
    if person is not None and not person.can(job):
        message = N_("%(technician)s is not qualified for it.")
        return Missing(message, "skill", {"technician": name})
    if pin.bay is not None and problem.bay_of[pin.bay].kind not in job.bay_kinds:
        code = allocation.bay.code if allocation.bay else ""
        return Missing(N_("Bay %(bay)s is not fit for it."), "bay", {"bay": code})
    if pin.start is not None:
        earliest = problem.earliest(job)
        if pin.start < problem.now:
            message = N_("Its start, %(start)s, is over.")
            return Missing(message, "past", {"start": allocation.starts_at})
        if pin.start < earliest:
            message = N_("It cannot begin before %(time)s: the car or its parts are not there.")
            return Missing(message, "early", {"time": moment(found.origin_at, earliest)})
        if person is not None and not _works(job, person):
            message = N_("%(technician)s is not at work for all of that time.")
            return Missing(message, "absent", {"technician": name})
    return Missing(N_("Work that has begun, or another fixed card, is in the way."), "taken")


def _works(job: planning.Job, person: planning.Technician) -> bool:
    start = job.pin.start or 0
    return any(each.first == start for each in windows(job, person.shifts, None, start))
