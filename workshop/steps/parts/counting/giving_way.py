"""Less lies on the shelf than is kept for orders: who gives way, and what that opens again.

Who gives way waits for the parts: they stand on the purchase list, the watch sees the work that is
planned before they come, and the advisor has to tell the customer.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from workshop.db import session
from workshop.errors import N_, Invalid, RuleBroken
from workshop.orders import service as orders
from workshop.orders.models import RepairOrder
from workshop.shop.models import Branch
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.parts import queries, service, timing
from workshop.steps.parts.counting import counting
from workshop.steps.parts.models import PickLine
from workshop.steps.parts.rules import BEFORE_ISSUE
from workshop.stock import backorders, reserving, shelf
from workshop.stock import queries as stock
from workshop.stock.counting import queries as stocktakes
from workshop.stock.counting.models import Stocktake
from workshop.stock.models import Part

_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Holder:
    """An order for which pieces are kept: how many, and how many of them stand in its basket."""

    order: RepairOrder
    held_milli: int
    in_basket_milli: int

    @property
    def can_give_milli(self) -> int:
        """What lies on the shelf for it; a basket is put back first."""
        return self.held_milli - self.in_basket_milli


@dataclass(frozen=True)
class Want:
    """A part of which so much is kept beyond what is there, in thousandths."""

    part: Part
    missing_milli: int
    holders: list[Holder]

    @property
    def can_give_milli(self) -> int:
        """What all its orders together can give."""
        return sum(each.can_give_milli for each in self.holders)


def want_of(branch_id: int, part: Part, there_milli: int) -> Want:
    """Who keeps pieces of a part of which so much would be there; the latest promise first."""
    level = stock.find_level(branch_id, part.id)
    missing = max((level.reserved_milli if level else 0) - there_milli, 0)
    return Want(part, missing, _list_holders(branch_id, part))


def list_wants(stocktake: Stocktake) -> list[Want]:
    """The counted parts of which less would be there than is kept for orders."""
    found = []
    for line in stocktakes.list_lines(stocktake):
        level = stock.find_level(stocktake.branch_id, line.part_id)
        there = (level.on_hand_milli if level else 0) + line.difference_milli
        want = want_of(stocktake.branch_id, line.part, there)
        if want.missing_milli:
            found.append(want)
    return found


def _list_holders(branch_id: int, part: Part) -> list[Holder]:
    held: dict[int, int] = {}
    for each in stock.list_holders(branch_id, part):
        held[each.order_id] = held.get(each.order_id, 0) + each.quantity_milli
    found = []
    for order_id, milli in held.items():
        order = session.get_one(RepairOrder, order_id)
        basket = sum(line.in_basket_milli for line in _lines(order, part))
        found.append(Holder(order, milli, min(basket, milli)))
    return sorted(found, key=lambda each: each.order.promised_at or _LAST, reverse=True)


def _lines(order: RepairOrder, part: Part) -> list[PickLine]:
    lines = queries.list_order_lines(order)
    return [
        each for each in lines if each.part_id == part.id and each.pick_list.state in BEFORE_ISSUE
    ]


def count_one(
    branch: Branch,
    part: Part,
    counted_milli: int,
    reason: str,
    order_ids: Collection[int],
    *,
    by: User,
    at: datetime,
) -> None:
    """Set the shelf to what was counted; the chosen orders give way for what is missing.

    Raises RuleBroken when they keep less than is missing, and what `service.count_stock` raises.
    """
    staff.require_permission(by, Permission.PICK_PARTS)
    shelf.lock_parts([part.id])
    _make_room(want_of(branch.id, part, counted_milli), order_ids, reason, by, at)
    service.count_stock(branch, part, counted_milli, reason, by=by, at=at)


def book(
    stocktake: Stocktake,
    reason: str,
    chosen: Mapping[int, Collection[int]],
    *,
    by: User,
    at: datetime,
) -> None:
    """Book a count; `chosen` are the orders that give way, by part. Raises as `count_one`."""
    staff.require_permission(by, Permission.PICK_PARTS)
    shelf.lock_parts(line.part_id for line in stocktakes.list_lines(stocktake))
    for want in list_wants(stocktake):
        _make_room(want, chosen.get(want.part.id, ()), reason, by, at)
    counting.book(stocktake, reason, by=by, at=at)


def _make_room(want: Want, order_ids: Collection[int], reason: str, by: User, at: datetime) -> None:
    if want.missing_milli and not reason.strip():
        raise Invalid(N_("Say why the count differs."), field="reason")
    left = want.missing_milli
    for holder in want.holders:
        given = min(left, holder.can_give_milli) if holder.order.id in order_ids else 0
        if given:
            _give_way(holder.order, want.part, given, reason.strip(), by, at)
            left -= given
    if left:
        raise RuleBroken(
            N_("Choose more orders: %(left)s %(unit)s of %(part)s are still kept too many."),
            code="give_way",
            left=shelf.plain(left),
            unit=want.part.unit,
            part=want.part.no,
        )


def _give_way(
    order: RepairOrder, part: Part, milli: int, reason: str, by: User, at: datetime
) -> None:
    reserving.give_way(order, part, milli, by=by, at=at)
    expected = timing.expected_at(order.branch, part, at)
    backorders.note(part, order, milli, expected, by=by, at=at)
    left = milli
    for line in _lines(order, part):
        moved = min(left, line.to_pick_milli)
        line.reserved_milli -= moved
        line.short_milli += moved
        left -= moved
    told = {"part": part.no, "quantity_milli": milli, "reason": reason}
    audit.write(by, "parts.give_way", order, at, **told)
    orders.announce(order, at)
    session.flush()
