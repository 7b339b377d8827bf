"""A page that somebody has already is not made again while nothing is written: 304.

A live desk sends the tag of the page that it has. The tag stands for one session in its language
and with its rights, one address, one minute (pages say how long something waits) and what the
database had seen, so it fits nobody else's page and no older one.
"""

from __future__ import annotations

import secrets
from hashlib import blake2b
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, request, session

from workshop import clock, db, kept

# What another process, or this one before a restart, has given fits nothing here.
_PROCESS = secrets.token_hex(8)


def init_app(app: Flask) -> None:
    """Give each page that asks for it a tag. Whoever compresses it afterwards adds to the tag."""
    app.after_request(_give_tag)


def is_known() -> bool:
    """Whether who asks has this page, and it would be the same again.

    Asked before anything is read. What the session may do stands in the database as well, and so
    does whether it has ended: its page is given out again only as long as nobody has written.
    """
    if not _has_asked():
        return False
    tag = kept.recall(_key())
    return tag is not None and any(_without_method(each) == tag for each in _tags())


def answer() -> tuple[str, HTTPStatus]:
    """The answer to who has the page."""
    return "", HTTPStatus.NOT_MODIFIED


def _has_asked() -> bool:
    """Whether a page that keeps itself fresh asks; it says which one it has, or that it has none.

    The cookie's messages are shown once, so that a page with one is another page.
    """
    return request.method == "GET" and bool(session.get("_user_id")) and bool(_tags())


def _tags() -> set[str]:
    return set(request.if_none_match)


def _without_method(tag: str) -> str:
    return tag.partition(":")[0]


def _key() -> tuple[Any, ...]:
    minute = clock.now().replace(second=0, microsecond=0)
    cookie = repr(sorted(session.items()))
    return ("page", cookie, request.full_path, request.headers.get("Workshop-Parts"), minute)


def _give_tag(response: Response) -> Response:
    is_page = response.status_code == HTTPStatus.OK and response.mimetype == "text/html"
    if is_page and db.only_reads() and _has_asked() and not response.get_etag()[0]:
        key = _key()
        made = blake2b(repr((_PROCESS, secrets.token_hex(8), key)).encode(), digest_size=16)
        response.set_etag(kept.until_written(key, made.hexdigest))
    return response
