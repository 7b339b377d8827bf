"""Beginning and ending sessions; the cookie alone proves nothing without its row here."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from workshop.db import session
from workshop.errors import N_, NotFound, RuleBroken, Way
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.staff.sessions import rules
from workshop.staff.sessions.models import SignIn, SignInWay


def begin(
    user: User,
    way: SignInWay,
    *,
    at: datetime,
    agent: str = "",
    address: str = "",
    device_id: int | None = None,
) -> tuple[SignIn, str]:
    """A new session of this person: its record, and the token for the cookie."""
    token = secrets.token_urlsafe(32)
    begun = SignIn(
        user_id=user.id,
        token_hash=hash_token(token),
        way=way,
        agent=agent[:200],
        address=address[:64],
        device_id=device_id,
        started_at=at,
        seen_at=at,
    )
    session.add(begun)
    session.flush()
    return begun, token


def find_live(token: str, *, at: datetime) -> SignIn | None:
    """The session of this token with its person, in one statement; None once it has ended."""
    query = (
        select(SignIn)
        .where(SignIn.token_hash == hash_token(token), SignIn.ended_at.is_(None))
        .options(joinedload(SignIn.user).joinedload(User.roles))
    )
    found = session.scalars(query).unique().one_or_none()
    if found is None or not found.user.active:
        return None
    by_pin = found.way is SignInWay.PIN
    over = rules.is_over(found.started_at, found.seen_at, by_pin=by_pin, at=at)
    return None if over else found


def note_seen(sign_in: SignIn, *, at: datetime) -> None:
    """Note that the session is in use."""
    sign_in.seen_at = at


def list_live(user: User, *, at: datetime) -> list[SignIn]:
    """Where the person is signed in, the newest use first."""
    query = (
        select(SignIn)
        .where(SignIn.user_id == user.id, SignIn.ended_at.is_(None))
        .order_by(SignIn.seen_at.desc(), SignIn.id.desc())
    )
    return [each for each in session.scalars(query) if not _is_over(each, at)]


def sign_out(sign_in: SignIn, *, by: User, at: datetime) -> None:
    """End a session; a copy of its cookie opens nothing any more."""
    if sign_in.ended_at is None:
        sign_in.ended_at, sign_in.ended_by_id = at, by.id


def revoke(
    user: User, sign_in_id: int, *, using: int | None = None, by: User, at: datetime
) -> None:
    """End one session of a person: one's own, or as who manages the staff.

    Raises NotFound for one that is not this person's, NotAllowed for somebody else's, RuleBroken
    for the one that asks for it (`using`).
    """
    _require_right(user, by)
    if sign_in_id == using:
        raise RuleBroken(
            N_("You are using this session. Sign out instead."),
            code="in_use",
            way=Way("staff.account", N_("Open my account")),
        )
    found = session.get(SignIn, sign_in_id)
    if found is None or found.user_id != user.id:
        raise NotFound(N_("There is no such session."))
    sign_out(found, by=by, at=at)
    audit.write(by, "staff.revoke_session", user, at, session=found.id)


def revoke_all(user: User, *, except_id: int | None = None, by: User, at: datetime) -> int:
    """End all sessions of a person but one; how many they were. Raises NotAllowed."""
    _require_right(user, by)
    ended = staff.end_sessions(user, except_id=except_id, by=by, at=at)
    audit.write(by, "staff.revoke_sessions", user, at, count=ended)
    return ended


def forget_old(*, at: datetime) -> None:
    """Forget sessions that ended, or that nobody has used, months ago: they tell of people."""
    since = at - timedelta(days=rules.KEPT_DAYS)
    session.execute(delete(SignIn).where(sa.or_(SignIn.ended_at < since, SignIn.seen_at < since)))


def hash_token(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _is_over(sign_in: SignIn, at: datetime) -> bool:
    by_pin = sign_in.way is SignInWay.PIN
    return rules.is_over(sign_in.started_at, sign_in.seen_at, by_pin=by_pin, at=at)


def _require_right(user: User, by: User) -> None:
    if by.id != user.id:
        staff.require_permission(by, Permission.MANAGE_STAFF)
        staff.require_same_branch(by, user)
