"""What is missing for a job that a plan has no place for, whatever else is to be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workshop.planner.problem import Interval, Job, Plan, Problem


@dataclass(frozen=True)
class Obstacle:
    """The missing thing: skill, skills, shift, bay, ready, after, length or full; what names it."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


def obstacle_of(problem: Problem, job: Job, unplaced: Sequence[str] = ()) -> Obstacle:
    """The first thing that is missing for the job; `unplaced` are the jobs without a place."""
    able = [each for each in problem.technicians if each.can(job)]
    on_shift = [each for each in able if any(end > problem.now for _, end in each.shifts)]
    if not on_shift:
        return _no_hands(problem, job, bool(able))
    bays = [bay for bay in problem.bays if bay.kind in job.bay_kinds]
    if job.bay_kinds and not any(end > problem.now for bay in bays for _, end in bay.open):
        return Obstacle("bay", {"kinds": list(job.bay_kinds)})
    last = max(end for each in on_shift for _, end in each.shifts)
    if problem.earliest(job) >= last:
        return Obstacle("ready", {"ready": problem.earliest(job)})
    before = [name for name in job.after if name in unplaced]
    if before:
        return Obstacle("after", {"job": before[0]})
    longest = max(_longest(each.shifts) for each in on_shift)
    if not job.splittable and longest < job.minutes:
        return Obstacle("length", {"minutes": job.minutes, "longest": longest})
    return Obstacle("full")


def lines(problem: Problem, plan: Plan) -> list[str]:
    """A line in words for each job that the plan has no place for, naming what is missing."""
    return [_line(problem, problem.job_of[name], plan.unplaced) for name in plan.unplaced]


def _no_hands(problem: Problem, job: Job, somebody: bool) -> Obstacle:
    if not job.needs:
        return Obstacle("shift", {"skill": None, "level": job.level})
    found = [(each, level, _best(problem, each)) for each, level in job.needs.items()]
    unmet = [each for each in found if each[2] < each[1]]
    skill, level, best = (unmet or found)[0]
    # Each is held by somebody, and nobody has them all.
    nobody = "skill" if unmet else "skills"
    return Obstacle("shift" if somebody else nobody, {"skill": skill, "level": level, "best": best})


def _best(problem: Problem, skill: str) -> int:
    return max((each.skills.get(skill, 0) for each in problem.technicians), default=0)


def _longest(spans: Sequence[Interval]) -> int:
    return max((end - start for start, end in spans), default=0)


def _line(problem: Problem, job: Job, unplaced: Sequence[str]) -> str:
    obstacle = obstacle_of(problem, job, unplaced)
    return f"unplaced {job.id!r}: {_WORDS[obstacle.code](obstacle.values)}"


def _skill_words(values: Mapping[str, Any]) -> str:
    best = f" (the best has level {values['best']})" if values["best"] else ""
    return f"no technician has {_skill(values)}{best}"


def _skills_words(values: Mapping[str, Any]) -> str:
    return f"no technician has {_skill(values)} together with the others"


def _shift_words(values: Mapping[str, Any]) -> str:
    who = "nobody" if values["skill"] is None else f"nobody with {_skill(values)}"
    return f"{who} is on shift"


def _skill(values: Mapping[str, Any]) -> str:
    return f"the skill {values['skill']!r} at level {values['level']}"


_WORDS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "skill": _skill_words,
    "skills": _skills_words,
    "shift": _shift_words,
    "bay": lambda values: f"no bay of the kind {' or '.join(map(repr, values['kinds']))} is open",
    "ready": lambda values: f"cannot start before minute {values['ready']}, after the last shift",
    "after": lambda values: f"waits for {values['job']!r}, which has no place",
    "length": lambda values: (
        f"takes {values['minutes']} minutes; the longest shift has {values['longest']}"
    ),
    "full": lambda _values: "no time is left for it, unless another car gives way",
}
