"""Who guesses is slowed down: wrong tries are counted, and what is right passes all the same.

So is who asks to be paired again and again as somebody else, for the codes that wait are few.

A shop's people share one address, and so do the customers in its lounge. So a known device and a
link that opens something are never counted and never stopped, whoever else guesses beside them.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Flask, Response, g, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from sqlalchemy import func, select

from workshop import clock, track
from workshop.db import session
from workshop.errors import NotFound
from workshop.staff.models import User
from workshop.staff.sessions import cookie
from workshop.track import service as links

# Of one name, at one address; the wait that doubles (staff/sessions/lockout.py) bites before.
WRONG_FOR_ONE_NAME = "30 per minute"
# Of all names together: checking a password costs the shop's processor a tenth of a second.
WRONG_AT_ONE_ADDRESS = "120 per minute"
WRONG_LINKS = "60 per minute"
# A television or a shared phone that asks to be paired; the same one may ask as often as it likes.
NEW_OFFERS = "10 per 10 minutes"
# Of one address, which a family or a whole office may share.
BOOKINGS = "30 per hour"
# Cutting characters out of a font takes a fifth of a second.
CUT_FONTS = "120 per minute"


def init_app(app: Flask) -> None:
    """Count the wrong ones at the doors that are open to everybody, and what costs much."""
    # Without its Redis a process counts by itself; nobody is locked out because a server is down.
    limiter = Limiter(get_remote_address, app=app, in_memory_fallback_enabled=True)
    # Its decorators know it only weakly, and one that is switched off the app itself forgets.
    app.extensions["workshop_limiter"] = limiter
    wrong: dict[str, Any] = {
        "methods": ["POST"],
        "deduct_when": _lets_nobody_in,
        "exempt_when": _is_known_device,
    }
    sign_in: Any = app.view_functions["security.login"]
    sign_in = limiter.limit(WRONG_AT_ONE_ADDRESS, **wrong)(sign_in)
    sign_in = limiter.limit(WRONG_FOR_ONE_NAME, key_func=_name_here, **wrong)(sign_in)
    app.view_functions["security.login"] = sign_in
    writing: Any = app.view_functions["writing"]
    app.view_functions["writing"] = limiter.limit(CUT_FONTS)(writing)
    limiter.limit(WRONG_LINKS, deduct_when=_is_guess, exempt_when=_is_link)(track.FACE.blueprint)


def count_offers(app: Flask) -> None:
    """Count who asks to be paired, once the packages have brought their pages."""
    limiter: Limiter = app.extensions["workshop_limiter"]
    for door in ("screen.offer", "staff.offer_device"):
        counted: Any = limiter.limit(NEW_OFFERS, methods=["POST"], deduct_when=_is_new_offer)
        app.view_functions[door] = counted(app.view_functions[door])
    for door in ("book.hold", "book.ask", "book.embed_hold", "book.embed_ask"):
        booked: Any = limiter.limit(BOOKINGS, methods=["POST"])
        app.view_functions[door] = booked(app.view_functions[door])


def _typed_name() -> str:
    return request.form.get("username", "").strip().lower()


def _name_here() -> str:
    return f"{get_remote_address()} {_typed_name()[:64]}"


def _lets_nobody_in(response: Response) -> bool:
    return response.status_code != HTTPStatus.FOUND


def _is_known_device() -> bool:
    query = select(User.id).where(func.lower(User.username) == _typed_name())
    return cookie.place_of(session.scalar(query)).startswith("device:")


def _is_new_offer(_response: Response) -> bool:
    return bool(g.get("is_new_offer"))


def _is_guess(response: Response) -> bool:
    return response.status_code == HTTPStatus.NOT_FOUND


def _is_link() -> bool:
    """Whether the address names a link that opens something, whatever is behind it."""
    try:
        links.get_order_of(str((request.view_args or {}).get("token", "")), clock.now())
    except NotFound:
        return False
    return True
