"""A count gets its number; what stands in baskets is not missing on the shelf."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import select

from workshop.db import session
from workshop.shop import calendar, numbers
from workshop.shop.models import Branch
from workshop.staff.models import User
from workshop.steps.parts import service
from workshop.steps.parts.models import PickLine, PickList
from workshop.steps.parts.rules import BEFORE_ISSUE
from workshop.stock.counting import service as counting
from workshop.stock.counting.models import Stocktake, StocktakeLine
from workshop.stock.models import Part


def open_count(branch: Branch, bin_from: str, bin_to: str, *, by: User, at: datetime) -> Stocktake:
    """Begin a count. Raises what `counting.open_count` raises."""
    no = numbers.next_number(branch.id, "ST", calendar.local_day(branch, at))
    return counting.open_count(branch, bin_from, bin_to, no, by=by, at=at)


def count(
    stocktake: Stocktake, part: Part, counted_milli: int, seen_line: int, *, by: User, at: datetime
) -> StocktakeLine:
    """Write down what lies on the shelf. Raises what `counting.count` raises."""
    return counting.count(
        stocktake,
        part,
        counted_milli,
        seen_line=seen_line,
        elsewhere_milli=in_baskets_milli(stocktake.branch_id, part),
        by=by,
        at=at,
    )


def in_baskets_milli(branch_id: int, part: Part) -> int:
    """How much of the part was picked and stands in baskets, in thousandths."""
    query = (
        select(sa.func.coalesce(sa.func.sum(PickLine.picked_milli - PickLine.issued_milli), 0))
        .join(PickList, PickList.id == PickLine.pick_list_id)
        .where(
            PickList.branch_id == branch_id,
            PickList.state.in_(BEFORE_ISSUE),
            PickLine.part_id == part.id,
        )
    )
    return int(session.scalar(query) or 0)


def book(stocktake: Stocktake, reason: str, *, by: User, at: datetime) -> None:
    """Book the differences; what turned up goes to the orders that wait for it."""
    for part in counting.book(stocktake, reason, by=by, at=at):
        service.take_arrivals(part, stocktake.branch_id, at)
