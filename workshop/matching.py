"""Finding rows by how a text begins, with the index of the text."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from workshop.db import is_sqlite

# Sorts behind every sign that a text may go on with.
_LAST = "\U0010ffff"


def begins_with(column: Any, words: str) -> sa.ColumnElement[bool]:
    """The column's text begins with the words, as they are written.

    SQLite has an index for a range; PostgreSQL, whose order is that of a language, has one of its
    own for LIKE.
    """
    if is_sqlite():
        return sa.and_(column >= words, column < words + _LAST)
    escaped = words.replace("/", "//").replace("%", "/%").replace("_", "/_")
    return sa.and_(column.like(f"{escaped}%", escape="/"))
