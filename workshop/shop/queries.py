"""What others ask of the shop's people and places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from sqlalchemy import select

from workshop import db, together
from workshop.db import session
from workshop.errors import N_, NotFound
from workshop.shop import rules
from workshop.shop.models import Bay, Branch, Skill, Technician, TechnicianSkill
from workshop.staff.models import User

# Work on high voltage is for certified people only (domain.md step 5).
HIGH_VOLTAGE = "high_voltage"

Skills = dict[int, dict[int, TechnicianSkill]]


def list_branches() -> list[Branch]:
    """Every branch, the oldest first."""
    return list(session.scalars(select(Branch).order_by(Branch.id)))


def list_technicians(branch: Branch) -> list[Technician]:
    """The branch's active technicians, by name."""
    query = (
        select(Technician)
        .join(User, Technician.user_id == User.id)
        .where(
            Technician.branch_id == branch.id, Technician.active.is_(True), User.active.is_(True)
        )
        .order_by(User.display_name, Technician.id)
    )
    return list(session.scalars(query))


def list_bays(branch: Branch, kinds: Iterable[str] = ()) -> list[Bay]:
    """The branch's active bays by code, of these kinds if any are given."""
    query = select(Bay).where(Bay.branch_id == branch.id, Bay.active.is_(True)).order_by(Bay.code)
    bays = db.remember(("bays", branch.id), {Bay}, lambda: session.scalars(query).all())
    wanted = set(kinds)
    return [bay for bay in bays if not wanted or bay.kind.value in wanted]


def get_technician(technician_id: int, branch: Branch) -> Technician:
    """The technician of this branch; raises NotFound."""
    technician = session.get(Technician, technician_id)
    if technician is None or technician.branch_id != branch.id:
        raise NotFound(N_("There is no such technician."), field="technician_id")
    return technician


def get_bay(bay_id: int, branch: Branch) -> Bay:
    """The bay of this branch; raises NotFound."""
    bay = session.get(Bay, bay_id)
    if bay is None or bay.branch_id != branch.id:
        raise NotFound(N_("There is no such bay."), field="bay_id")
    return bay


def find_technician(user: User) -> Technician | None:
    """The technician that this user is."""
    return session.scalars(select(Technician).where(Technician.user_id == user.id)).one_or_none()


def list_skills() -> list[Skill]:
    """All skills, in the order they were made."""
    return list(session.scalars(select(Skill).order_by(Skill.id)))


def skills_of(technicians: Iterable[Technician]) -> Skills:
    """Technician id → skill id → what is held, for these technicians."""
    ids = [technician.id for technician in technicians]
    held: Skills = {technician_id: {} for technician_id in ids}
    query = select(TechnicianSkill).where(TechnicianSkill.technician_id.in_(ids))
    for each in session.scalars(query):
        held[each.technician_id][each.skill_id] = each
    return held


def held_by(technician: Technician) -> dict[int, TechnicianSkill]:
    """By skill id: what this technician holds."""
    column = TechnicianSkill.technician_id
    found = together.list_of(technician.id, "skills held", lambda: select(TechnicianSkill), column)
    return {each.skill_id: each for each in found}


def can_do(held: Mapping[int, TechnicianSkill], needed: Mapping[int, int], day: date) -> bool:
    """Whether somebody who holds these skills may do work that needs those levels on `day`."""
    return next(list_unmet(held, needed, day), None) is None


def list_unmet(
    held: Mapping[int, TechnicianSkill], needed: Mapping[int, int], day: date
) -> Iterator[int]:
    """The skills that somebody who holds these has not, or not at the needed level."""
    for skill_id, level in needed.items():
        skill = held.get(skill_id)
        if skill is None or not rules.is_qualified(skill.level, skill.expires_on, level, day):
            yield skill_id
