"""Ids of the records that have a text in them, each by one range of an index."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from workshop.search import rules
from workshop.search.models import ENDS, LONGEST, Kind, SearchWord

# Who types so little that more is found sees the newest.
MOST = 200
# Sorts behind every sign that a word may go on with.
_LAST = "\U0010ffff"


def having(kind: Kind, text: str) -> sa.Select[int]:
    """All records in whose text this one occurs, or of a whole text: that begin with it."""
    word = rules.plain(text, LONGEST)
    return select(SearchWord.subject_id).where(
        SearchWord.kind == kind, SearchWord.word >= word, SearchWord.word < word + _LAST
    )


def newest(kind: Kind, text: str, most: int = MOST) -> sa.Select[int]:
    """The newest of them; those that end with the text come first."""
    is_end = sa.case((SearchWord.word == rules.plain(text, LONGEST), 0), else_=1)
    query = having(kind, text).order_by(is_end, SearchWord.subject_id.desc()).limit(most)
    # SQLite takes an order inside of a union only in brackets of its own.
    return select(query.subquery().c.subject_id)


def ending(kind: Kind, column: Any, key: Any, text: str) -> sa.Select[int]:
    """By `key` the records whose column ends with the text, which is not shorter than `ENDS`.

    The words lead to the few that share the last signs, and the column itself decides.
    """
    end = rules.plain(text, len(text))[-ENDS[kind] :]
    few = select(SearchWord.subject_id).where(SearchWord.kind == kind, SearchWord.word == end)
    return select(key).where(key.in_(few), column.endswith(text, autoescape=True))
