"""Several people at once: each with roles, and technicians with a place on the board and skills."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from workshop.customers import rules as customers
from workshop.db import session
from workshop.errors import N_, Invalid
from workshop.shop import people as shop_people
from workshop.shop import queries as shop
from workshop.shop.models import Technician
from workshop.shop.people import Held
from workshop.staff import names
from workshop.staff import people as colleagues
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission, RoleName

# What a person's own page calls otherwise than a line here.
_FIELDS = {"": "name", "roles": "role"}
NOBODY = N_("Write at least one name.")


@dataclass(frozen=True)
class Newcomer:
    """One line of the list: who, as what, and how skilled; an empty sign-in name is made up.

    `level` is the technician's level in all skills but high voltage, which wants a certificate.
    `place` is the number of the line, for what is said of it.
    """

    place: int
    name: str
    roles: tuple[RoleName, ...]
    username: str = ""
    phone: str = ""
    level: int = 0


def add_people(newcomers: Sequence[Newcomer], *, locale: str, by: User, at: datetime) -> list[User]:
    """Add all of them, or nobody. Technicians get a place on the board with the usual shift.

    Raises Invalid at the line's field for an unusable name, role, phone or sign-in name.
    """
    staff.require_permission(by, Permission.MANAGE_STAFF)
    if not newcomers:
        raise Invalid(NOBODY, field="name1")
    return [_add(each, locale, by, at) for each in newcomers]


def _add(each: Newcomer, locale: str, by: User, at: datetime) -> User:
    username = each.username.strip() or names.suggest_username(each.name, _taken())
    try:
        phone = customers.normalise_phone(each.phone, "phone") if each.phone.strip() else None
        made = colleagues.add(username, each.name, each.roles, locale=locale, by=by, at=at)
    except Invalid as refused:
        field = f"{_FIELDS.get(refused.field or '', refused.field)}{each.place}"
        raise Invalid(refused.message, field=field, **refused.values) from refused
    made.phone = phone
    if RoleName.TECHNICIAN in each.roles and by.may(Permission.MANAGE_SHOP):
        _put_on_board(made, each.level, by, at)
    return made


def _taken() -> set[str]:
    return set(session.scalars(select(User.username)))


def _put_on_board(user: User, level: int, by: User, at: datetime) -> None:
    technician = shop_people.make_technician(user, by=by, at=at)
    if level:
        held = {
            skill.id: Held(level) for skill in shop.list_skills() if skill.code != shop.HIGH_VOLTAGE
        }
        shop_people.set_skills(technician, held, by=by, at=at)


def become_advisor(user: User, *, seen: str, at: datetime) -> None:
    """Who manages the shop receives cars too: the role is added to the others.

    Raises Conflict when somebody changed the roles meanwhile.
    """
    roles: list[RoleName | str] = [*(role.name for role in user.roles), RoleName.SERVICE_ADVISOR]
    colleagues.change(user, user.display_name, roles, seen=seen, by=user, at=at)


Matrix = Mapping[int, Mapping[int, Held]]
"""Technician id → skill id → what is held."""


def set_matrix(
    technicians: Iterable[Technician],
    wanted: Matrix,
    seen: Mapping[int, str],
    *,
    by: User,
    at: datetime,
) -> int:
    """Say what all of them may do; who stays as they were is left alone.

    Returns how many changed. Raises Conflict for one whom somebody changed meanwhile.
    """
    changed = 0
    for each in technicians:
        skills = wanted[each.id]
        if shop_people.skills_of(each) != skills:
            shop_people.set_skills(each, skills, seen=seen.get(each.id), by=by, at=at)
            changed += 1
    return changed
