"""Pieces are reserved for an order from the customer's signature on; what is given up is let go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime

from workshop.db import session
from workshop.staff.models import User
from workshop.stock import backorders, queries, service, shelf
from workshop.stock.models import Part, Reservation, ReservationState

Wanted = Iterable[tuple[Part, int]]


def see_shelf(branch_id: int, parts: Iterable[Part], *, by: User, at: datetime) -> None:
    """Lock the parts until the transaction ends and see them as they are now.

    Who waits for free pieces of them gets them first.
    """
    wanted = {part.id: part for part in parts}
    shelf.lock_parts(wanted)
    for part_id in sorted(wanted):
        service.serve_waiting(wanted[part_id], branch_id, by=by, at=at)


def reserve(
    order: shelf.Order,
    wanted: Wanted,
    expected_at: Callable[[Part], datetime | None],
    *,
    by: User,
    at: datetime,
) -> None:
    """Reserve what was signed for, as far as the shelf has it; the rest is waited for.

    `wanted` are (part, thousandths). The customer signed for the arrival, so they know of it.
    """
    parts: dict[int, Part] = {}
    needs: dict[int, int] = defaultdict(int)
    for part, milli in wanted:
        parts[part.id] = part
        needs[part.id] += milli
    see_shelf(order.branch_id, parts.values(), by=by, at=at)
    for part_id in sorted(needs):
        part, milli = parts[part_id], needs[part_id]
        kept = min(milli, queries.free_milli(order.branch_id, part_id))
        if kept:
            service.reserve(part, order, kept, by=by, at=at)
        if kept < milli:
            short = backorders.note(part, order, milli - kept, expected_at(part), by=by, at=at)
            short.customer_told_at = at
    session.flush()


def awaited_milli(order_id: int, part_id: int) -> int:
    """How much of the part is noted as short for the order and has not come, in thousandths."""
    return sum(
        each.quantity_milli
        for each in queries.list_backorders(order_id)
        if each.part_id == part_id and each.arrived_at is None
    )


def let_go(order: shelf.Order, part: Part, milli: int, *, by: User, at: datetime) -> None:
    """Free so many thousandths that are kept for the order; it waits for so much less beyond."""
    shelf.lock_parts([part.id])
    kept = queries.held_milli(order.id, part.id)
    give_way(order, part, milli, by=by, at=at)
    _wait_no_more(order.id, part.id, milli - min(milli, kept), at)


def give_way(order: shelf.Order, part: Part, milli: int, *, by: User, at: datetime) -> None:
    """Free so many thousandths that are kept for the order, which needs them all the same."""
    shelf.lock_parts([part.id])
    left = milli
    for held in reversed(queries.list_held(order.id)):
        if held.part_id == part.id and left > 0:
            freed = min(left, held.quantity_milli)
            _free(held, freed, by, at)
            left -= freed


def _free(held: Reservation, milli: int, by: User, at: datetime) -> None:
    if milli < held.quantity_milli:
        # What stays is another reservation: this one is given back whole.
        rest = Reservation(
            branch_id=held.branch_id,
            part_id=held.part_id,
            order_id=held.order_id,
            quantity_milli=held.quantity_milli - milli,
            state=ReservationState.HELD,
            at=held.at,
            by_id=held.by_id,
        )
        session.add(rest)
        held.quantity_milli = milli
        session.flush()
    service.release(held, by=by, at=at)


def _wait_no_more(order_id: int, part_id: int, milli: int, at: datetime) -> None:
    left = milli
    for short in reversed(queries.list_backorders(order_id)):
        if short.part_id != part_id or short.arrived_at is not None or left <= 0:
            continue
        dropped = min(left, short.quantity_milli)
        left -= dropped
        if dropped == short.quantity_milli:
            short.cancelled_at = at
        else:
            short.quantity_milli -= dropped
    session.flush()
