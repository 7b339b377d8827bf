"""What is said of a plan: its proof, and why it has no place for a job, in the shop's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from workshop.db import session
from workshop.errors import N_, Missing
from workshop.orders.models import Job as OrderJob
from workshop.planner import unplaced as reasons
from workshop.planner.problem import Job, Problem
from workshop.shop.models import BayKind, Skill
from workshop.steps.scheduling.replanning.situation import id_of, moment

# What the page says of a plan's proof.
PROVED = N_("Proved: no plan calls fewer customers.")
PROVED_CALLS = N_("Proved: no plan calls fewer customers; smaller things may still get better.")
PROVED_OF_AS_MANY_JOBS = N_("Proved: no plan that places as many jobs calls fewer customers.")
NOT_PROVED = N_("The best plan found in the time there was.")

_SKILL = N_("No such skill on any shift: “%(skill)s” at level %(level)s.")
_LEVEL = N_(
    "No such skill on any shift: “%(skill)s” at level %(level)s; the best has level %(best)s."
)
_NOT_ALL = N_("Nobody has all the skills: “%(skill)s” at level %(level)s is missing.")
_MESSAGES = {
    "bay": N_("No bay here is fit for this work: %(kinds)s."),
    "ready": N_("It cannot begin before %(ready)s, after the days that are planned."),
    "after": N_("It waits for %(job)s, which has no place."),
    "length": N_("No shift is long enough for its %(minutes)s min."),
    "full": N_("No time is left for it on these days, unless another car gives way."),
}


def why_unplaced(
    problem: Problem, job: Job, origin_at: datetime, unplaced: Sequence[str] = ()
) -> Missing:
    """The first thing that is missing for the job, whatever else is on the board."""
    obstacle = reasons.obstacle_of(problem, job, unplaced)
    values = dict(obstacle.values)
    if obstacle.code in ("skill", "skills", "shift"):
        return _nobody(obstacle.code, values)
    if obstacle.code == "bay":
        values["kinds"] = [BayKind(kind) for kind in values["kinds"]]
    elif obstacle.code == "ready":
        values["ready"] = moment(origin_at, values["ready"])
    elif obstacle.code == "after":
        before = session.get_one(OrderJob, id_of(values["job"]))
        values["job"] = f"{before.title_zh} / {before.title_en}"
    return Missing(_MESSAGES[obstacle.code], obstacle.code, values)


def _nobody(code: str, values: Mapping[str, Any]) -> Missing:
    if values["skill"] is None:
        return Missing(N_("Nobody is at work on the days that are planned."), "shift")
    skill = session.get_one(Skill, id_of(values["skill"]))
    named = {**values, "skill": f"{skill.name_zh} / {skill.name_en}"}
    if code == "shift":
        message = N_("Nobody with the skill “%(skill)s” at level %(level)s is at work.")
        return Missing(message, code, named)
    if code == "skills":
        return Missing(_NOT_ALL, code, named)
    return Missing(_LEVEL if values["best"] else _SKILL, code, named)
