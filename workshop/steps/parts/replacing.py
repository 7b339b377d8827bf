"""A returned piece is replaced: the list opens again for another one, or no other one is needed."""

from __future__ import annotations

from datetime import datetime

from workshop.db import session
from workshop.errors import N_, RuleBroken, Way
from workshop.orders.flow import Action, permits
from workshop.orders.models import JobState
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.parts import lists, queries, timing
from workshop.steps.parts.models import PickLine
from workshop.steps.parts.rules import MoveKind, PickState
from workshop.stock import backorders, reserving
from workshop.stock import service as stock

_ONLY_BACK = N_("Only %(most)s %(unit)s of %(part)s came back and are not replaced yet.")
_ONLY_AGAIN = N_("Only %(most)s %(unit)s of %(part)s are waited for as replacement.")


def is_open(line: PickLine) -> bool:
    """Whether another piece can still be issued for the line: its work and its list go on."""
    order, job = line.pick_list.order, queries.job_of(line.quotation_line)
    is_dead = line.pick_list.state in (PickState.CLOSED, PickState.CANCELLED)
    called_off = job is not None and job.state is JobState.CANCELLED
    goes_on = permits(order.stage, Action.ISSUE_PARTS) and order.settled_at is None
    return goes_on and not is_dead and not called_off


def need_again(line: PickLine, quantity_milli: int, *, by: User, at: datetime) -> None:
    """Another piece is needed in the place of one that came back.

    Raises NotAllowed without the right, RuleBroken beyond what came back, or when work is over.
    """
    staff.require_permission(by, Permission.PICK_PARTS)
    _open(line)
    lists.require_within(line, quantity_milli, line.to_replace_milli, _ONLY_BACK)
    reopen(line, quantity_milli, by=by, at=at)


def reopen(line: PickLine, quantity_milli: int, *, by: User, at: datetime) -> None:
    """Keep what the shelf has for the line, and wait for the rest; the list goes on."""
    order, part = line.pick_list.order, line.part
    reserve = min(quantity_milli, stock.free_milli(order.branch_id, part.id))
    short = quantity_milli - reserve
    line.again_milli += quantity_milli
    if reserve:
        stock.reserve(part, order, reserve, by=by, at=at)
    if short:
        expected = timing.expected_at(order.branch, part, at)
        backorders.note(part, order, short, expected, by=by, at=at)
    line.reserved_milli += reserve
    line.short_milli += short
    lists.write(line, MoveKind.NEEDED_AGAIN, quantity_milli, by=by, at=at)


def give_up(line: PickLine, quantity_milli: int, *, by: User, at: datetime) -> None:
    """No other piece is needed after all: what is kept or waited for is let go.

    Raises NotAllowed without the right, RuleBroken for more than nobody has picked yet.
    """
    staff.require_permission(by, Permission.PICK_PARTS)
    _open(line)
    lists.require_within(line, quantity_milli, line.to_give_up_milli, _ONLY_AGAIN)
    kept = min(quantity_milli, line.to_pick_milli)
    line.reserved_milli -= kept
    line.short_milli -= quantity_milli - kept
    line.again_milli -= quantity_milli
    session.flush()
    reserving.let_go(line.pick_list.order, line.part, quantity_milli, by=by, at=at)
    lists.write(line, MoveKind.GIVEN_UP, quantity_milli, by=by, at=at)


def _open(line: PickLine) -> None:
    order = line.pick_list.order
    lists.lock(order)
    if not is_open(line):
        raise RuleBroken(
            N_("No more parts are issued for this work. The order shows where it stands."),
            code="work_over",
            way=Way("desk.order", N_("Open the order"), {"no": order.no}),
        )
