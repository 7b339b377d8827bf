"""Why a plan has no place for a job: the missing thing by its name."""

from __future__ import annotations

from datetime import datetime

from workshop.db import session
from workshop.errors import N_, Missing
from workshop.shop.models import BayKind, Skill
from workshop.steps.scheduling.planning.problem import Job, Problem, Technician
from workshop.steps.scheduling.replanning.situation import id_of, moment


def why_unplaced(problem: Problem, job: Job, origin_at: datetime) -> Missing:
    """The first thing that is missing for the job, whatever else is on the board."""
    able = [each for each in problem.technicians if each.can(job)]
    on_shift = [each for each in able if any(end > problem.now for _, end in each.shifts)]
    if not on_shift:
        return _no_hands(job, bool(able))
    bays = [bay for bay in problem.bays if bay.kind in job.bay_kinds]
    if job.bay_kinds and not bays:
        return Missing(N_("No bay here is fit for this work: %(kinds)s."), "bay", _kinds(job))
    last = max(end for each in on_shift for _, end in each.shifts)
    if problem.earliest(job) >= last:
        ready_at = moment(origin_at, problem.earliest(job))
        message = N_("It cannot begin before %(ready)s, after the days that are planned.")
        return Missing(message, "ready", {"ready": ready_at})
    if not job.splittable and _longest(on_shift) < job.minutes:
        message = N_("No shift is long enough for its %(minutes)s min.")
        return Missing(message, "length", {"minutes": job.minutes})
    return Missing(N_("No time is left for it on the days that are planned."), "full")


def _no_hands(job: Job, somebody: bool) -> Missing:
    if job.skill is None:
        return Missing(N_("Nobody is at work on the days that are planned."), "shift")
    skill = session.get_one(Skill, id_of(job.skill))
    values = {"skill": f"{skill.name_zh} / {skill.name_en}", "level": job.level}
    if somebody:
        message = N_("Nobody with the skill “%(skill)s” at level %(level)s is at work.")
        return Missing(message, "shift", values)
    message = N_("No such skill on any shift: “%(skill)s” at level %(level)s.")
    return Missing(message, "skill", values)


def _kinds(job: Job) -> dict[str, object]:
    return {"kinds": [BayKind(kind) for kind in job.bay_kinds]}


def _longest(people: list[Technician]) -> int:
    return max(end - start for each in people for start, end in each.shifts)
