"""The addresses in templates: made once, for a page of many rows has thousands of them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import flask
from flask import Flask, current_app, request

# As many as a few large boards and lists show.
_MOST = 20_000
_EXTENSION = "workshop_addresses"


def init_app(app: Flask) -> None:
    """What is kept goes with the app."""
    app.extensions[_EXTENSION] = lru_cache(maxsize=_MOST)(_make)


def url_for(endpoint: str, **values: Any) -> str:
    """As Flask's, which has the same answer for the same question and is asked it again."""
    if endpoint.startswith(".") or "_external" in values:
        return flask.url_for(endpoint, **values)
    try:
        # 1 and True are equal, and are not written alike.
        key = tuple((name, type(value), value) for name, value in values.items())
        kept: str = current_app.extensions[_EXTENSION](request.root_path, endpoint, key)
    except TypeError:
        return flask.url_for(endpoint, **values)
    return kept


def _make(_root: str, endpoint: str, values: tuple[tuple[str, type, Any], ...]) -> str:
    return flask.url_for(endpoint, **{name: value for name, _, value in values})
