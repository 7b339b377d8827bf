"""What is missing for a technician to do a job: skill, level, certificate."""

from __future__ import annotations

from datetime import date

from workshop.db import session
from workshop.errors import N_, Missing
from workshop.orders.models import Job, JobState
from workshop.shop import queries as shop
from workshop.shop.models import Skill, Technician, TechnicianSkill


def missing_skill(job: Job, technician: Technician, day: date) -> list[Missing]:
    """What skill is missing to do the job on that day: nothing, or one fact.

    An expired certificate closes its jobs to its holder, whatever was planned before.
    """
    held = shop.held_by(technician)
    unmet = next(shop.list_unmet(held, job.skills, day), None)
    if unmet is None:
        return []
    skill, wanted = held.get(unmet), session.get_one(Skill, unmet)
    values = {
        "technician": technician.name,
        "skill": wanted,
        "level": job.skills[unmet],
        "held": skill.level if skill else 0,
        "expired": skill.expires_on.isoformat() if skill and skill.expires_on else "",
    }
    return [Missing(_why_unfit(wanted, skill, day), "skill", values)]


def missing_to_unassign(job: Job) -> list[Missing]:
    """Why a planned job cannot go back into the queue."""
    if job.state is JobState.WAITING:
        return []
    return [Missing(N_("This job has begun; it keeps its place."), "begun")]


def missing_to_help(job: Job, technician: Technician, day: date) -> list[Missing]:
    """What is missing for a second technician to help on that day: nothing, or one fact.

    No skill is asked for beside somebody who has it; but whoever comes near high voltage is
    certified (domain.md step 5).
    """
    skills = (session.get_one(Skill, each) for each in job.skills)
    voltage = next((each for each in skills if each.code == shop.HIGH_VOLTAGE), None)
    if voltage is None:
        return []
    held = shop.skills_of([technician])[technician.id]
    if shop.can_do(held, {voltage.id: 1}, day):
        return []
    skill = held.get(voltage.id)
    expired = skill.expires_on.isoformat() if skill and skill.expires_on else ""
    values = {"technician": technician.name, "expired": expired}
    return [Missing(_why_unfit(voltage, skill, day), "skill", values)]


def _why_unfit(wanted: Skill, skill: TechnicianSkill | None, day: date) -> str:
    if skill is None:
        if wanted.code == shop.HIGH_VOLTAGE:
            return N_("High-voltage work is only for certified people; %(technician)s is not.")
        return N_("%(technician)s does not have the skill for this work.")
    if skill.expires_on is not None and skill.expires_on < day:
        return N_("The certificate of %(technician)s expired on %(expired)s.")
    return N_("%(technician)s has level %(held)s; this work needs level %(level)s.")
