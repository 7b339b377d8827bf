"""Lines whose work was called off let their pieces go; what is out comes back to the counter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from workshop.db import session
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.staff.models import User
from workshop.steps.parts import lists, queries
from workshop.steps.parts.models import PickLine, PickList
from workshop.steps.parts.rules import BEFORE_ISSUE, MoveKind, PickState
from workshop.steps.quotation.models import QuotationLine
from workshop.stock import reserving


def drop_cancelled(branch_id: int, *, at: datetime) -> None:
    """Free what open lists keep for called-off jobs and nobody has picked; empty lists end."""
    for pick_list in queries.list_in_states(branch_id, BEFORE_ISSUE):
        if pick_list.order.stage is Stage.CANCELLED:
            continue
        dead = [line for line in queries.list_lines(pick_list) if _is_dead(line)]
        if dead:
            lists.lock(pick_list.order)
        for line in dead:
            _drop(line, pick_list.order.advisor, at)
        if dead:
            settle(pick_list, at)


def let_go(
    order: RepairOrder,
    lines: Iterable[QuotationLine],
    kept: Mapping[int, int],
    *,
    by: User,
    at: datetime,
) -> None:
    """Free what is kept for these part lines; what is out comes back, but for what is `kept`.

    `kept` is what stays in the car, in thousandths by quotation line. What lies in a basket waits
    there until the counter puts it back.
    """
    lists.lock(order)
    listed = {each.quotation_line_id: each for each in queries.list_order_lines(order)}
    for line in lines:
        picked = listed.get(line.id)
        if picked is not None:
            _drop(picked, by, at)
            _call_back(picked, kept.get(line.id, 0), by, at)
            settle(picked.pick_list, at)
        elif line.part is not None:
            # Signed for and not released: its pieces are kept since the signature.
            reserving.let_go(order, line.part, line.quantity_milli, by=by, at=at)
    session.flush()


def drop_if_called_off(line: PickLine, *, by: User, at: datetime) -> None:
    """What was put back and is wanted no more is free for others at once."""
    if _is_dead(line):
        _drop(line, by, at)
        settle(line.pick_list, at)


def _is_dead(line: PickLine) -> bool:
    lies_still = bool(line.to_pick_milli or line.short_milli)
    return lies_still and queries.is_called_off(line.quotation_line)


def _drop(line: PickLine, by: User, at: datetime) -> None:
    milli = line.to_pick_milli + line.short_milli
    if milli:
        reserving.let_go(line.pick_list.order, line.part, milli, by=by, at=at)
    line.reserved_milli, line.short_milli = line.picked_milli, 0
    session.flush()


def _call_back(line: PickLine, kept_milli: int, by: User, at: datetime) -> None:
    unused = line.out_milli - line.to_return_milli - kept_milli
    if unused > 0:
        line.unused_milli += unused
        lists.write(line, MoveKind.UNUSED, unused, by=by, at=at)


def settle(pick_list: PickList, at: datetime) -> None:
    """A list of which nothing is wanted any more ends; its basket is free."""
    if any(line.reserved_milli or line.short_milli for line in queries.list_lines(pick_list)):
        lists.settle_state(pick_list)
    else:
        pick_list.state, pick_list.closed_at = PickState.CANCELLED, at
    session.flush()
