"""Users and roles: making them, finding them, and asking what they may do."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_security.utils import hash_password
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from workshop.db import session
from workshop.errors import N_, Instead, Invalid, NotAllowed, NotFound
from workshop.staff import audit
from workshop.staff.models import KnownPermission, Role, User
from workshop.staff.permissions import PRESETS, Permission, RoleName
from workshop.staff.sessions.models import SignIn

LOCALES = ("zh_CN", "en")


def require_permission(by: User, permission: Permission) -> None:
    """Raise NotAllowed unless `by` holds the permission."""
    if not by.may(permission):
        raise refuse_without({permission})


def refuse_without(permissions: Collection[Permission]) -> NotAllowed:
    """The refusal for somebody who holds none of these: which roles do, and whom to ask."""
    wanted = {each.value for each in permissions}
    values: dict[str, Any] = {"permission": ", ".join(sorted(wanted))}
    roles = [each for each in list_offered() if wanted & set(each.permissions)]
    if not roles:
        message = N_("Your role does not allow this. No role allows it now.")
        return NotAllowed(message, way=instead(*permissions), **values)
    message = N_("Your role does not allow this. These roles may: %(roles)s.")
    return NotAllowed(message, way=instead(*permissions), roles=roles, **values)


def require_one_of(by: User, permissions: Collection[Permission]) -> None:
    """Raise NotAllowed unless `by` holds at least one of the permissions."""
    if not any(by.may(each) for each in permissions):
        raise refuse_without(permissions)


def instead(*permissions: Permission, another: bool = False) -> Instead:
    """Who may do it instead: whoever holds one of these; `another` wants a second person."""
    return Instead(frozenset(each.value for each in permissions), another)


def require_same_branch(by: User, other: User) -> None:
    """Raise NotFound for somebody of another branch."""
    if other.branch_id != by.branch_id:
        raise NotFound(N_("There is no such user."))


def ensure_roles() -> None:
    """Make the roles that are not there yet, each from its preset."""
    known = set(session.scalars(select(Role.name)))
    if not known:
        # The presets of today are complete; what a later release adds will be new.
        asked = set(session.scalars(select(KnownPermission.name)))
        new = {each.value for each in Permission} - asked
        session.add_all(KnownPermission(name=name) for name in sorted(new))
    for name, permissions in PRESETS.items():
        if name.value not in known:
            rights = sorted(permission.value for permission in permissions)
            session.add(Role(name=name.value, permissions=rights))
    session.flush()


def list_roles(names: Iterable[RoleName | str]) -> list[Role]:
    """The roles of these names."""
    wanted = [name.value if isinstance(name, RoleName) else name for name in names]
    return list(session.scalars(select(Role).where(Role.name.in_(wanted)).order_by(Role.id)))


def list_offered() -> list[Role]:
    """The roles that may be given: all but the retired ones."""
    return list(session.scalars(select(Role).where(Role.retired_at.is_(None)).order_by(Role.id)))


def create_user(
    username: str,
    display_name: str,
    roles: Iterable[RoleName | str],
    branch_id: int,
    *,
    at: datetime,
    by: User | None = None,
    password: str | None = None,
    locale: str = "zh_CN",
) -> User:
    """Make a user. Without a password nobody can sign in until the one-time link is used."""
    # People sign in whatever the case of the letters, so two names must differ in more.
    same = func.lower(User.username) == username.lower()
    if session.scalar(select(User.id).where(same)) is not None:
        raise Invalid(N_("The sign-in name is taken."), field="username")
    user = User(
        username=username,
        display_name=display_name,
        branch_id=branch_id,
        password=hash_password(password) if password else None,
        fs_uniquifier=uuid.uuid4().hex,
        locale=locale,
        active=True,
        created_at=at,
    )
    user.roles = list_roles(roles)
    session.add(user)
    audit.write(by, "staff.create_user", user, at, roles=[role.name for role in user.roles])
    return user


def set_password(user: User, password: str, *, at: datetime) -> None:
    """Give the user a new password and end all sessions and links that knew the old one."""
    user.password = hash_password(password)
    user.fs_uniquifier = uuid.uuid4().hex
    end_sessions(user, by=user, at=at)
    audit.write(user, "staff.set_password", user, at)


def end_sessions(user: User, *, except_id: int | None = None, by: User | None, at: datetime) -> int:
    """End all sessions of the person but one, as a part of another act; how many they were."""
    living = session.scalars(
        select(SignIn).where(SignIn.user_id == user.id, SignIn.ended_at.is_(None))
    )
    ended = [each for each in living if each.id != except_id]
    for each in ended:
        each.ended_at, each.ended_by_id = at, by.id if by else None
    return len(ended)


def set_locale(user: User, locale: str) -> None:
    """Remember the language a user reads."""
    if locale not in LOCALES:
        raise Invalid(N_("This language is not offered."), field="locale")
    user.locale = locale


def find_user(username: str) -> User | None:
    """The active user of this sign-in name."""
    return session.scalars(
        select(User).where(User.username == username, User.active.is_(True))
    ).one_or_none()


def get_user(user_id: int) -> User:
    """The user; raises NotFound."""
    user = session.get(User, user_id)
    if user is None:
        raise NotFound(N_("There is no such user."))
    return user


def list_all(branch_id: int) -> list[User]:
    """Everybody of a branch, also who has left, by name."""
    query = select(User).where(User.branch_id == branch_id).options(selectinload(User.roles))
    return list(session.scalars(query.order_by(User.display_name, User.id)))


def list_users(branch_id: int, role: RoleName | None = None) -> list[User]:
    """Active users of a branch with their roles, of one role if given, by name."""
    query = select(User).where(User.branch_id == branch_id, User.active.is_(True))
    if role is None:
        query = query.options(selectinload(User.roles))
    else:
        counts = sa.or_(Role.name == role.value, Role.copied_from == role.value)
        query = query.where(User.roles.any(counts))
    return list(session.scalars(query.order_by(User.display_name, User.id)))
