"""Release an order to the workshop: its parts are reserved and the pick list makes itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from workshop import db
from workshop.db import session
from workshop.errors import require
from workshop.orders import service as orders
from workshop.orders.models import RepairOrder
from workshop.shop import calendar, numbers
from workshop.shop.models import Branch
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.parts import dropping, gates, lists, queries, rules, timing
from workshop.steps.parts.models import PickLine, PickList
from workshop.steps.parts.rules import BEFORE_ISSUE, PickState
from workshop.steps.quotation.models import QuotationLine
from workshop.steps.reception import queries as reception
from workshop.steps.reception.rules import OldParts
from workshop.stock import backorders, reserving, shelf
from workshop.stock import queries as stock_queries
from workshop.stock import service as stock
from workshop.stock.models import Part

MAY_RELEASE = (Permission.QUOTE, Permission.SCHEDULE, Permission.PICK_PARTS)


def release(order: RepairOrder, *, by: User, at: datetime) -> PickList | None:
    """Release the order, or its additions, to the workshop; None when no parts are needed.

    Reserves what is not reserved yet; what the shelf has not is noted as short with its expected
    arrival. Raises NotAllowed without the right, RuleBroken naming what is missing.
    """
    staff.require_one_of(by, MAY_RELEASE)
    lists.lock(order)
    require(gates.missing_to_release(order))
    lines = [line for line in queries.list_unreleased(order) if not queries.is_called_off(line)]
    supplementary = order.released_at is not None
    if not supplementary:
        order.released_at = at
    pick_list = _make_list(order, lines, supplementary, by, at) if lines else None
    audit.write(by, "parts.release", order, at, pick_list=pick_list.no if pick_list else None)
    orders.announce(order, at)
    session.flush()
    return pick_list


def _make_list(
    order: RepairOrder, lines: list[QuotationLine], supplementary: bool, by: User, at: datetime
) -> PickList:
    parts = [line.part for line in lines if line.part is not None]
    shelf.lock_parts(part.id for part in parts)
    for part in parts:
        # Who has waited longer is served before this order.
        _serve(part, order.branch_id, by, at)
    start = timing.planned_start(order, lines, supplementary)
    pick_list = PickList(
        branch_id=order.branch_id,
        order_id=order.id,
        no=numbers.next_number(order.branch_id, "PL", calendar.local_day(order.branch, at)),
        basket_no=_next_basket(order.branch_id),
        needed_by=rules.needed_by(start) if start else None,
        supplementary=supplementary,
        released_at=at,
        released_by_id=by.id,
    )
    session.add(pick_list)
    session.flush()
    keeps_old = _wants_old_parts(order)
    for line in lines:
        _make_line(pick_list, line, keeps_old, by, at)
    return pick_list


def _next_basket(branch_id: int) -> int:
    db.lock("basket", branch_id)
    return rules.lowest_free(queries.list_baskets_in_use(branch_id))


def _wants_old_parts(order: RepairOrder) -> bool:
    walkaround = reception.find_walkaround(order)
    return walkaround is not None and walkaround.old_parts is OldParts.TAKE


def _make_line(
    pick_list: PickList, line: QuotationLine, keeps_old: bool, by: User, at: datetime
) -> None:
    part, order = _part_of(line), pick_list.order
    kept = min(_spare_milli(order, part.id), line.quantity_milli)
    free = stock.free_milli(order.branch_id, part.id)
    reserve = min(line.quantity_milli - kept, free)
    short = line.quantity_milli - kept - reserve
    if reserve:
        stock.reserve(part, order, reserve, by=by, at=at)
    unnoted = short - _awaited_milli(order, part.id)
    if unnoted > 0:
        expected = timing.expected_at(order.branch, part, at)
        backorders.note(part, order, unnoted, expected, by=by, at=at)
    session.add(
        PickLine(
            pick_list_id=pick_list.id,
            quotation_line_id=line.id,
            part_id=part.id,
            ordered_milli=line.quantity_milli,
            reserved_milli=kept + reserve,
            short_milli=short,
            unit_fen=line.unit_fen,
            old_wanted=keeps_old or _keeps_old(line),
        )
    )
    session.flush()


def _keeps_old(line: QuotationLine) -> bool:
    """The manufacturer wants to see the old part, or its supplier gives a deposit back for it."""
    seen_by_maker = line.payer.is_maker
    return seen_by_maker or _part_of(line).core_deposit_fen is not None


def _part_of(line: QuotationLine) -> Part:
    # A part line without a part is refused by the table.
    return session.get_one(Part, line.part_id)


def _spare_milli(order: RepairOrder, part_id: int) -> int:
    """What is kept for the order and belongs to no line of a pick list yet."""
    lines = [line for line in queries.list_order_lines(order) if line.part_id == part_id]
    used = sum(line.reserved_milli - line.issued_milli for line in lines)
    return stock_queries.held_milli(order.id, part_id) - used


def _awaited_milli(order: RepairOrder, part_id: int) -> int:
    """What was noted as short at the signature and belongs to no line of a pick list yet."""
    lines = [line for line in queries.list_order_lines(order) if line.part_id == part_id]
    listed = sum(line.short_milli for line in lines)
    return max(reserving.awaited_milli(order.id, part_id) - listed, 0)


def receive_goods(
    branch: Branch,
    part: Part,
    quantity_milli: int,
    origin: str,
    *,
    by: User,
    at: datetime,
    bin_code: str | None = None,
) -> list[PickLine]:
    """Take in goods; returns the lines of waiting orders that they went to, longest waiting first.

    Raises what `stock.receive` raises.
    """
    stock.receive(part, branch, quantity_milli, origin, by=by, at=at, bin_code=bin_code)
    return take_arrivals(part, branch.id, at)


def count_stock(
    branch: Branch, part: Part, counted_milli: int, reason: str, *, by: User, at: datetime
) -> list[PickLine]:
    """Set the shelf to what was counted; what turned up goes to the orders that wait for it."""
    stock.count(part, branch, counted_milli, reason, by=by, at=at)
    return take_arrivals(part, branch.id, at)


def take_arrivals(part: Part, branch_id: int, at: datetime) -> list[PickLine]:
    """Let short lines have what is kept for their orders by now; returns those that got some."""
    query = (
        select(PickLine)
        .join(PickList, PickList.id == PickLine.pick_list_id)
        .where(
            PickList.branch_id == branch_id,
            PickList.state.in_(BEFORE_ISSUE),
            PickLine.part_id == part.id,
            PickLine.short_milli > 0,
        )
    )
    served = []
    for line in session.scalars(query.order_by(PickLine.id)):
        got = min(_spare_milli(line.pick_list.order, part.id), line.short_milli)
        if got > 0:
            line.short_milli -= got
            line.reserved_milli += got
            session.flush()
            order = line.pick_list.order
            orders.announce(order, at)
            served.append(line)
    return served


def _serve(part: Part, branch_id: int, by: User, at: datetime) -> None:
    stock.serve_waiting(part, branch_id, by=by, at=at)
    take_arrivals(part, branch_id, at)


def serve_waiting(branch_id: int, *, at: datetime) -> None:
    """Give what has become free, by a cancellation or a return, to the orders that wait for it."""
    dropping.drop_cancelled(branch_id, at=at)
    waiting = {each.part_id: each for each in reversed(stock_queries.list_waiting(branch_id))}
    for part_id in sorted(waiting):
        noted_by = session.get_one(User, waiting[part_id].noted_by_id)
        _serve(waiting[part_id].part, branch_id, noted_by, at)
    # Others may have been served meanwhile, by a signature that saw the shelf.
    for part in queries.list_short_parts(branch_id):
        take_arrivals(part, branch_id, at)


def cancel_for_order(order: RepairOrder, *, by: User, at: datetime) -> None:
    """Let go of what is kept for a cancelled order; full baskets stay to be put back."""
    stock.release_all(order.id, by=by, at=at)
    cancel_lists(queries.list_pick_lists(order), at)


def cancel_lists(pick_lists: Iterable[PickList], at: datetime) -> None:
    """Cancel the lists from which nothing was picked yet."""
    for pick_list in pick_lists:
        picked = any(line.picked_milli for line in queries.list_lines(pick_list))
        if pick_list.state in BEFORE_ISSUE and not picked:
            pick_list.state = PickState.CANCELLED
            pick_list.closed_at = at
    session.flush()
