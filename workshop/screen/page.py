"""What a television keeps of its page: the token by which it is known again."""

from __future__ import annotations

from flask import current_app
from werkzeug.wrappers import Response

from workshop.screen import service as screen

_DAYS_400 = 400 * 24 * 3600


def keep_token(answer: Response, token: str) -> None:
    """Give the television its token, out of reach of scripts."""
    answer.set_cookie(
        screen.TOKEN_COOKIE,
        token,
        max_age=_DAYS_400,
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )
