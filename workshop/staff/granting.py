"""What the roles of an existing database learn from a new release."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from workshop.db import session
from workshop.staff import audit
from workshop.staff.models import KnownPermission, Role
from workshop.staff.permissions import PRESETS, Permission


def learn_permissions(*, at: datetime) -> list[Permission]:
    """Give each role those of its preset's permissions that this database has not known yet.

    A permission that was known and that somebody took away stays away. Returns the new ones.
    """
    known = set(session.scalars(select(KnownPermission.name)))
    new = [each for each in Permission if each.value not in known]
    for role in session.scalars(select(Role).order_by(Role.id)) if new else ():
        _grant(role, set(new), at)
    session.add_all(KnownPermission(name=each.value) for each in new)
    session.flush()
    return new


def _grant(role: Role, new: set[Permission], at: datetime) -> None:
    # A shop's own role is given only what somebody has ticked.
    preset = PRESETS[role.preset] if role.preset else frozenset()
    added = sorted({each.value for each in preset & new} - set(role.permissions))
    if added:
        role.permissions = sorted([*role.permissions, *added])
        audit.write(None, "staff.learn_permissions", role, at, added=added)
