"""What a customer's phone has opened: a signed cookie, so that an old link leads it to the new one.

Opening a page writes nothing into the database, and a robot that looks at an address before the
customer does brings no cookie back.
"""

from __future__ import annotations

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

_OPENED, _WROTE = "workshop_followed", "workshop_writes"
_DAYS_90 = 90 * 24 * 3600
# More cars than one phone follows in that time.
_MOST = 12


def list_opened() -> frozenset[int]:
    """The orders whose page this phone has opened."""
    return frozenset(_read(_OPENED))


def may_write(order_id: int) -> bool:
    """Whether this phone has shown once that it is the customer's."""
    return order_id in _read(_WROTE)


def note_opened(answer: Response, order_id: int) -> None:
    """Remember on the phone that it has opened the order's page."""
    _note(answer, _OPENED, order_id)


def note_writer(answer: Response, order_id: int) -> None:
    """Remember on the phone that its owner knew the end of the phone number."""
    _note(answer, _WROTE, order_id)


def _note(answer: Response, name: str, order_id: int) -> None:
    kept = _read(name)
    if order_id in kept:
        return
    answer.set_cookie(
        name,
        str(_serializer(name).dumps([order_id, *kept][:_MOST])),
        max_age=_DAYS_90,
        path="/t",
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )


def _read(name: str) -> list[int]:
    try:
        return [int(each) for each in _serializer(name).loads(request.cookies.get(name, ""))]
    except (BadSignature, ValueError, TypeError):
        return []


def _serializer(name: str) -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt=name)
