"""Who works here: a new person, other roles, somebody who leaves or comes back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from workshop.db import session
from workshop.errors import N_, Invalid, NotFound, RuleBroken
from workshop.staff import audit, links, managers
from workshop.staff import service as staff
from workshop.staff.models import Role, User
from workshop.staff.permissions import Permission, RoleName
from workshop.web import versions
from workshop.web.versions import State

_USERNAME = re.compile(r"[\w.@-]{2,64}")


def add(
    username: str,
    name: str,
    roles: Sequence[RoleName | str],
    *,
    locale: str,
    by: User,
    at: datetime,
) -> User:
    """Add a person to the branch of `by`; the one-time link lets them in (staff.links).

    Raises Invalid for an unusable or taken sign-in name, or without a name or a role.
    """
    staff.require_permission(by, Permission.MANAGE_STAFF)
    check_username(username.strip())
    if locale not in staff.LOCALES:
        raise Invalid(N_("This language is not offered."), field="locale")
    _require(name, staff.list_roles(roles))
    user = staff.create_user(
        username.strip(), name.strip(), roles, by.branch_id, at=at, by=by, locale=locale
    )
    session.flush()
    return user


def check_username(username: str) -> None:
    """Raise Invalid for what cannot be a sign-in name."""
    if _USERNAME.fullmatch(username) is None:
        raise Invalid(
            N_("A sign-in name has 2 to 64 letters, digits, dots or hyphens."), field="username"
        )


def state_of(user: User) -> State:
    """What people see of a colleague, to notice a stale page."""
    return _state(user.display_name, user.roles)


def _state(name: str, roles: Sequence[Role]) -> State:
    shown = [each.shown for each in sorted(roles, key=lambda role: role.id)]
    return {N_("Name"): name.strip(), N_("Roles"): shown}


def change(
    user: User,
    name: str,
    roles: Sequence[RoleName | str],
    *,
    seen: str | None = None,
    by: User,
    at: datetime,
) -> None:
    """Give somebody another name or other roles; from the next press on those hold.

    Raises Invalid without a name or a role, RuleBroken when nobody would manage the staff any
    more, Conflict when the page was stale.
    """
    staff.require_permission(by, Permission.MANAGE_STAFF)
    managers.stand_alone(by, user)
    led, wanted = managers.list_led(), staff.list_roles(roles)
    versions.refuse_stale(seen, state_of(user), _state(name, wanted))
    _require(name, wanted, user.roles)
    old = [role.name for role in user.roles]
    names = {"old_name": user.display_name, "new_name": name.strip()}
    user.display_name = name.strip()
    user.roles = wanted
    managers.require_left(led)
    new = [role.name for role in wanted]
    audit.write(by, "staff.change", user, at, old=old, new=new, **names)


def note_link(user: User, *, by: User | None, at: datetime) -> None:
    """Note that somebody gets a new one-time link, which ends the ones before it.

    `by` is None for who sits at the computer itself. Raises RuleBroken for who has left.
    """
    if by is not None:
        staff.require_permission(by, Permission.MANAGE_STAFF)
    if not user.active:
        raise RuleBroken(N_("This person works here no longer."), code="left")
    links.end_earlier(user)
    audit.write(by, "staff.make_link", user, at)


def list_never_here(branch_id: int) -> list[User]:
    """Who manages the staff and has never set a password, so that only a new link lets them in."""
    users = staff.list_users(branch_id)
    return [each for each in users if not each.password and each.may(Permission.MANAGE_STAFF)]


def leave(user: User, *, by: User, at: datetime) -> None:
    """Let nobody sign in as this person any more; what they did keeps their name.

    Raises RuleBroken for oneself, and when nobody would manage the staff any more.
    """
    staff.require_permission(by, Permission.MANAGE_STAFF)
    if user.id == by.id:
        raise RuleBroken(N_("You cannot close your own sign-in."), code="own_sign_in")
    managers.stand_alone(by, user)
    led = managers.list_led()
    user.active = False
    managers.require_left(led)
    staff.end_sessions(user, by=by, at=at)
    audit.write(by, "staff.leave", user, at)


def come_back(user: User, *, by: User, at: datetime) -> None:
    """Let somebody who had left sign in again, by a new one-time link or the old password."""
    staff.require_permission(by, Permission.MANAGE_STAFF)
    user.active = True
    audit.write(by, "staff.come_back", user, at)


def get_colleague(user_id: int, branch_id: int) -> User:
    """The person of this branch, working here or gone; raises NotFound."""
    user = session.get(User, user_id)
    if user is None or user.branch_id != branch_id:
        raise NotFound(N_("There is no such user."))
    return user


def list_former(branch_id: int) -> list[User]:
    """Who has left, by name."""
    query = select(User).where(User.branch_id == branch_id, User.active.is_(False))
    return list(session.scalars(query.order_by(User.display_name, User.id)))


def _require(name: str, roles: Sequence[Role], held: Sequence[Role] = ()) -> None:
    if not name.strip():
        raise Invalid(N_("Enter the name."), field="name")
    if not roles:
        raise Invalid(N_("Choose at least one role."), field="roles")
    for each in roles:
        if each.retired_at is not None and each not in held:
            raise Invalid(N_("The role “%(role)s” is retired."), field="roles", role=each)
