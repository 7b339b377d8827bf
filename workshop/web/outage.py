"""While the database does not answer: a page in words that needs none, and comes back by itself."""

from __future__ import annotations

import psycopg
import structlog
from flask import Response, request
from sqlalchemy.exc import OperationalError

from workshop.errors import N_
from workshop.web import bare

RETRY_SECONDS = 5
# What SQLite says when its file cannot be reached; other words of it are faults of ours.
_FILE_IS_GONE = ("unable to open database file", "disk i/o error", "database or disk is full")
# Classes of PostgreSQL's errors: no connection, no room for one, and a server that goes down.
_SERVER_IS_GONE = ("08", "53", "57P")
_WORDS = {
    True: N_("The shop's database does not answer at the moment. This page tries again by itself."),
    False: N_("The shop's database does not answer at the moment. Nothing was saved; try again."),
}
_TITLE = N_("One moment")

log = structlog.get_logger(__name__)


def is_one(error: OperationalError) -> bool:
    """Whether the database cannot be reached, as opposed to a statement that it refuses."""
    if isinstance(error.orig, psycopg.Error):
        state = error.orig.sqlstate
        # Without a state no server has answered.
        return state is None or state.startswith(_SERVER_IS_GONE)
    said = str(error.orig).lower()
    return any(words in said for words in _FILE_IS_GONE)


def answer(error: OperationalError) -> Response:
    """503 with the moment to come back; the log gets a line without the database's address."""
    log.error("the database does not answer", fault=type(error.orig).__name__, path=request.path)
    only_reads = request.method in ("GET", "HEAD")
    page = bare.answer(
        503, _TITLE, _WORDS[only_reads], again_seconds=RETRY_SECONDS if only_reads else None
    )
    page.headers["Retry-After"] = str(RETRY_SECONDS)
    return page
