"""Keep, hand out, take back and receive parts. The shelf never goes below what is reserved.

Every function here that changes a level holds the lock of its part until the transaction ends,
so that the last piece goes to one order. Who takes several parts calls `shelf.lock_parts` first.
"""

from __future__ import annotations

from datetime import datetime

from workshop.db import session
from workshop.errors import N_, Invalid, RuleBroken, Way
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.stock import queries, shelf
from workshop.stock.models import (
    Backorder,
    Part,
    Reservation,
    ReservationState,
    StockEntry,
    StockMove,
)


def free_milli(branch_id: int, part_id: int) -> int:
    """What nobody has reserved, in thousandths of the unit."""
    return queries.free_milli(branch_id, part_id)


def reserve(
    part: Part, order: shelf.Order, quantity_milli: int, *, by: User, at: datetime
) -> Reservation:
    """Keep pieces for an order. Raises RuleBroken when the shelf has less (domain.md step 6)."""
    shelf.require_positive(quantity_milli)
    level = shelf.locked_level(order.branch_id, part)
    if level.free_milli < quantity_milli:
        raise RuleBroken(
            N_("Only %(free)s %(unit)s of %(part)s are free, %(wanted)s are wanted."),
            code="stock_short",
            field="quantity",
            free=shelf.plain(level.free_milli),
            wanted=shelf.plain(quantity_milli),
            unit=part.unit,
            part=part.no,
        )
    level.reserved_milli += quantity_milli
    reservation = Reservation(
        branch_id=order.branch_id,
        part_id=part.id,
        order_id=order.id,
        quantity_milli=quantity_milli,
        at=at,
        by_id=by.id,
    )
    session.add(reservation)
    session.flush()
    return reservation


def release(reservation: Reservation, *, by: User, at: datetime) -> None:
    """Let go of pieces that were kept; they are free for the next order."""
    level = shelf.locked_level(reservation.branch_id, reservation.part)
    session.refresh(reservation)
    if reservation.state is not ReservationState.HELD:
        return
    level.reserved_milli -= reservation.quantity_milli
    reservation.state = ReservationState.RELEASED
    audit.write(by, "stock.release", reservation, at, quantity_milli=reservation.quantity_milli)
    session.flush()


def release_all(order_id: int, *, by: User, at: datetime) -> list[Reservation]:
    """Let go of all that is kept for an order and wait for nothing more: it was cancelled."""
    held = queries.list_held(order_id)
    shelf.lock_parts(each.part_id for each in held)
    for reservation in held:
        release(reservation, by=by, at=at)
    for backorder in queries.list_backorders(order_id):
        if backorder.arrived_at is None:
            backorder.cancelled_at = at
    session.flush()
    return held


def issue(reservation: Reservation, quantity_milli: int, *, by: User, at: datetime) -> StockEntry:
    """Hand out reserved pieces, all or a part. Raises RuleBroken beyond what is reserved."""
    shelf.require_positive(quantity_milli)
    level = shelf.locked_level(reservation.branch_id, reservation.part)
    session.refresh(reservation)
    held = reservation.state is ReservationState.HELD
    if not held or quantity_milli > reservation.quantity_milli:
        raise RuleBroken(
            N_("Only %(held)s %(unit)s of %(part)s are reserved for this order."),
            code="beyond_reserved",
            held=shelf.plain(reservation.quantity_milli if held else 0),
            unit=reservation.part.unit,
            part=reservation.part.no,
        )
    if quantity_milli == reservation.quantity_milli:
        reservation.state = ReservationState.ISSUED
    else:
        reservation.quantity_milli -= quantity_milli
        session.add(_issued_part_of(reservation, quantity_milli, by, at))
    level.reserved_milli -= quantity_milli
    level.on_hand_milli -= quantity_milli
    return shelf.write_entry(
        level, StockMove.ISSUE, -quantity_milli, by, at, order_id=reservation.order_id
    )


def give_back(
    part: Part, order: shelf.Order, quantity_milli: int, *, by: User, at: datetime
) -> StockEntry:
    """Take back what an order has not used. Raises RuleBroken beyond what it was issued."""
    shelf.require_positive(quantity_milli)
    level = shelf.locked_level(order.branch_id, part)
    out = queries.out_milli(order.id, part.id)
    if quantity_milli > out:
        raise RuleBroken(
            N_("Only %(out)s %(unit)s of %(part)s were issued to this order."),
            code="beyond_issued",
            field="quantity",
            out=shelf.plain(out),
            unit=part.unit,
            part=part.no,
        )
    level.on_hand_milli += quantity_milli
    return shelf.write_entry(level, StockMove.RETURN, quantity_milli, by, at, order_id=order.id)


