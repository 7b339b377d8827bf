"""What was not used goes back the same day; what was replaced goes into a tagged bag."""

from __future__ import annotations

from datetime import datetime

from workshop.db import session
from workshop.errors import N_, RuleBroken, Way
from workshop.orders.flow import OPEN, Stage
from workshop.orders.models import RepairOrder
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.parts import lists, queries, replacing, service
from workshop.steps.parts.models import PickLine
from workshop.steps.parts.rules import LIVE, MoveKind, PickState, ReturnReason
from workshop.stock import service as stock
from workshop.stock.quarantine import service as quarantine

_ONLY_OUT = N_("Only %(most)s %(unit)s of %(part)s are out for this order.")
_MAY_REPORT = (Permission.WORK, Permission.PICK_PARTS, Permission.QUOTE)


def report_unused(
    line: PickLine,
    quantity_milli: int,
    *,
    reason: ReturnReason = ReturnReason.NOT_NEEDED,
    by: User,
    at: datetime,
) -> None:
    """Say that issued pieces are not used, and why; they wait for their return (step 6).

    Raises NotAllowed without the right, RuleBroken beyond what was issued.
    """
    staff.require_one_of(by, _MAY_REPORT)
    _open(line)
    most = line.issued_milli - line.unused_milli
    lists.require_within(line, quantity_milli, most, _ONLY_OUT)
    line.unused_milli += quantity_milli
    lists.write(line, MoveKind.UNUSED, quantity_milli, by=by, at=at, reason=reason)


def give_back(
    line: PickLine,
    quantity_milli: int,
    *,
    reason: ReturnReason = ReturnReason.NOT_NEEDED,
    note: str = "",
    by: User,
    at: datetime,
) -> None:
    """Take back pieces: good ones onto the shelf, defective ones apart, never among the good.

    When the work needs others in their place, the list goes on until those are issued. Raises
    NotAllowed without the right, RuleBroken beyond what is out or once it is billed.
    """
    staff.require_permission(by, Permission.PICK_PARTS)
    _open(line)
    lists.require_within(line, quantity_milli, line.out_milli, _ONLY_OUT)
    order = line.pick_list.order
    stock.give_back(line.part, order, quantity_milli, by=by, at=at)
    if reason.is_defective:
        quarantine.put_aside(line.part, order, quantity_milli, note, by=by, at=at)
    returned = line.returned_milli + quantity_milli
    line.unused_milli = max(line.unused_milli, returned)
    line.returned_milli = returned
    kind = MoveKind.RETURNED_DEFECTIVE if reason.is_defective else MoveKind.RETURNED
    lists.write(line, kind, quantity_milli, by=by, at=at, reason=reason, note=note)
    if reason.needs_another and replacing.is_open(line):
        replacing.reopen(line, quantity_milli, by=by, at=at)
    stock.serve_waiting(line.part, order.branch_id, by=by, at=at)
    service.take_arrivals(line.part, order.branch_id, at)


def _open(line: PickLine) -> None:
    order = line.pick_list.order
    lists.lock(order)
    if order.settled_at is not None:
        raise RuleBroken(
            N_("Order %(no)s is settled. Correct the settlement first."),
            code="settled",
            way=Way("settlement.show", N_("Open the bill"), {"no": order.no}),
            no=order.no,
        )


# The maker sees the old part before it pays.
MAY_WANT_OLD = (Permission.QUOTE, Permission.PICK_PARTS, Permission.WARRANTY)


def want_old(line: PickLine, wanted: bool, *, by: User, at: datetime) -> None:
    """Say whether the replaced part is kept for the customer or for the warranty."""
    staff.require_one_of(by, MAY_WANT_OLD)
    was, line.old_wanted = line.old_wanted, wanted
    audit.write(by, "parts.want_old", line, at, wanted=wanted, was=was)


def bag_old(line: PickLine, *, by: User, at: datetime) -> None:
    """The replaced part lies in a bag with the order's tag. Raises RuleBroken when not wanted."""
    staff.require_one_of(by, (Permission.WORK, Permission.PICK_PARTS))
    if not line.old_wanted:
        raise RuleBroken(N_("Nobody wants the old part of this line."), code="old_not_wanted")
    if line.old_bagged_at is None:
        line.old_bagged_at = at
        lists.write(line, MoveKind.OLD_PARTS_BAGGED, line.ordered_milli, by=by, at=at)


def close_for_order(order: RepairOrder, *, at: datetime) -> None:
    """Close the issued lists of an order whose bill is made; their baskets are free again."""
    for pick_list in queries.list_pick_lists(order):
        if pick_list.state is PickState.ISSUED:
            pick_list.state = PickState.CLOSED
            pick_list.closed_at = at
    session.flush()


def close_finished(branch_id: int, *, at: datetime) -> None:
    """Close the lists of cars that have left, and those of cancelled orders with empty baskets."""
    for pick_list in queries.list_in_states(branch_id, LIVE):
        order = pick_list.order
        if order.stage is Stage.CANCELLED:
            service.cancel_lists([pick_list], at)
            if not any(line.out_milli for line in queries.list_lines(pick_list)):
                close_for_order(order, at=at)
        elif order.stage not in OPEN:
            close_for_order(order, at=at)
