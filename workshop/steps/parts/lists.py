"""What every change of a pick list does: one at a time, its state again, one line of history."""

from __future__ import annotations

from datetime import datetime

from workshop import db
from workshop.db import session
from workshop.errors import N_, Invalid, RuleBroken
from workshop.orders import service as orders
from workshop.orders.models import RepairOrder
from workshop.staff.models import User
from workshop.steps.parts import queries, rules
from workshop.steps.parts.models import PickLine, PickList, PickMove
from workshop.steps.parts.rules import Counts, MoveKind, PickState, ReturnReason


def lock(order: RepairOrder) -> None:
    """Let this transaction alone change the order's lists, and see them as they are now."""
    orders.lock(order)
    for line in queries.list_order_lines(order):
        db.reread(line)
    for pick_list in queries.list_pick_lists(order):
        db.reread(pick_list)


def settle_state(pick_list: PickList) -> None:
    """Set the state that the lines say; a closed or cancelled list stays so."""
    if pick_list.state in (PickState.CLOSED, PickState.CANCELLED):
        return
    lines = queries.list_lines(pick_list)
    pick_list.state = rules.state_of(
        [
            Counts(
                # What was given up is wanted no more.
                ordered=line.reserved_milli + line.short_milli,
                reserved=line.reserved_milli,
                picked=line.picked_milli,
                issued=line.issued_milli,
            )
            for line in lines
            if line.reserved_milli or line.short_milli
        ]
    )


def write(
    line: PickLine,
    kind: MoveKind,
    quantity_milli: int,
    *,
    by: User,
    at: datetime,
    technician_id: int | None = None,
    reason: ReturnReason | None = None,
    note: str = "",
) -> None:
    """Settle the state of the line's list, and keep what was done."""
    session.add(
        PickMove(
            pick_line_id=line.id,
            kind=kind,
            quantity_milli=quantity_milli,
            technician_id=technician_id,
            reason=reason,
            note=note.strip()[:200],
            at=at,
            by_id=by.id,
        )
    )
    session.flush()
    settle_state(line.pick_list)
    order = line.pick_list.order
    orders.announce(order, at)


def require_within(line: PickLine, quantity_milli: int, most_milli: int, message: str) -> None:
    """Raise Invalid for nothing, and RuleBroken with `message` for more than there is."""
    if quantity_milli <= 0:
        raise Invalid(N_("The quantity must be more than zero."), field="quantity")
    if quantity_milli > most_milli:
        raise RuleBroken(
            message,
            field="quantity",
            code="too_many",
            most=_plain(most_milli),
            unit=line.part.unit,
            part=line.part.no,
        )


def _plain(milli: int) -> str:
    return f"{milli / 1000:.3f}".rstrip("0").rstrip(".")
