"""Choosing a password: hard enough to guess, and the old one is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_security.utils import hash_password

from workshop.errors import N_, Invalid
from workshop.staff import audit, strength
from workshop.staff import service as staff
from workshop.staff.models import User


def choose(user: User, password: str, *, names: Sequence[str] = (), at: datetime) -> None:
    """Set the password by a one-time link. Raises Invalid for one that is easy to guess.

    `names` are words that a guesser would try first, such as the shop's.
    """
    _require_strong(user, password, names)
    staff.set_password(user, password, at=at)


def change(
    user: User,
    old: str,
    password: str,
    *,
    names: Sequence[str] = (),
    sign_in_id: int | None = None,
    at: datetime,
) -> int:
    """Change one's own password, and end all other sessions; how many they were.

    Raises Invalid when the old one is wrong, or when the new one is easy to guess or the same.
    """
    if not user.password or not user.verify_and_update_password(old):
        raise Invalid(N_("This is not your password."), field="old", code="wrong_password")
    if old == password:
        raise Invalid(N_("This is the password that you have already."), field="password")
    _require_strong(user, password, names)
    user.password = hash_password(password)
    ended = staff.end_sessions(user, except_id=sign_in_id, by=user, at=at)
    audit.write(user, "staff.change_password", user, at, ended=ended)
    return ended


def judge(user: User, password: str, names: Sequence[str] = ()) -> strength.Strength:
    """How hard the password is to guess for somebody who knows the person and the shop."""
    return strength.judge(password, [user.username, user.display_name, *names])


def _require_strong(user: User, password: str, names: Sequence[str]) -> None:
    judged = judge(user, password, names)
    if judged.is_enough:
        return
    message = N_("This password is too easy to guess. %(advice)s")
    raise Invalid(message, field="password", code="weak_password", advice=_Said(judged.advice))


@dataclass(frozen=True)
class _Said:
    """A sentence inside another one; both are translated where they are shown."""

    label: str

    def __str__(self) -> str:
        return self.label
