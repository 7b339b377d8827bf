"""Whether a technician and a bay are fit for a job: skill, level, certificate, kind of bay."""

from __future__ import annotations

from datetime import date

from workshop.allocation import service as allocations
from workshop.allocation import team
from workshop.errors import N_, Invalid, Missing, RuleBroken, require
from workshop.orders.models import Job
from workshop.shop import queries as shop
from workshop.shop.models import Bay, BayKind, Technician, TechnicianSkill


def check_fit(job: Job, technician: Technician, bay: Bay | None, day: date) -> None:
    """Raise RuleBroken, with the fact in words, unless both are fit for the job on that day.

    Whoever helps with it comes along, and must be fit for it then as well.
    """
    _check_skill(job, technician, day)
    _check_bay(job, bay)
    helper = team.helper_of(allocations.find_live(job.id))
    if helper is not None:
        require(missing_to_help(job, helper.technician, day))


def is_fit(job: Job, technician: Technician, day: date) -> bool:
    """Whether the technician may do the job on that day."""
    held = shop.skills_of([technician])[technician.id]
    return shop.can_do(held, job.skill_id, job.level, day)


def missing_skill(job: Job, technician: Technician, day: date) -> list[Missing]:
    """What the technician lacks of skill to do the job on that day: nothing, or one fact.

    An expired certificate closes its jobs to its holder, whatever was planned before.
    """
    if job.skill is None or is_fit(job, technician, day):
        return []
    skill = shop.skills_of([technician])[technician.id].get(job.skill.id)
    values = {
        "technician": technician.name,
        "level": job.level,
        "held": skill.level if skill else 0,
        "expired": skill.expires_on.isoformat() if skill and skill.expires_on else "",
    }
    return [Missing(_why_unfit(job, skill, day), "skill", values)]


def missing_to_help(job: Job, technician: Technician, day: date) -> list[Missing]:
    """What a second technician lacks to help with the job on that day: nothing, or one fact.

    No skill is asked for beside somebody who has it; but whoever comes near high voltage is
    certified (domain.md step 5).
    """
    if job.skill is None or job.skill.code != shop.HIGH_VOLTAGE:
        return []
    held = shop.skills_of([technician])[technician.id]
    if shop.can_do(held, job.skill.id, 1, day):
        return []
    skill = held.get(job.skill.id)
    expired = skill.expires_on.isoformat() if skill and skill.expires_on else ""
    values = {"technician": technician.name, "expired": expired}
    return [Missing(_why_unfit(job, skill, day), "skill", values)]


def _check_skill(job: Job, technician: Technician, day: date) -> None:
    for lack in missing_skill(job, technician, day):
        raise RuleBroken(lack.message, field="technician_id", code=lack.code, **lack.values)


def _why_unfit(job: Job, skill: TechnicianSkill | None, day: date) -> str:
    if skill is None:
        if job.skill is not None and job.skill.code == shop.HIGH_VOLTAGE:
            return N_("High-voltage work is only for certified people; %(technician)s is not.")
        return N_("%(technician)s does not have the skill for this work.")
    if skill.expires_on is not None and skill.expires_on < day:
        return N_("The certificate of %(technician)s expired on %(expired)s.")
    return N_("%(technician)s has level %(held)s; this work needs level %(level)s.")


def _check_bay(job: Job, bay: Bay | None) -> None:
    if not job.bay_kinds:
        return
    if bay is None:
        raise Invalid(N_("Choose a bay."), field="bay_id")
    if bay.kind.value not in job.bay_kinds:
        raise RuleBroken(
            N_("Bay %(bay)s (%(kind)s) is not fit for this work."),
            field="bay_id",
            code="bay",
            bay=bay.code,
            kind=bay.kind,
        )


def bay_kinds_of(job: Job) -> list[BayKind]:
    """The kinds of bay that the job may use."""
    return [BayKind(kind) for kind in job.bay_kinds]
