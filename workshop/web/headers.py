"""What every answer carries: what a browser may do with a page, and how long it keeps it."""

from __future__ import annotations

from flask import Flask, Response, request

from workshop.web import assets

_YEAR = 365 * 24 * 3600
_ERRORS = 400
FILES = ("static", "writing")
"""The endpoints that give what pages are made of."""
_ALWAYS = {"X-Content-Type-Options": "nosniff"}
# Only what a browser shows as a page is bound by these.
_PAGES = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), camera=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def init_app(app: Flask) -> None:
    """Put them on every answer."""
    app.after_request(_harden)


def _harden(response: Response) -> Response:
    is_file = request.endpoint in FILES and response.status_code < _ERRORS
    for name, value in (_ALWAYS if is_file else {**_ALWAYS, **_PAGES}).items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={_YEAR}")
    if request.endpoint in FILES:
        response.headers["Cache-Control"] = assets.how_long()
    else:
        response.headers.setdefault("Cache-Control", "no-store")
    return response
