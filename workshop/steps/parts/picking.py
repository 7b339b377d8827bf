"""From the shelf into the basket, and from the basket to the technician."""

from __future__ import annotations

from datetime import datetime

from workshop import db
from workshop.db import session
from workshop.errors import N_, Invalid, RuleBroken, Way
from workshop.orders import service as orders
from workshop.orders.flow import Action, Stage
from workshop.orders.models import RepairOrder
from workshop.shop.models import Technician
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.parts import dropping, lists, queries, rules
from workshop.steps.parts.models import PickLine, PickList
from workshop.steps.parts.rules import BEFORE_ISSUE, MoveKind, PickState
from workshop.stock import queries as stock_queries
from workshop.stock import service as stock
from workshop.stock import shelf

_ONLY_RESERVED = N_("Only %(most)s %(unit)s of %(part)s are reserved and not picked yet.")
_ONLY_IN_BASKET = N_("Only %(most)s %(unit)s of %(part)s are in the basket.")


def pick(line: PickLine, *, by: User, at: datetime, quantity_milli: int | None = None) -> None:
    """Put reserved pieces of a line into the basket; all of them where no quantity is given.

    Raises NotAllowed without the right, RuleBroken beyond what is reserved or off the stage.
    """
    _open(line.pick_list, by)
    quantity = line.to_pick_milli if quantity_milli is None else quantity_milli
    if quantity_milli is None and quantity <= 0:
        raise RuleBroken(_nothing_to_pick(line), code="nothing_to_pick", part=line.part.no)
    lists.require_within(line, quantity, line.to_pick_milli, _ONLY_RESERVED)
    line.picked_milli += quantity
    lists.write(line, MoveKind.PICKED, quantity, by=by, at=at)
    pick_list = line.pick_list
    if pick_list.state is PickState.PICKED:
        pick_list.picked_at, pick_list.picked_by_id = at, by.id
    session.flush()


def _nothing_to_pick(line: PickLine) -> str:
    if line.short_milli:
        return N_("Part %(part)s is short; it has to arrive first.")
    return N_("Part %(part)s is picked already.")


def put_back(line: PickLine, *, by: User, at: datetime) -> None:
    """Take what was picked of a line and not issued out of the basket again."""
    _open(line.pick_list, by)
    quantity = line.in_basket_milli
    lists.require_within(line, quantity or 1, quantity, _ONLY_IN_BASKET)
    line.picked_milli -= quantity
    lists.write(line, MoveKind.PUT_BACK, quantity, by=by, at=at)
    line.pick_list.picked_at = line.pick_list.picked_by_id = None
    dropping.drop_if_called_off(line, by=by, at=at)
    session.flush()


def change_basket(pick_list: PickList, basket_no: int, *, by: User, at: datetime) -> None:
    """Use another basket. Raises RuleBroken when it holds something else."""
    _open(pick_list, by)
    if not 1 <= basket_no <= rules.MOST_BASKETS:
        raise Invalid(
            N_("A basket number is from 1 to %(most)s."),
            field="basket_no",
            most=rules.MOST_BASKETS,
        )
    db.lock("basket", pick_list.branch_id)
    in_use = queries.list_baskets_in_use(pick_list.branch_id)
    if basket_no != pick_list.basket_no and basket_no in in_use:
        raise RuleBroken(
            N_("Basket %(number)s is in use for another order."),
            field="basket_no",
            code="basket_in_use",
            number=basket_no,
        )
    was, pick_list.basket_no = pick_list.basket_no, basket_no
    audit.write(by, "parts.change_basket", pick_list, at, basket_no=basket_no, was=was)


def issue(pick_list: PickList, technician: Technician, *, by: User, at: datetime) -> None:
    """Give what is in the basket to a technician. Never more than was reserved and picked.

    Raises NotAllowed without the right, RuleBroken when the basket is empty or off the stage.
    """
    _open(pick_list, by)
    if technician.branch_id != pick_list.branch_id or not technician.active:
        raise Invalid(N_("Choose a technician of this branch."), field="technician_id")
    lines = [line for line in queries.list_lines(pick_list) if line.in_basket_milli > 0]
    if not lines:
        raise RuleBroken(
            N_("The basket is empty: pick the parts first."),
            code="basket_empty",
            way=Way("parts.pick_list", N_("Open the pick list"), {"list_no": pick_list.no}),
        )
    shelf.lock_parts(line.part_id for line in lines)
    for line in lines:
        quantity = line.in_basket_milli
        _take_from_shelf(line, quantity, by, at)
        line.issued_milli += quantity
        lists.write(line, MoveKind.ISSUED, quantity, by=by, at=at, technician_id=technician.id)
    pick_list.issued_at, pick_list.issued_by_id = at, by.id
    pick_list.issued_to_id = technician.id
    audit.write(by, "parts.issue", pick_list, at, technician_id=technician.id)


def _take_from_shelf(line: PickLine, quantity_milli: int, by: User, at: datetime) -> None:
    left = quantity_milli
    for reservation in stock_queries.list_held(line.pick_list.order_id):
        if reservation.part_id == line.part_id and left:
            taken = min(left, reservation.quantity_milli)
            stock.issue(reservation, taken, by=by, at=at)
            left -= taken
    if left:
        raise RuleBroken(
            N_("Part %(part)s is not reserved for this order any more."),
            code="not_reserved",
            part=line.part.no,
        )


def clear_cancelled(pick_list: PickList, *, by: User, at: datetime) -> None:
    """The basket of a cancelled order was emptied onto the shelf."""
    staff.require_permission(by, Permission.PICK_PARTS)
    order: RepairOrder = pick_list.order
    lists.lock(order)
    if order.stage is not Stage.CANCELLED or pick_list.state not in BEFORE_ISSUE:
        raise RuleBroken(N_("Only the basket of a cancelled order is cleared."), code="stage")
    stock.release_all(order.id, by=by, at=at)
    for line in queries.list_lines(pick_list):
        if line.in_basket_milli:
            quantity = line.in_basket_milli
            line.picked_milli = line.issued_milli
            lists.write(line, MoveKind.PUT_BACK, quantity, by=by, at=at)
        line.reserved_milli, line.short_milli = line.issued_milli, 0
    pick_list.state = PickState.CANCELLED
    pick_list.closed_at = at
    session.flush()


def _open(pick_list: PickList, by: User) -> None:
    staff.require_permission(by, Permission.PICK_PARTS)
    lists.lock(pick_list.order)
    orders.require_stage(pick_list.order, Action.ISSUE_PARTS)
    if pick_list.state not in BEFORE_ISSUE:
        raise RuleBroken(
            N_("Pick list %(no)s is “%(state)s”."),
            code="list_state",
            no=pick_list.no,
            state=pick_list.state,
        )