def receive(
    part: Part,
    branch: shelf.Place,
    quantity_milli: int,
    origin: str,
    *,
    by: User,
    at: datetime,
    bin_code: str | None = None,
) -> StockEntry:
    """Put goods on the shelf with their origin (R11); who waits for them is served first.

    Raises NotAllowed without the right, Invalid without a quantity or an origin.
    """
    staff.require_permission(by, Permission.PICK_PARTS)
    shelf.require_positive(quantity_milli)
    if not origin.strip():
        raise Invalid(N_("Say where the parts come from: supplier and document."), field="origin")
    level = shelf.locked_level(branch.id, part)
    level.on_hand_milli += quantity_milli
    if bin_code:
        level.bin = bin_code
    entry = shelf.write_entry(
        level, StockMove.RECEIPT, quantity_milli, by, at, origin=origin.strip()
    )
    serve_waiting(part, branch.id, by=by, at=at)
    return entry


def serve_waiting(part: Part, branch_id: int, *, by: User, at: datetime) -> list[Reservation]:
    """Give free pieces to the orders that wait for them, the longest waiting first.

    A shortage that is served in part is split: what came has arrived, the rest is waited for.
    """
    level = shelf.locked_level(branch_id, part)
    served = []
    for backorder in queries.list_waiting_for(branch_id, part.id):
        quantity = min(level.free_milli, backorder.quantity_milli)
        if quantity <= 0:
            break
        served.append(
            reserve(part, _Waiting(backorder.order_id, branch_id), quantity, by=by, at=at)
        )
        if quantity == backorder.quantity_milli:
            backorder.arrived_at = at
        else:
            backorder.quantity_milli -= quantity
            session.add(_arrived_part_of(backorder, quantity, at))
    session.flush()
    return served


def count(
    part: Part, branch: shelf.Place, counted_milli: int, reason: str, *, by: User, at: datetime
) -> StockEntry | None:
    """Set the shelf to what was counted, with a reason; None when it agreed.

    Raises RuleBroken when less was counted than is reserved, Invalid without a reason.
    """
    staff.require_permission(by, Permission.PICK_PARTS)
    if counted_milli < 0:
        raise Invalid(N_("A quantity cannot be negative."), field="counted")
    if not reason.strip():
        raise Invalid(N_("Say why the count differs."), field="reason")
    level = shelf.locked_level(branch.id, part)
    if counted_milli < level.reserved_milli:
        raise RuleBroken(
            N_("%(reserved)s %(unit)s are reserved for orders. Release them first."),
            code="below_reserved",
            field="counted",
            way=Way(
                "parts.give_way",
                N_("Choose who gives way"),
                {"part_id": part.id, "counted": shelf.plain(counted_milli), "reason": reason},
            ),
            reserved=shelf.plain(level.reserved_milli),
            unit=part.unit,
        )
    difference = counted_milli - level.on_hand_milli
    if difference == 0:
        return None
    level.on_hand_milli = counted_milli
    audit.write(by, "stock.count", level, at, difference_milli=difference, reason=reason.strip())
    entry = shelf.write_entry(level, StockMove.COUNT, difference, by, at, origin=reason.strip())
    serve_waiting(part, branch.id, by=by, at=at)
    return entry


def _issued_part_of(
    reservation: Reservation, quantity_milli: int, by: User, at: datetime
) -> Reservation:
    return Reservation(
        branch_id=reservation.branch_id,
        part_id=reservation.part_id,
        order_id=reservation.order_id,
        quantity_milli=quantity_milli,
        state=ReservationState.ISSUED,
        at=at,
        by_id=by.id,
    )


def _arrived_part_of(backorder: Backorder, quantity_milli: int, at: datetime) -> Backorder:
    return Backorder(
        branch_id=backorder.branch_id,
        part_id=backorder.part_id,
        order_id=backorder.order_id,
        quantity_milli=quantity_milli,
        purchase_no=backorder.purchase_no,
        expected_at=backorder.expected_at,
        arrived_at=at,
        customer_told_at=backorder.customer_told_at,
        noted_at=backorder.noted_at,
        noted_by_id=backorder.noted_by_id,
    )


class _Waiting:
    """An order that waits, by what the shortage knows of it."""

    def __init__(self, order_id: int, branch_id: int) -> None:
        self.id = order_id
        self.branch_id = branch_id
