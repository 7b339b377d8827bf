"""Somebody must be left who manages the staff: asked under a lock, and of the database itself."""

from __future__ import annotations

from sqlalchemy import select

from workshop import db
from workshop.db import session
from workshop.errors import N_, RuleBroken
from workshop.staff import service as staff
from workshop.staff.models import Role, User
from workshop.staff.permissions import Permission


def stand_alone(by: User, *others: User) -> None:
    """Let one change of people and roles pass at a time, and read again who may do what.

    Raises NotAllowed when another one has just taken the right away from `by`.
    """
    db.lock("staff", 0)
    for user in {by.id: by, **{each.id: each for each in others}}.values():
        db.reread(user)
        session.expire(user, ["roles"])
        for role in user.roles:
            db.reread(role)
    staff.require_permission(by, Permission.MANAGE_STAFF)


def list_led() -> set[int]:
    """The branches in which somebody manages the staff, as the database says now."""
    session.flush()
    held = User.roles.any(Role.id.in_(_managing_roles()))
    query = select(User.branch_id).where(User.active.is_(True), held).distinct()
    return set(session.scalars(query))


def require_left(led_before: set[int]) -> None:
    """Raise RuleBroken when a branch that had somebody who manages the staff has nobody now."""
    if led_before - list_led():
        raise RuleBroken(N_("Somebody must be left who manages the staff."), code="last_manager")


def _managing_roles() -> list[int]:
    # Columns and no records: what this transaction has read before must not answer.
    rows = session.execute(select(Role.id, Role.permissions))
    wanted = Permission.MANAGE_STAFF.value
    return [role_id for role_id, permissions in rows if wanted in permissions]
