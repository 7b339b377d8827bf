"""What every answer carries: what a browser may do with a page, and how long it keeps it."""

from __future__ import annotations

from flask import Flask, Response, request

from workshop.web import assets

_YEAR = 365 * 24 * 3600
_ERRORS = 400
FILES = ("static", "writing")
"""The endpoints that give what pages are made of."""
_ALWAYS = {"X-Content-Type-Options": "nosniff"}
_NO_FRAMES = "frame-ancestors 'none'"
# Only what a browser shows as a page is bound by these.
_PAGES = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; "
        f"form-action 'self'; {_NO_FRAMES}"
    ),
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), camera=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def init_app(app: Flask) -> None:
    """Put them on every answer."""
    app.after_request(_harden)


def allow_frames(response: Response, origins: list[str]) -> None:
    """Let these sites, and no others, show the page inside theirs."""
    policy = _PAGES["Content-Security-Policy"]
    if origins:
        told = f"frame-ancestors {' '.join(origins)}"
        response.headers["Content-Security-Policy"] = policy.replace(_NO_FRAMES, told)


def _harden(response: Response) -> Response:
    is_file = request.endpoint in FILES and response.status_code < _ERRORS
    told = _ALWAYS if is_file else {**_ALWAYS, **_PAGES}
    policy = response.headers.get("Content-Security-Policy", "")
    if "frame-ancestors" in policy and _NO_FRAMES not in policy:
        # The older header knows no list: beside it the list would count for nothing.
        told = {name: value for name, value in told.items() if name != "X-Frame-Options"}
    for name, value in told.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={_YEAR}")
    if request.endpoint in FILES:
        response.headers["Cache-Control"] = assets.how_long()
    else:
        response.headers.setdefault("Cache-Control", "no-store")
    return response
