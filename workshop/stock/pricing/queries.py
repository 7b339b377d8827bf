"""What a part costs on a day of the shop's calendar, its history, and the mark-up of a branch."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa
from sqlalchemy import select

from workshop.db import session
from workshop.errors import N_, NotFound
from workshop.stock.models import Part
from workshop.stock.pricing.models import MarkupTier, PartPrice
from workshop.stock.pricing.rules import STARTER, Tier


def price_on(part: Part, day: date) -> int:
    """The price of the part on the day, in fen a unit, tax included."""
    return prices_on([part], day)[part.id]


def prices_on(parts: Iterable[Part], day: date) -> dict[int, int]:
    """By part id: the price on the day. The newest row that is valid by then counts; before the
    first one, the price that the part was made with.
    """
    found = {part.id: part.price_fen for part in parts}
    counts = _counting().where(PartPrice.part_id.in_(found), PartPrice.valid_from <= day)
    for row in session.scalars(counts.order_by(PartPrice.valid_from, PartPrice.id)):
        found[row.part_id] = row.price_fen
    return found


def _counting() -> sa.Select[PartPrice]:
    """The rows that set a price and were not taken back."""
    taken_back = select(PartPrice.takes_back_id).where(PartPrice.takes_back_id.is_not(None))
    return select(PartPrice).where(
        PartPrice.takes_back_id.is_(None), PartPrice.id.not_in(taken_back)
    )


def find_next(part: Part, day: date) -> PartPrice | None:
    """The next price that is set for a day after this one."""
    query = _counting().where(PartPrice.part_id == part.id, PartPrice.valid_from > day)
    return session.scalars(query.order_by(PartPrice.valid_from, PartPrice.id.desc())).first()


def list_history(part: Part) -> list[PartPrice]:
    """All rows of the part's price, also those that take one back, the newest written first."""
    query = select(PartPrice).where(PartPrice.part_id == part.id)
    return list(session.scalars(query.order_by(PartPrice.id.desc())))


def list_taken_back(part: Part) -> set[int]:
    """The ids of the part's rows that were taken back."""
    return {row.takes_back_id for row in list_history(part) if row.takes_back_id is not None}


def get_price(part: Part, price_id: int) -> PartPrice:
    """A row of the part's history; raises NotFound."""
    row = session.get(PartPrice, price_id)
    if row is None or row.part_id != part.id:
        raise NotFound(N_("There is no such price."))
    return row


def list_tiers(branch_id: int) -> list[Tier]:
    """The branch's mark-up, the lowest cost first; the usual one while nobody has set another."""
    query = select(MarkupTier).where(MarkupTier.branch_id == branch_id)
    rows = session.scalars(query.order_by(MarkupTier.from_fen))
    return [Tier(row.from_fen, row.percent) for row in rows] or list(STARTER)
