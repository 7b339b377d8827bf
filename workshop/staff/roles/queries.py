"""Finding roles, and who holds them."""

from __future__ import annotations

from sqlalchemy import func, select

from workshop.db import session
from workshop.errors import N_, NotFound
from workshop.staff.models import Role, User, role_user


def get_role(role_id: int) -> Role:
    """The role, retired or not; raises NotFound."""
    role = session.get(Role, role_id)
    if role is None:
        raise NotFound(N_("There is no such role."))
    return role


def list_all() -> list[Role]:
    """All roles: those that are given first, then the retired ones."""
    return list(session.scalars(select(Role).order_by(Role.retired_at.is_not(None), Role.id)))


def count_holders(branch_id: int | None = None) -> dict[int, int]:
    """How many active people hold each role, in one branch or in all."""
    query = (
        select(role_user.c.role_id, func.count())
        .join(User, User.id == role_user.c.user_id)
        .where(User.active.is_(True))
        .group_by(role_user.c.role_id)
    )
    if branch_id is not None:
        query = query.where(User.branch_id == branch_id)
    return {row[0]: row[1] for row in session.execute(query)}
