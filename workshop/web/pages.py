"""Rendering a page, and the page for a refusal that no form caught."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, has_request_context, render_template, request

from workshop.errors import Missing, WorkshopError
from workshop.web.words import both_versions, error_words, missing_words, status_of


def blueprint(name: str, import_name: str) -> Blueprint:
    """A blueprint whose templates and static files stand in the top-level folders."""
    return Blueprint(name, import_name)


def own_path(target: str) -> str:
    """The address, if it is a path of this site; anything else leads home.

    An address has no blanks and no line ends: what follows one would be read as another header.
    """
    if not target.isprintable() or not target.startswith("/") or target.startswith("//"):
        return "/"
    try:
        parts = urlsplit(target)
    except ValueError:
        return "/"
    is_inside = not parts.scheme and not parts.netloc and "\\" not in target
    return target if is_inside else "/"


def page(template: str, status: int = 200, **context: Any) -> tuple[str, int]:
    """Render a template; the status goes with it, so that a refused form is no 200.

    A refusal whose form has left the page meanwhile is said above it: nothing fails in silence.
    The frames render the page's own content first, so that they know what it has said.
    """
    return render_template(template, **context), status


def asks_for_parts() -> bool:
    """Whether a page that keeps itself fresh asks for its content: its frame stays as it is.

    What is said once (a message after an act) is left for a whole page.
    """
    return has_request_context() and "Workshop-Parts" in request.headers


def paper(data: bytes, name: str) -> Response:
    """A PDF that the browser shows; `name` is what it is saved as, without its ending."""
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return Response(data, mimetype="application/pdf", headers=headers)


def error_page(error: WorkshopError) -> tuple[str, int]:
    """The page for a refusal that no form caught."""
    missing: Iterable[Missing] = getattr(error, "missing", ())
    return page(
        "error.html",
        status_of(error),
        error=error,
        message=error_words(error),
        missing=[missing_words(each) for each in missing],
        rows=both_versions(error),
    )


@dataclass(frozen=True)
class Fold:
    """What the line of a folded section says; `title` is a msgid, `line` stands in the reader's
    language.

    `gaps` are what the section still owes, and stand in place of the line; `is_open` unfolds it.
    """

    key: str
    title: str
    icon: str
    line: str = ""
    gaps: Sequence[Missing] = ()
    is_done: bool = False
    is_open: bool = False
