"""What a television keeps of its page, and what it hears: rows, the shop's clock, a pulse."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import current_app
from werkzeug.wrappers import Response

from workshop import clock
from workshop.screen import queries as screens
from workshop.screen import rules
from workshop.screen import service as screen
from workshop.screen.rules import Row
from workshop.shop.models import Branch
from workshop.staff import audit

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


def tag() -> str:
    """Another one whenever the rows may have changed: with every act, and with every minute.

    It costs one look at the end of an index, where the rows themselves cost a dozen queries.
    """
    return f"{audit.newest()}-{clock.now():%H%M}"


def list_rows(branch: Branch) -> list[Row]:
    """The rows of the branch's televisions at this moment."""
    return screens.list_rows(branch, str(current_app.config["SECRET_KEY"]), clock.now())


def snapshot(branch: Branch) -> dict[str, Any]:
    """All that a television shows."""
    rows = list_rows(branch)
    return {"rows": [asdict(row) for row in rows], **_pulse(branch, rows), "tag": tag()}


def pulse(branch: Branch) -> dict[str, Any]:
    """The shop's clock and speed, when the screen goes dark, and the digest of all rows."""
    return _pulse(branch, list_rows(branch))


def _pulse(branch: Branch, rows: list[Row]) -> dict[str, Any]:
    now = clock.now()
    return {
        "now": screens.local_time(branch, now).strftime("%Y-%m-%dT%H:%M:%S"),
        "speed": clock.speed(),
        "closes": screens.wall_clock(branch, screens.closes_at(branch, now)),
        "digest": rules.digest(rows),
    }
