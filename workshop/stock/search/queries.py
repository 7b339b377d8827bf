"""Which parts are meant by what somebody types: by any of their numbers or words."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy import select

from workshop.search import queries as search
from workshop.search.models import Kind
from workshop.stock import rules
from workshop.stock.models import Part, StockLevel
from workshop.stock.suppliers.models import PartSupplier


def meant_by(text: str, branch_id: int | None = None) -> list[sa.ColumnElement[bool]]:
    """The conditions that every word typed occurs in the part.

    In a number — ours, the maker's, a supplier's, the barcode —, in a name, the brand, what it
    fits, or its bin at the branch.
    """
    return [Part.id.in_(sa.union(*ids(word, branch_id))) for word in text.split()]


def ids(word: str, branch_id: int | None = None) -> Iterator[sa.Select[int]]:
    """The ids of the parts in which one word occurs, from each place where it may."""
    yield search.having(Kind.PART, word)
    if plain := rules.plain_no(word):
        yield search.having(Kind.PART, plain)
        theirs = search.having(Kind.OFFER, plain)
        yield select(PartSupplier.part_id).where(PartSupplier.id.in_(theirs))
    if branch_id is not None:
        bins = search.having(Kind.BIN, word)
        yield select(StockLevel.part_id).where(
            StockLevel.id.in_(bins), StockLevel.branch_id == branch_id
        )
