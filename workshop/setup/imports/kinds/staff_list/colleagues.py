"""Who works here, as a file of staff meets them: by sign-in name, by name and by number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from workshop.db import session
from workshop.setup.imports.kinds.staff_list.staff_columns import ROLES
from workshop.sheets import normal_name
from workshop.shop import queries as shop
from workshop.shop.models import Skill, Technician, TechnicianSkill
from workshop.staff import service as staff
from workshop.staff.models import Role, User
from workshop.staff.permissions import Permission, RoleName


class HeldSkill(NamedTuple):
    """A technician's row for a skill, and what stands in it."""

    id: int
    level: int
    expires_on: date | None


@dataclass(frozen=True)
class Colleague:
    """Somebody whom the shop has, or whom an earlier line makes (id None)."""

    id: int | None
    name: str
    phone: str
    username: str = ""
    line: int = 0
    active: bool = True
    roles: frozenset[int] = frozenset()
    technician_id: int | None = None
    team: str = ""
    skills: dict[int, HeldSkill] = field(default_factory=dict)

    def may_be(self, name: str, phone: str) -> bool:
        """Whether nothing speaks against its being the same person."""
        return self.name == name and (not phone or not self.phone or self.phone == phone)


class Colleagues:
    """Everybody of the shop, and the earlier lines of the file."""

    def __init__(self, branch_id: int) -> None:
        self.taken: set[str] = set(session.scalars(select(User.username)))
        self.by_username: dict[str, Colleague] = {}
        self.by_name: dict[str, list[Colleague]] = defaultdict(list)
        self.by_phone: dict[str, list[Colleague]] = defaultdict(list)
        for each in _list_known(branch_id):
            self.add(each)

    def add(self, who: Colleague) -> None:
        """One more."""
        self.by_username[who.username.lower()] = who
        self.taken.add(who.username)
        self.by_name[who.name].append(who)
        if who.phone:
            self.by_phone[who.phone].append(who)


def _list_known(branch_id: int) -> Iterator[Colleague]:
    """Everybody of the branch, those who work here before those who have left."""
    query = select(Technician).where(Technician.branch_id == branch_id)
    technicians = {each.user_id: each for each in session.scalars(query)}
    held: dict[int, dict[int, HeldSkill]] = defaultdict(dict)
    for each in session.scalars(select(TechnicianSkill)):
        held[each.technician_id][each.skill_id] = HeldSkill(each.id, each.level, each.expires_on)
    for user in sorted(staff.list_all(branch_id), key=lambda each: not each.active):
        technician = technicians.get(user.id)
        yield Colleague(
            user.id,
            user.display_name,
            user.phone or "",
            user.username,
            active=user.active,
            roles=frozenset(each.id for each in user.roles),
            technician_id=technician.id if technician else None,
            team=technician.team if technician else "",
            skills=held[technician.id] if technician else {},
        )


class Known:
    """The roles and skills of the shop by what people call them."""

    def __init__(self) -> None:
        self.skills = shop.list_skills()
        self._skills = {
            normal_name(name): each
            for each in self.skills
            for name in (each.code, each.name_zh, each.name_en)
        }
        self.roles = staff.list_offered()
        self._roles = {normal_name(name): each for each in self.roles for name in _names(each)}

    def find_skill(self, name: str) -> Skill | None:
        """The skill of this name or code."""
        return self._skills.get(normal_name(name))

    def find_role(self, name: str) -> Role | None:
        """The role that is called so."""
        return self._roles.get(normal_name(name))

    def find_preset(self, preset: RoleName) -> Role | None:
        """The role that is this preset, if it is given here."""
        return next((each for each in self.roles if each.preset is preset), None)


def _names(role: Role) -> list[str]:
    if role.preset is None:
        return [name for name in (role.name_zh, role.name_en) if name]
    said = [word for word, preset in ROLES.items() if preset is role.preset]
    return [role.preset.value, role.preset.value.replace("_", " "), *said]


def gives_everything(role: Role) -> bool:
    """Whether who holds it decides what all others may do."""
    return Permission.MANAGE_STAFF.value in role.permissions
