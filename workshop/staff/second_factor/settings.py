"""Which second factors the shop offers, and where their pages are."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any


def library_settings(secret_key: str) -> dict[str, Any]:
    """What the sign-in library is told of codes and passkeys."""
    return {
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        "SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL": "/sign-in/code",
        "SECURITY_TWO_FACTOR_VERIFY_CODE_TEMPLATE": "staff/code.html",
        "SECURITY_TOTP_SECRETS": {"1": hashlib.sha256(secret_key.encode()).hexdigest()},
        "SECURITY_TOTP_ISSUER": "Workshop",
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_URL": "/sign-in/recovery",
        "SECURITY_MULTI_FACTOR_RECOVERY_TEMPLATE": "staff/recovery.html",
        "SECURITY_WEBAUTHN": True,
        "SECURITY_WAN_RP_NAME": "Workshop",
        "SECURITY_WAN_ALLOW_USER_HINTS": False,
        "SECURITY_WAN_SIGNIN_URL": "/sign-in/passkey",
        "SECURITY_WAN_SIGNIN_TEMPLATE": "staff/passkey.html",
        "SECURITY_WAN_REGISTER_URL": "/account/passkeys",
        "SECURITY_WAN_REGISTER_TEMPLATE": "staff/passkey.html",
        "SECURITY_WAN_POST_REGISTER_VIEW": "/account/second-factor",
        # So long ago may the password have been asked when a passkey is added.
        "SECURITY_FRESHNESS": timedelta(minutes=30),
        "SECURITY_FRESHNESS_GRACE_PERIOD": timedelta(0),
    }
