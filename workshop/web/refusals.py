"""The one error handler: refusals become pages for people, or problem details for programs."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Flask, current_app, g, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.exceptions import NotFound as NoPage
from werkzeug.routing import IntegerConverter, RequestRedirect

from workshop import db
from workshop.errors import N_, Conflict, Invalid, NotAllowed, NotFound, RuleBroken, WorkshopError
from workshop.storage import busy
from workshop.web import outage, ways
from workshop.web.fields import MOST
from workshop.web.pages import error_page
from workshop.web.words import both_versions, error_words, find_unsaid, status_of


class StorableNumber(IntegerConverter):
    """A number in an address; one that no record can have is no page."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max": MOST, **options})


def init_app(app: Flask) -> None:
    """Answer every refusal and every trouble in words."""
    app.url_map.converters["int"] = StorableNumber
    app.jinja_env.globals["find_unsaid"] = find_unsaid
    app.register_error_handler(WorkshopError, _answer_refusal)
    app.register_error_handler(HTTPException, _answer_http_error)
    app.register_error_handler(CSRFError, _answer_csrf)
    app.register_error_handler(StaleDataError, _answer_stale)
    app.register_error_handler(IntegrityError, _answer_guard)
    app.register_error_handler(OperationalError, _answer_trouble)
    app.register_error_handler(DataError, _answer_unstorable)
    app.register_error_handler(OverflowError, _answer_unstorable)


def _answer_refusal(error: WorkshopError) -> ResponseReturnValue:
    db.rollback()
    if request.accept_mimetypes.best == "application/json":
        status = status_of(error)
        body: dict[str, Any] = {"status": status, "code": error.code, "detail": error_words(error)}
        body |= _two_versions(error)
        link = ways.show(error.way) if error.way is not None else None
        if isinstance(link, ways.Link):
            body["way"] = {"label": link.label, "url": link.url, "open": link.is_open}
        elif link is not None:
            body["way"] = {"label": link.words, "url": link.url, "open": link.url is not None}
        return jsonify(body), status, {"Content-Type": "application/problem+json"}
    return error_page(error)


def _two_versions(error: WorkshopError) -> dict[str, Any]:
    """For who waits with an act of its own: what stands there, what was sent, and how to insist."""
    rows = [[gettext(label), *map(_in_text, pair)] for label, *pair in both_versions(error)]
    return {"versions": rows, "version": error.values.get("version")} if rows else {}


def _in_text(value: Any) -> str:
    return "—" if value is None or value == "" else str(value)


def _answer_http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code == 404:
        return _answer_refusal(NotFound(N_("There is no such page.")))
    if error.code == 405 and request.method == "GET":
        return _lead_to_page()
    if error.code == 400:
        return _answer_refusal(Invalid(N_("What was sent cannot be read.")))
    if error.code == 413:
        most = (request.max_content_length or 0) // 1024 // 1024
        message = N_("What was sent is larger than %(most)s MB.")
        return _answer_refusal(Invalid(message, most=most))
    if error.code == 429:
        return render_template("error.html", message=gettext("Too many tries. Wait a minute.")), 429
    return _answer_failure() if error.code == 500 else error


def _lead_to_page() -> ResponseReturnValue:
    """Lead somebody who opens the address of a button to the page that the button stands on.

    It happens after a refused form: the page stands under the button's address.
    """
    routes = current_app.url_map.bind_to_environ(request.environ)
    path = request.path
    while path := path.rpartition("/")[0]:
        try:
            routes.match(path, method="GET")
        except (NoPage, MethodNotAllowed, RequestRedirect):
            continue
        return redirect(quote(path))
    return redirect("/")


def _answer_failure() -> ResponseReturnValue:
    """Something that nobody expected: nothing was saved, and the log says what it was."""
    db.rollback()
    text = gettext("Something went wrong on our side. Nothing was saved; try again.")
    return render_template("error.html", message=text, request_no=g.get("request_no")), 500


def _answer_csrf(_error: CSRFError) -> ResponseReturnValue:
    return _answer_refusal(
        NotAllowed(
            N_("This page is too old to be sent. Load it again and repeat the last step."),
            code="old_page",
        )
    )


def _answer_stale(_error: StaleDataError) -> ResponseReturnValue:
    message = N_("Somebody else changed this meanwhile. Look at both versions and save again.")
    return _answer_refusal(Conflict(message))


def _answer_guard(error: IntegrityError) -> ResponseReturnValue:
    # The service asks first; only a race gets here, and the guard has kept the data right.
    text = str(error.orig)
    if "overlap" in text:
        message = N_("Somebody else has just taken this technician or bay for that time.")
        return _answer_refusal(Conflict(message))
    if "reserved" in text or "on_hand" in text:
        return _answer_refusal(RuleBroken(N_("Somebody else has just taken the last piece.")))
    return _answer_refusal(Conflict(N_("Somebody else has just done the same.")))


def _answer_unstorable(_error: Exception) -> ResponseReturnValue:
    message = N_("A number is too large, or a text holds signs that cannot be kept.")
    return _answer_refusal(Invalid(message))


def _answer_trouble(error: OperationalError) -> ResponseReturnValue:
    if outage.is_one(error):
        return outage.answer(error)
    db.rollback()
    if "locked" not in str(error.orig) and "deadlock" not in str(error.orig):
        raise error
    with db.reading():
        is_for_long = busy.is_for_long(db.session.connection())
        db.rollback()
    if is_for_long:
        message = N_("A large file is being written. Nothing was saved; try again in a minute.")
        return _answer_refusal(Conflict(message))
    return _answer_refusal(Conflict(N_("The shop is very busy. Nothing was saved; try again.")))
