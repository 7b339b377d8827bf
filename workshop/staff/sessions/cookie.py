"""The cookie and the session behind it. It is asked of the request, so this file is edge."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Flask, current_app, flash, g, request, session
from flask_babel import gettext
from flask_login import current_user, user_logged_in, user_logged_out
from flask_security.signals import wan_registered
from flask_security.utils import set_request_attr
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from workshop import clock, db
from workshop.staff.models import User
from workshop.staff.permissions import FLOOR_REACH
from workshop.staff.second_factor import service as factors
from workshop.staff.sessions import rules
from workshop.staff.sessions import service as sessions
from workshop.staff.sessions.models import SignIn, SignInWay

_KNOWN = "workshop_known"
_DAYS_400 = 400 * 24 * 3600
# More people than share one desk.
_MOST_KNOWN = 20
_WAYS = {
    "staff.welcome": SignInWay.LINK,
    "security.wan_signin_response": SignInWay.PASSKEY,
    "demo.become": SignInWay.DEMO,
    "staff.enter_pin": SignInWay.PIN,
}

_ONE_FACTOR = frozenset({SignInWay.PASSWORD, SignInWay.LINK})


def init_app(app: Flask) -> None:
    """Let the cookie carry the token of a session that the database knows, and nothing else."""
    manager = app.extensions["security"].login_manager
    manager.user_loader(_load)
    # Nobody signs in by a token in the address or a header.
    manager.request_loader(_nobody)
    user_logged_in.connect(_begin, app)
    user_logged_out.connect(_end, app)
    wan_registered.connect(_note_passkey, app)
    app.after_request(_keep_known)


def find_mine() -> SignIn | None:
    """The session of this request, if any."""
    return g.get("sign_in") if current_user and current_user.is_authenticated else None


def my_id() -> int | None:
    """The number of this request's session, if any."""
    mine = find_mine()
    return mine.id if mine else None


def note_seen(*, only_reads: bool) -> None:
    """Note now and then that the session is in use, before the request begins its own work."""
    mine = find_mine()
    if mine is None or clock.now() - mine.seen_at < rules.SEEN_EVERY:
        return
    db.rollback()
    db.begin_as_reader(False)
    sessions.note_seen(mine, at=clock.now())
    db.commit()
    db.begin_as_reader(only_reads)


def place_of(user_id: int | None) -> str:
    """Where a try to sign in comes from: a device that this person is known on, or the address."""
    known = _read_known()
    if user_id is not None and user_id in known["people"]:
        return f"device:{known['device']}"
    return f"address:{request.remote_addr or ''}"


def _load(token: str) -> User | None:
    found = sessions.find_live(str(token), at=clock.now()) if token else None
    if found is None:
        return None
    g.sign_in = found
    user = found.user
    user.reach = FLOOR_REACH if found.way is SignInWay.PIN else None
    user.needs_second_factor = found.way in _ONE_FACTOR and factors.is_missing_for(user)
    set_request_attr("fs_authn_via", "session")
    set_request_attr("fs_paa", session.get("fs_paa", 0))
    return user


def _nobody(_request: Any) -> None:
    return None


def _begin(_app: Flask, user: User, **_more: Any) -> None:
    way = _WAYS.get(request.endpoint or "", SignInWay.PASSWORD)
    begun, token = sessions.begin(
        user,
        way,
        at=clock.now(),
        agent=request.user_agent.string,
        address=request.remote_addr or "",
        device_id=g.get("floor_device_id"),
    )
    if user.reset_note:
        text = gettext("Your second factor was reset: %(reason)s", reason=user.reset_note)
        flash(text, "warn")
        user.reset_note = None
    db.commit()
    g.sign_in = begun
    user.reach = FLOOR_REACH if way is SignInWay.PIN else None
    session["_user_id"] = token
    if way is not SignInWay.PIN:
        g.now_known = user.id


def _end(_app: Flask, user: User | None, **_more: Any) -> None:
    mine = g.pop("sign_in", None)
    if mine is not None and user is not None:
        sessions.sign_out(mine, by=mine.user, at=clock.now())
        db.commit()


def _note_passkey(_app: Flask, user: Any, name: str, **_more: Any) -> None:
    # The library commits it with the passkey, after this request.
    factors.note_passkey(user._get_current_object(), name, at=clock.now())


# ---- Devices on which somebody has signed in before ----


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt="workshop-known-device")


def _read_known() -> dict[str, Any]:
    try:
        device, *people = _serializer().loads(request.cookies.get(_KNOWN, ""))
    except (BadSignature, ValueError, TypeError):
        return {"device": "", "people": []}
    return {"device": device, "people": people}


def _keep_known(answer: Response) -> Response:
    user_id = g.pop("now_known", None)
    if user_id is None:
        return answer
    known = _read_known()
    people = [user_id, *(each for each in known["people"] if each != user_id)][:_MOST_KNOWN]
    answer.set_cookie(
        _KNOWN,
        str(_serializer().dumps([known["device"] or secrets.token_urlsafe(12), *people])),
        max_age=_DAYS_400,
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )
    return answer
