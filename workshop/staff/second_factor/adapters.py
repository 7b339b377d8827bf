"""How the sign-in library makes codes, recovery codes and passkeys for this shop."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any, cast

from flask_security import MfRecoveryCodesUtil, Totp, UserMixin, WebauthnUtil
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from workshop.staff.models import User

RECOVERY_CODES = 10


class OneTimeCodes(Totp):
    """Codes of an app; one that was used is worth nothing a second time."""

    def get_last_counter(self, user: UserMixin) -> int | None:
        """The time step of the last code that fitted."""
        return cast(User, user).totp_counter

    def set_last_counter(self, user: UserMixin, tmatch: Any) -> None:
        """Remember the time step of the code that has just fitted."""
        cast(User, user).totp_counter = tmatch.counter


class HashedRecoveryCodes(MfRecoveryCodesUtil):
    """Recovery codes of which only hashes are kept: they are shown once, when they are made."""

    def check_recovery_code(self, user: UserMixin, code: str) -> bool:
        """Whether this is one of the codes that are left."""
        return _find(user, code) is not None

    def delete_recovery_code(self, user: UserMixin, code: str) -> bool:
        """Use a code up."""
        found = _find(user, code)
        left = [each for each in user.mf_recovery_codes or [] if each != found]
        # A list that is changed in place would not be written.
        user.mf_recovery_codes = left
        return found is not None


def hash_code(code: str) -> str:
    """What is kept of a recovery code; how it was typed does not matter.

    It has 48 random bits, so nobody finds it from the hash by trying words.
    """
    plain = "".join(each for each in code.lower() if each.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


def _find(user: UserMixin, code: str) -> str | None:
    wanted = hash_code(code)
    kept = cast("list[str]", user.mf_recovery_codes or [])
    return next((each for each in kept if hmac.compare_digest(each, wanted)), None)


class Passkeys(WebauthnUtil):
    """Passkeys that know their person and check a finger, a face or a PIN: both factors at once."""

    def authenticator_selection(self, *_asked: Any) -> AuthenticatorSelectionCriteria:
        """Any kind of device that finds the key without a name and asks its owner."""
        return AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        )

    def user_verification(self, *_asked: Any) -> UserVerificationRequirement:
        """The device asks its owner at each sign-in."""
        return UserVerificationRequirement.REQUIRED
