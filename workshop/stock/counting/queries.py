"""Counts, and what of a shelf is counted."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import select

from workshop.db import session
from workshop.errors import N_, NotFound
from workshop.stock.counting.models import Stocktake, StocktakeLine
from workshop.stock.models import Part, StockLevel


def get_stocktake(branch_id: int, no: str) -> Stocktake:
    """The count of this number in this branch; raises NotFound."""
    query = select(Stocktake).where(Stocktake.branch_id == branch_id, Stocktake.no == no)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(N_("There is no count %(no)s."), no=no)
    return found


def of_branch(branch_id: int) -> sa.Select[Stocktake]:
    """The branch's counts, newest first."""
    query = select(Stocktake).where(Stocktake.branch_id == branch_id)
    return query.order_by(Stocktake.id.desc())


def find_overlapping(branch_id: int, bin_from: str, bin_to: str) -> Stocktake | None:
    """An open count that shares a bin with the range."""
    query = select(Stocktake).where(
        Stocktake.branch_id == branch_id,
        Stocktake.booked_at.is_(None),
        Stocktake.dropped_at.is_(None),
    )
    # Compared here: a database may sort letters and hyphens in another order.
    opened = session.scalars(query.order_by(Stocktake.id))
    return next((each for each in opened if _share(each, bin_from, bin_to)), None)


def _share(stocktake: Stocktake, bin_from: str, bin_to: str) -> bool:
    return stocktake.bin_from <= bin_to and bin_from <= stocktake.bin_to


def list_levels(stocktake: Stocktake) -> list[StockLevel]:
    """What should lie in the bins of the count, by bin and number."""
    query = select(StockLevel).join(Part, Part.id == StockLevel.part_id)
    query = query.where(StockLevel.branch_id == stocktake.branch_id, StockLevel.bin != "")
    first, last = stocktake.bin_from, stocktake.bin_to
    levels = session.scalars(query.order_by(Part.no))
    return [level for level in levels if first <= level.bin.upper() <= last]


def list_lines(stocktake: Stocktake) -> list[StocktakeLine]:
    """What was counted last of each part, in the order of the counting."""
    query = select(StocktakeLine).where(
        StocktakeLine.stocktake_id == stocktake.id, StocktakeLine.replaced_at.is_(None)
    )
    return list(session.scalars(query.order_by(StocktakeLine.id)))


def find_line(stocktake: Stocktake, part_id: int) -> StocktakeLine | None:
    """What was counted last of the part."""
    query = select(StocktakeLine).where(
        StocktakeLine.stocktake_id == stocktake.id,
        StocktakeLine.part_id == part_id,
        StocktakeLine.replaced_at.is_(None),
    )
    return session.scalars(query).one_or_none()
