"""Setting up a second factor, switching it off, and the way back when the phone is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from workshop.db import session
from workshop.errors import N_, Invalid, NotFound, RuleBroken, Way
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.staff.second_factor.adapters import hash_code
from workshop.staff.second_factor.models import Passkey

METHOD = "authenticator"


def is_needed(user: User) -> bool:
    """Whether a role of the person asks for a second factor."""
    return any(role.needs_second_factor for role in user.roles)


def is_set_up(user: User) -> bool:
    """Whether a code of an app is asked after the person's password."""
    return bool(user.tf_primary_method and user.tf_totp_secret)


def is_missing_for(user: User) -> bool:
    """Whether a role of the person asks for a second factor that is not set up yet."""
    return not is_set_up(user) and is_needed(user)


def set_up(user: User, secret: str, fits: bool, *, at: datetime) -> None:
    """Ask for a code of this app from now on. Raises Invalid when its first code does not fit."""
    if not fits:
        raise Invalid(N_("This code does not fit. Look at the app again."), field="code")
    user.tf_primary_method, user.tf_totp_secret = METHOD, secret
    audit.write(user, "staff.set_second_factor", user, at)


def switch_off(user: User, *, at: datetime) -> None:
    """Ask for no code any more. Raises RuleBroken while a role of the person asks for one."""
    if is_needed(user):
        message = N_("One of your roles asks for a second factor. It cannot be switched off.")
        raise RuleBroken(message, code="needed")
    _forget_codes(user)
    audit.write(user, "staff.remove_second_factor", user, at)


def make_recovery_codes(user: User, make: Callable[[], list[str]], *, at: datetime) -> list[str]:
    """New recovery codes; the old ones are worth nothing any more. Only here they can be read.

    Raises RuleBroken without a second factor, which they would stand in for.
    """
    if not is_set_up(user):
        raise RuleBroken(
            N_("Set up the codes of an app first."),
            code="no_second_factor",
            way=Way("staff.second_factor", N_("Set up the second factor")),
        )
    codes = make()
    user.mf_recovery_codes = [hash_code(each) for each in codes]
    audit.write(user, "staff.make_recovery_codes", user, at, count=len(codes))
    return codes


def note_recovery_code(user: User, *, at: datetime) -> None:
    """Note that somebody signs in by a recovery code, which is used up with it."""
    left = max(len(user.mf_recovery_codes or []) - 1, 0)
    audit.write(user, "staff.use_recovery_code", user, at, left=left)


def note_passkey(user: User, name: str, *, at: datetime) -> None:
    """Note that the person has added a passkey."""
    audit.write(user, "staff.add_passkey", user, at, name=name)


def remove_passkey(user: User, passkey_id: int, *, at: datetime) -> None:
    """Let one of one's own passkeys open nothing any more. Raises NotFound for another one."""
    found = session.get(Passkey, passkey_id)
    if found is None or found.user_id != user.id:
        raise NotFound(N_("There is no such passkey."))
    name = found.name
    user.webauthn.remove(found)
    session.delete(found)
    audit.write(user, "staff.remove_passkey", user, at, name=name)


def reset(user: User, reason: str, *, by: User, at: datetime) -> None:
    """Take all second factors of somebody away who has lost them, and end their sessions.

    The person is told at the next sign-in. Raises Invalid without a reason, NotAllowed, and
    RuleBroken for oneself: a colleague has to look who is asking.
    """
    staff.require_permission(by, Permission.MANAGE_STAFF)
    staff.require_same_branch(by, user)
    if by.id == user.id:
        message = N_("Somebody else has to reset your second factor; or use a recovery code.")
        raise RuleBroken(message, code="own_second_factor")
    if not reason.strip():
        raise Invalid(N_("Write why, and how you know who is asking."), field="reason")
    passkeys = len(user.webauthn)
    for each in list(user.webauthn):
        user.webauthn.remove(each)
        session.delete(each)
    _forget_codes(user)
    staff.end_sessions(user, by=by, at=at)
    user.reset_note, user.reset_at = reason.strip()[:200], at
    audit.write(
        by, "staff.reset_second_factor", user, at, reason=user.reset_note, passkeys=passkeys
    )


def _forget_codes(user: User) -> None:
    user.tf_primary_method = user.tf_totp_secret = user.totp_counter = None
    user.mf_recovery_codes = None
