"""What is missing before a job is split, or two are joined; nothing changes once work has begun."""

from __future__ import annotations

from datetime import date

from workshop.db import session
from workshop.errors import N_, Missing
from workshop.orders.models import Job, JobState
from workshop.orders.work import rules
from workshop.shop import queries as shop
from workshop.shop.models import BayKind, Branch, Skill


def missing_to_split(job: Job) -> list[Missing]:
    """Why the job stays in one piece."""
    if len(job.lines) < 2:
        return [Missing(N_("There is only one line in this job."), "one_line")]
    return _missing_of(job)


def read_hands(branch: Branch) -> shop.Skills:
    """What each technician of the branch holds, to ask for several jobs."""
    return shop.skills_of(shop.list_technicians(branch))


def missing_to_join(job: Job, other: Job, hands: shop.Skills, day: date) -> list[Missing]:
    """Why the two cannot be done in one go; names the skill that nobody has beside the others."""
    if job.kind.is_rework or other.kind.is_rework:
        return [Missing(N_("Rework stays a job of its own."), "rework")]
    found = [*_missing_of(job), *_missing_of(other)]
    lines = [*job.lines, *other.lines]
    if rules.common_bays(lines) is None:
        kinds = [BayKind(kind) for kind in other.bay_kinds]
        words = N_("No kind of bay is fit for both; this one needs: %(kinds)s.")
        found.append(Missing(words, "bay", {"kinds": kinds}))
    return found or _missing_hands(hands, rules.skills_of(lines), day)


def _missing_of(job: Job) -> list[Missing]:
    if job.state is not JobState.WAITING or job.started_at is not None:
        return [Missing(N_("Work on this job has begun; it stays as it is."), "begun")]
    return []


def _missing_hands(hands: shop.Skills, needed: dict[int, int], day: date) -> list[Missing]:
    """A skill that nobody has who has the others as well."""
    unmet = [list(shop.list_unmet(held, needed, day)) for held in hands.values()]
    if not all(unmet) or not needed:
        return []
    # Of who is nearest to it, the first that is not there.
    nearest = min(unmet, key=len, default=list(needed))
    skill_id = nearest[0]
    values = {"skill": session.get_one(Skill, skill_id), "level": needed[skill_id]}
    words = N_("Nobody has all the skills: “%(skill)s” at level %(level)s is missing.")
    return [Missing(words, "skill", values)]
