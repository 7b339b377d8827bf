"""One-time links: the first sign-in of a new person, who sets their own password."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from itsdangerous import BadSignature, URLSafeTimedSerializer

from workshop.db import session
from workshop.errors import N_, NotFound
from workshop.staff.models import User

VALID_FOR = timedelta(days=3)


def _serializer(secret_key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_key, salt="workshop-one-time-link")


def _state(user: User) -> str:
    # Setting a password changes this, which uses the link up; so does a newer link.
    kept = f"{user.fs_uniquifier}:{user.password}"
    if user.links_made:
        kept += f":{user.links_made}"
    return hashlib.sha256(kept.encode()).hexdigest()[:16]


def end_earlier(user: User) -> None:
    """Let no link that was made before this moment open anything."""
    user.links_made += 1


def valid_until(made_at: datetime) -> datetime:
    """Until when a link that was made then can be used."""
    return made_at + VALID_FOR


def make_token(user: User, secret_key: str) -> str:
    """A token for the link, valid for three days and one use."""
    return _serializer(secret_key).dumps([user.id, _state(user)])


def get_user_of(token: str, secret_key: str) -> User:
    """The user whose unused link this is; raises NotFound for any other token."""
    try:
        user_id, state = _serializer(secret_key).loads(
            token, max_age=int(VALID_FOR.total_seconds())
        )
    except (BadSignature, ValueError) as error:
        raise _unknown() from error
    user = session.get(User, user_id)
    if user is None or not user.active or _state(user) != state:
        raise _unknown()
    return user


def _unknown() -> NotFound:
    return NotFound(N_("This link was used already or is too old. Ask for a new one."))
