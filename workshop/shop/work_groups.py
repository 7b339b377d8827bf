"""What one technician does in one go: skills of one group, in the shop's own words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from workshop.db import session
from workshop.shop import queries
from workshop.shop.models import Branch
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.web import versions
from workshop.web.versions import State


def state_of(groups: Mapping[int, str]) -> State:
    """What people see of the groups, to notice a stale page."""
    names = {skill.id: f"{skill.name_zh} / {skill.name_en}" for skill in queries.list_skills()}
    return {names[each]: group for each, group in sorted(groups.items())}


def list_groups() -> dict[int, str]:
    """By skill: its group; empty where each line stays a job of its own."""
    return {skill.id: skill.work_group or "" for skill in queries.list_skills()}


def set_groups(
    branch: Branch, groups: Mapping[int, str], *, seen: str | None = None, by: User, at: datetime
) -> None:
    """Say which skills are done in one go; it counts for what is signed from now on.

    Raises Conflict when the page was stale.
    """
    staff.require_permission(by, Permission.MANAGE_SHOP)
    was, now = list_groups(), {each: " ".join(group.split()) for each, group in groups.items()}
    versions.refuse_stale(seen, state_of(was), state_of(now))
    skills = queries.list_skills()
    for skill in skills:
        skill.work_group = now.get(skill.id, was[skill.id])[:40] or None
    session.flush()
    told = {skill.code: skill.work_group for skill in skills if skill.work_group}
    before = {skill.code: was[skill.id] for skill in skills if was[skill.id]}
    audit.write(by, "shop.set_work_groups", branch, at, work_groups=told, was=before)
