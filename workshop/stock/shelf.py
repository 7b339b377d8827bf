"""The shelf itself: the locked level of a part, and the ledger line of each change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from sqlalchemy import select

from workshop import db
from workshop.db import session
from workshop.errors import N_, Invalid
from workshop.staff.models import User
from workshop.stock import rules
from workshop.stock.models import Part, StockEntry, StockLevel, StockMove


class Order(Protocol):
    """What the stock knows of a repair order, which stands on a higher floor."""

    @property
    def id(self) -> int: ...

    @property
    def branch_id(self) -> int: ...


class Place(Protocol):
    """What the stock knows of a branch."""

    @property
    def id(self) -> int: ...


def lock_parts(part_ids: Iterable[int]) -> None:
    """Let this transaction alone change these parts, always locked in the same order."""
    for part_id in sorted(set(part_ids)):
        db.lock("stock", part_id)


def locked_level(branch_id: int, part: Part) -> StockLevel:
    """The level as it is now, and nobody else's until the transaction ends."""
    lock_parts([part.id])
    query = select(StockLevel).where(
        StockLevel.branch_id == branch_id, StockLevel.part_id == part.id
    )
    # Read again: what this session knows of it may be older than the lock.
    fresh = query.with_for_update(of=StockLevel).execution_options(populate_existing=True)
    level: StockLevel | None = session.scalars(fresh).one_or_none()
    if level is None:
        level = StockLevel(branch_id=branch_id, part_id=part.id, on_hand_milli=0, reserved_milli=0)
        session.add(level)
        session.flush()
    return level


def write_entry(
    level: StockLevel,
    move: StockMove,
    quantity_milli: int,
    by: User,
    at: datetime,
    *,
    order_id: int | None = None,
    origin: str = "",
) -> StockEntry:
    """Add one line to the ledger; a negative quantity left the shelf."""
    entry = StockEntry(
        branch_id=level.branch_id,
        part_id=level.part_id,
        move=move,
        quantity_milli=quantity_milli,
        order_id=order_id,
        origin=origin,
        at=at,
        by_id=by.id,
    )
    session.add(entry)
    session.flush()
    return entry


def require_positive(quantity_milli: int) -> None:
    """Raise Invalid unless there is something to move."""
    if quantity_milli <= 0:
        raise Invalid(N_("The quantity must be more than zero."), field="quantity")


def plain(milli: int) -> str:
    """Thousandths of a unit as people write them: 4500 → 4.5."""
    return rules.plain(milli)
