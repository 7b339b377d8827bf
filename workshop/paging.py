"""Long lists are read a page at a time."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from workshop.db import session

ROWS = 50
# So many pages behind the one that is read are counted.
AHEAD = 40
# So many rows of a list that is read to its end are held at once.
CHUNK = 500


@dataclass(frozen=True)
class Page:
    """The rows of one page of a long list and its place among the pages, the first being 1."""

    rows: Sequence[Any] = ()
    page: int = 1
    pages: int = 1
    total: int = 0
    # Whether there are further pages behind the last one that was counted.
    has_more: bool = False

    @property
    def pages_said(self) -> str:
        """How many pages there are, as people are told."""
        return f"{self.pages}+" if self.has_more else str(self.pages)

    @property
    def total_said(self) -> str:
        """How many rows there are, as people are told."""
        return f"{self.total}+" if self.has_more else str(self.total)

    @property
    def has_prev(self) -> bool:
        return self.page > 1

    @property
    def has_next(self) -> bool:
        return self.page < self.pages

    @property
    def prev_num(self) -> int:
        return self.page - 1

    @property
    def next_num(self) -> int:
        return self.page + 1


def read_page(query: sa.Select[*tuple[Any, ...]], page: int, rows: int = ROWS) -> Page:
    """The rows of a page of what the query finds; a page that is not there is the nearest."""
    total = _count(query.order_by(None))
    return _read(query, page, rows, total)


def read_growing(query: sa.Select[*tuple[Any, ...]], page: int, rows: int = ROWS) -> Page:
    """A page of a list that grows for years: what lies far behind the page is not counted."""
    most = (max(page, 1) + AHEAD) * rows
    counted = _count(query.with_only_columns(sa.literal(1)).limit(most + 1))
    return _read(query, page, rows, min(counted, most), has_more=counted > most)


def _count(query: sa.Select[*tuple[Any, ...]]) -> int:
    return int(session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0)


def _read(
    query: sa.Select[*tuple[Any, ...]], page: int, rows: int, total: int, has_more: bool = False
) -> Page:
    pages = max(1, -(-total // rows))
    place = min(max(page, 1), pages)
    found = session.execute(query.limit(rows).offset((place - 1) * rows)).all()
    return Page(_plain(found), place, pages, total, has_more)


def read_chunks(query: sa.Select[*tuple[Any, ...]]) -> Iterator[Sequence[Any]]:
    """All that the query finds, some rows at a time."""
    found = session.execute(query.execution_options(yield_per=CHUNK))
    return (_plain(chunk) for chunk in found.partitions())


def read_all(query: sa.Select[*tuple[Any, ...]]) -> Iterator[Any]:
    """All that the query finds, row by row, however much it is."""
    return itertools.chain.from_iterable(read_chunks(query))


def _plain(rows: Sequence[sa.Row[*tuple[Any, ...]]]) -> list[Any]:
    return [row[0] if len(row) == 1 else row for row in rows]
