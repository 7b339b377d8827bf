"""What a customer's phone has opened: a signed cookie, so that an old link leads it to the new one.

Opening a page writes nothing into the database, and a robot that looks at an address before the
customer does brings no cookie back.
"""

from __future__ import annotations

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

_NAME = "workshop_followed"
_DAYS_90 = 90 * 24 * 3600
# More cars than one phone follows in that time.
_MOST = 12


def list_opened() -> frozenset[int]:
    """The orders whose page this phone has opened."""
    return frozenset(_read())


def note_opened(answer: Response, order_id: int) -> None:
    """Remember on the phone that it has opened the order's page."""
    opened = _read()
    if order_id in opened:
        return
    answer.set_cookie(
        _NAME,
        str(_serializer().dumps([order_id, *opened][:_MOST])),
        max_age=_DAYS_90,
        path="/t",
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )


def _read() -> list[int]:
    try:
        return [int(each) for each in _serializer().loads(request.cookies.get(_NAME, ""))]
    except (BadSignature, ValueError, TypeError):
        return []


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt="workshop-followed")
