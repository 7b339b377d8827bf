"""Failed sign-ins make wait, each longer than the one before, and never somebody else.

They are counted for a name at one place: a device that the person has signed in on before, else
the address that the try came from. So a stranger who guesses makes only their own place wait.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from workshop import db
from workshop.db import session
from workshop.errors import N_, NotAllowed
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.staff.sessions import rules
from workshop.staff.sessions.models import SignInFailure


def require_no_wait(name: str, place: str, *, at: datetime) -> None:
    """Raise NotAllowed with the seconds or minutes that are left, whether the name exists or not.

    One try at a time passes for a name at a place, so that many at once count one by one.
    """
    db.lock("sign-in", int(_hash(f"{_plain(name)}\n{place}")[:7], 16))
    found = _find(name, place)
    left = rules.wait_left(found.count, found.last_at, at) if found else timedelta(0)
    if not left:
        return
    seconds = -(-int(left.total_seconds() * 1000) // 1000)
    if seconds < 90:
        message = N_("Too many tries. Wait %(seconds)s seconds, or ask who manages the staff.")
        raise NotAllowed(message, code="wait", seconds=max(seconds, 1))
    message = N_("Too many tries. Wait %(minutes)s minutes, or ask who manages the staff.")
    raise NotAllowed(message, code="wait", minutes=-(-seconds // 60))


def note_failure(name: str, place: str, *, at: datetime) -> None:
    """Count one more failure of this name at this place."""
    _forget_old(at)
    found = _find(name, place)
    if found is None:
        session.add(
            SignInFailure(
                name_hash=_hash(_plain(name)), place_hash=_hash(place), count=1, last_at=at
            )
        )
    else:
        found.count, found.last_at = found.count + 1, at
    session.flush()


def forget(name: str, place: str) -> None:
    """The right answer was given: failures before it count no more."""
    found = _find(name, place)
    if found is not None:
        session.delete(found)


def count_waiting(user: User, *, at: datetime) -> int:
    """At how many places the person's name has to wait now."""
    query = select(SignInFailure).where(SignInFailure.name_hash == _hash(_plain(user.username)))
    found = session.scalars(query)
    return sum(1 for each in found if rules.wait_left(each.count, each.last_at, at))


def unlock(user: User, *, by: User, at: datetime) -> None:
    """Let the person try again at once, everywhere. Raises NotAllowed."""
    staff.require_permission(by, Permission.MANAGE_STAFF)
    staff.require_same_branch(by, user)
    mine = SignInFailure.name_hash == _hash(_plain(user.username))
    found = list(session.scalars(select(SignInFailure).where(mine)))
    for each in found:
        session.delete(each)
    audit.write(by, "staff.unlock", user, at, count=sum(each.count for each in found))


def _find(name: str, place: str) -> SignInFailure | None:
    query = select(SignInFailure).where(
        SignInFailure.name_hash == _hash(_plain(name)), SignInFailure.place_hash == _hash(place)
    )
    return session.scalars(query).one_or_none()


def _forget_old(at: datetime) -> None:
    session.execute(delete(SignInFailure).where(SignInFailure.last_at < at - rules.FORGET_AFTER))


def _plain(name: str) -> str:
    return name.strip().lower()


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
