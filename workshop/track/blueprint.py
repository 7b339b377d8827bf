"""The blueprint of the customer's link, and what all its answers have in common."""

from __future__ import annotations

from flask import Response
from flask.typing import ResponseReturnValue

from workshop import clock, db, web
from workshop.errors import NotFound
from workshop.shop import queries as shop

bp = web.blueprint("track", __name__)


@bp.after_request
def keep_private(response: Response) -> Response:
    """No search engine keeps these pages, and no other site learns their address."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    # When this was true, by the shop's clock: the page says so, also when nothing was new.
    response.headers["X-Shop-Time"] = f"{web.local(clock.now()):%H:%M}"
    return response


@bp.errorhandler(NotFound)
def answer_unknown(_error: NotFound) -> ResponseReturnValue:
    """Expired, revoked, retired or guessed: the same page, which names the shop and no order."""
    db.rollback()
    return web.page("track/unknown.html", 404, branches=shop.list_branches())
