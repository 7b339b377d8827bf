"""A page that asks nothing of anybody: for who cannot be known yet, or has no database."""

from __future__ import annotations

from flask import Response, request
from flask_babel import force_locale, gettext
from markupsafe import Markup

_PAGE = Markup(
    '<!doctype html><html lang="{lang}"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width">{again}'
    "<title>{title}</title><h1>{title}</h1><p>{words}</p></html>"
)
_AGAIN = Markup('<meta http-equiv="refresh" content="{}">')


def answer(status: int, title: str, words: str, *, again_seconds: int | None = None) -> Response:
    """These words in the browser's language; a page with `again_seconds` asks again by itself."""
    english = request.accept_languages.best_match(["zh", "en"], "zh") == "en"
    # Who is signed in, and in which language, only the database knows.
    with force_locale("en" if english else "zh_CN"):
        page = _PAGE.format(
            lang="en" if english else "zh-CN",
            again="" if again_seconds is None else _AGAIN.format(again_seconds),
            title=gettext(title),
            words=gettext(words),
        )
    return Response(page, status, content_type="text/html; charset=utf-8")
