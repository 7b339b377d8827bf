"""What is on the shelf, for whom it is kept, what is on order, and the ledger."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import select

from workshop import together
from workshop.db import session
from workshop.errors import N_, NotFound
from workshop.stock import rules
from workshop.stock.models import (
    Backorder,
    Part,
    Reservation,
    ReservationState,
    StockEntry,
    StockLevel,
    StockMove,
)
from workshop.stock.search import queries as part_search


def get_part(no: str) -> Part:
    """The part of this number; raises NotFound."""
    part = find_part(no)
    if part is None:
        raise NotFound(N_("There is no part %(no)s."), field="part_no", no=no)
    return part


def find_part(no: str) -> Part | None:
    """The part of this number or barcode, however it was typed; the number itself comes first."""
    typed, plain = no.strip().upper(), rules.plain_no(no)
    if not plain:
        return None
    is_it = sa.or_(Part.search_no == plain, Part.barcode == typed)
    rank = sa.case((sa.func.upper(Part.no) == typed, 0), (Part.search_no == plain, 1), else_=2)
    return session.scalars(select(Part).where(is_it).order_by(rank, Part.id)).first()


def was_moved(part_id: int) -> bool:
    """Whether any branch's ledger has a line of the part."""
    query = select(StockEntry.id).where(StockEntry.part_id == part_id).limit(1)
    return session.scalar(query) is not None


def find_level(branch_id: int, part_id: int) -> StockLevel | None:
    """What the branch has of the part; None when it never had any."""
    found = together.list_of(
        part_id,
        f"at {branch_id}",
        lambda: select(StockLevel).where(StockLevel.branch_id == branch_id),
        StockLevel.part_id,
    )
    return next(iter(found), None)


def free_milli(branch_id: int, part_id: int) -> int:
    """What nobody has reserved, in thousandths of the unit."""
    level = find_level(branch_id, part_id)
    return level.free_milli if level else 0


def list_levels(branch_id: int, text: str = "", limit: int = 200) -> list[StockLevel]:
    """The first of what `search_levels` finds."""
    return list(session.scalars(search_levels(branch_id, text).limit(limit)))


def search_levels(branch_id: int, text: str = "") -> sa.Select[StockLevel]:
    """The branch's shelf by part number; every word typed occurs in the part or its bin."""
    query = select(StockLevel).join(Part, Part.id == StockLevel.part_id)
    query = query.where(StockLevel.branch_id == branch_id, *part_search.meant_by(text, branch_id))
    return query.order_by(Part.no)


def list_entries(branch_id: int, part: Part, limit: int | None = 100) -> list[StockEntry]:
    """The ledger of a part at the branch, newest first."""
    query = select(StockEntry).where(
        StockEntry.branch_id == branch_id, StockEntry.part_id == part.id
    )
    return list(session.scalars(query.order_by(StockEntry.id.desc()).limit(limit)))


def ledger_milli(branch_id: int, part_id: int) -> int:
    """The sum of the ledger, in thousandths: what the level has to be."""
    query = select(sa.func.coalesce(sa.func.sum(StockEntry.quantity_milli), 0)).where(
        StockEntry.branch_id == branch_id, StockEntry.part_id == part_id
    )
    return int(session.scalar(query) or 0)


def list_held(order_id: int) -> list[Reservation]:
    """The order's reservations that hold pieces, oldest first."""
    query = select(Reservation).where(
        Reservation.order_id == order_id, Reservation.state == ReservationState.HELD
    )
    return list(session.scalars(query.order_by(Reservation.id)))


def held_milli(order_id: int, part_id: int) -> int:
    """How much of the part is kept for the order, in thousandths."""
    return sum(each.quantity_milli for each in list_held(order_id) if each.part_id == part_id)


def list_holders(branch_id: int, part: Part) -> list[Reservation]:
    """Who has pieces of the part reserved at the branch, oldest first."""
    query = select(Reservation).where(
        Reservation.branch_id == branch_id,
        Reservation.part_id == part.id,
        Reservation.state == ReservationState.HELD,
    )
    return list(session.scalars(query.order_by(Reservation.id)))


def out_milli(order_id: int, part_id: int) -> int:
    """What the order has of the part from the shelf: issued less returned, in thousandths."""
    query = select(sa.func.coalesce(sa.func.sum(StockEntry.quantity_milli), 0)).where(
        StockEntry.order_id == order_id,
        StockEntry.part_id == part_id,
        StockEntry.move.in_((StockMove.ISSUE, StockMove.RETURN)),
    )
    return -int(session.scalar(query) or 0)


def list_waiting(branch_id: int) -> list[Backorder]:
    """Shortages that are still waited for, the first expected first."""
    query = select(Backorder).where(
        Backorder.branch_id == branch_id,
        Backorder.arrived_at.is_(None),
        Backorder.cancelled_at.is_(None),
    )
    return list(session.scalars(query.order_by(Backorder.expected_at, Backorder.id)))


def list_waiting_for(branch_id: int, part_id: int) -> list[Backorder]:
    """Who waits for the part, longest first: the order in which arrivals are given out."""
    return sorted(
        (each for each in list_waiting(branch_id) if each.part_id == part_id),
        key=lambda each: each.id,
    )


def list_backorders(order_id: int) -> list[Backorder]:
    """The order's shortages, arrived or not, cancelled ones left out."""
    query = select(Backorder).where(
        Backorder.order_id == order_id, Backorder.cancelled_at.is_(None)
    )
    return list(session.scalars(query.order_by(Backorder.id)))


def get_backorder(branch_id: int, backorder_id: int) -> Backorder:
    """A shortage of this branch; raises NotFound."""
    backorder = session.get(Backorder, backorder_id)
    if backorder is None or backorder.branch_id != branch_id:
        raise NotFound(N_("There is no such shortage."))
    return backorder


def list_receipts(branch_id: int, limit: int = 12) -> list[StockEntry]:
    """The last goods receipts of the branch, newest first."""
    query = select(StockEntry).where(
        StockEntry.branch_id == branch_id, StockEntry.move == StockMove.RECEIPT
    )
    return list(session.scalars(query.order_by(StockEntry.id.desc()).limit(limit)))


def on_order_milli(branch_id: int) -> dict[int, int]:
    """By part id: what is waited for, in thousandths."""
    found: dict[int, int] = {}
    for backorder in list_waiting(branch_id):
        found[backorder.part_id] = found.get(backorder.part_id, 0) + backorder.quantity_milli
    return found
