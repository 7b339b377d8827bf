"""Changing what a role may do, making an own one, retiring one."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from workshop.db import session
from workshop.errors import N_, Invalid, require
from workshop.staff import audit, managers
from workshop.staff import service as staff
from workshop.staff.models import Role, User
from workshop.staff.permissions import Permission
from workshop.staff.roles import gates, queries, words
from workshop.web import versions
from workshop.web.versions import State


@dataclass(frozen=True)
class RoleValues:
    """What a manager writes of a role; a preset keeps its names."""

    permissions: frozenset[Permission]
    needs_second_factor: bool = False
    name_zh: str = ""
    name_en: str = ""


def values_of(role: Role) -> RoleValues:
    """The role as it is kept."""
    return RoleValues(
        permissions=frozenset(Permission(each) for each in role.permissions),
        needs_second_factor=role.needs_second_factor,
        name_zh=role.name_zh or "",
        name_en=role.name_en or "",
    )


def state_of(values: RoleValues) -> State:
    """What people see of a role, to notice a stale page."""
    held = [words.words_of(each) for each in Permission if each in values.permissions]
    return {
        N_("Name in Chinese"): values.name_zh,
        N_("Name in English"): values.name_en,
        N_("What this role may do"): held,
        N_("Signs in with a second factor"): values.needs_second_factor,
    }


def change(
    role: Role, values: RoleValues, *, seen: str | None = None, by: User, at: datetime
) -> None:
    """Let the role do this and nothing else; it holds for everybody from the next press on.

    Raises Conflict when the page was stale, Invalid without a name, RuleBroken when nobody would
    manage the staff any more.
    """
    staff.require_permission(by, Permission.MANAGE_STAFF)
    managers.stand_alone(by)
    session.refresh(role)
    old = values_of(role)
    versions.refuse_stale(seen, state_of(old), state_of(values))
    led = managers.list_led()
    if role.preset is None:
        _name(role, values.name_zh, values.name_en)
    role.permissions = _sorted(values.permissions)
    role.needs_second_factor = values.needs_second_factor
    managers.require_left(led)
    audit.write(
        by,
        "staff.change_role",
        role,
        at,
        name=role.label,
        added=_sorted(values.permissions - old.permissions),
        removed=_sorted(old.permissions - values.permissions),
        second_factor=values.needs_second_factor,
        was={"name": words_of_names(old), "second_factor": old.needs_second_factor},
    )


def copy(role: Role, name_zh: str, name_en: str, *, by: User, at: datetime) -> Role:
    """An own role that may do what this one may. Raises Invalid without a name of its own."""
    staff.require_permission(by, Permission.MANAGE_STAFF)
    managers.stand_alone(by)
    made = Role(
        name=f"own-{uuid.uuid4().hex[:12]}",
        permissions=list(role.permissions),
        needs_second_factor=role.needs_second_factor,
        copied_from=role.copied_from or (role.name if role.preset else None),
    )
    _name(made, name_zh, name_en)
    session.add(made)
    audit.write(by, "staff.copy_role", made, at, name=made.label, role=role.label)
    return made


def retire(role: Role, *, by: User, at: datetime) -> None:
    """Give the role to nobody any more. Raises RuleBroken while somebody holds it."""
    staff.require_permission(by, Permission.MANAGE_STAFF)
    managers.stand_alone(by)
    session.refresh(role)
    require(gates.missing_to_retire(role))
    role.retired_at = at
    audit.write(by, "staff.retire_role", role, at, name=role.label)


def restore(role: Role, *, by: User, at: datetime) -> None:
    """Let the role be given again."""
    staff.require_permission(by, Permission.MANAGE_STAFF)
    role.retired_at = None
    audit.write(by, "staff.restore_role", role, at, name=role.label)


def words_of_names(values: RoleValues) -> str:
    """Both names of an own role; nothing for a preset."""
    return " / ".join(each for each in (values.name_zh, values.name_en) if each)


def _name(role: Role, name_zh: str, name_en: str) -> None:
    zh, en = name_zh.strip(), name_en.strip()
    if not zh and not en:
        raise Invalid(N_("Give the role a name."), field="name_zh")
    role.name_zh, role.name_en = zh or en, en or zh
    with session.no_autoflush:
        taken = [each for each in queries.list_all() if each is not role]
    if role.label in {each.label for each in taken}:
        raise Invalid(N_("Another role has this name already."), field="name_zh")


def _sorted(permissions: Collection[Permission]) -> list[str]:
    return sorted(each.value for each in permissions)
