"""Is it a repeat repair? The look-up sets the red mark; a person confirms or clears it."""

from __future__ import annotations

from datetime import datetime

from workshop import events
from workshop.db import session
from workshop.errors import N_, Invalid, RuleBroken
from workshop.orders import history
from workshop.orders.flow import OPEN
from workshop.orders.history import RepeatFinding
from workshop.orders.models import OrderChanged, OrderKind, RepairOrder
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.reception import queries
from workshop.steps.reception.models import RepeatCheck


def look_up(
    order: RepairOrder, *, by: User, at: datetime, booked_as_comeback: bool = False
) -> RepeatCheck | None:
    """Look for an earlier visit that this one may repeat; a candidate sets the red mark at once.

    A visit that was booked as a comeback carries the mark whatever the dates say (P17).
    """
    finding = history.find_repeat(order.vehicle, at, order.branch.repeat_days)
    if finding is None and not booked_as_comeback:
        return None
    check = RepeatCheck(order_id=order.id, found_at=at)
    _keep(check, finding)
    session.add(check)
    if booked_as_comeback:
        check.same_complaint = True
        check.decided_at, check.decided_by_id = at, by.id
        order.kind = OrderKind.COMEBACK
    _mark(order, finding.order if finding else None, at)
    audit.write(by, "reception.set_repeat", order, at, earlier=_no(finding), looked_up=True)
    return check


def look_again(order: RepairOrder, *, by: User, at: datetime) -> None:
    """After the mileage is read a guarantee may be over: correct what nobody has decided yet."""
    check = queries.find_repeat_check(order)
    if check is None or check.same_complaint is not None:
        return
    finding = history.find_repeat(order.vehicle, at, order.branch.repeat_days)
    _keep(check, finding)
    if finding is None and order.repeat_repair:
        _clear(order, at)
        audit.write(by, "reception.clear_repeat", order, at, reason="guarantee over by mileage")


def decide(order: RepairOrder, is_same: bool, reason: str, *, by: User, at: datetime) -> None:
    """Say whether it is the same complaint as before. To clear the mark needs a reason.

    Raises Invalid without the reason, RuleBroken when the car has left.
    """
    staff.require_permission(by, Permission.RECEIVE)
    if order.stage not in OPEN:
        raise RuleBroken(N_("The car has left; its red mark stays as it is."), code="stage")
    if not is_same and not reason.strip():
        raise Invalid(N_("Say why this is no repeat repair."), field="reason")
    check = queries.find_repeat_check(order) or RepeatCheck(order_id=order.id, found_at=at)
    session.add(check)
    check.same_complaint, check.reason = is_same, reason.strip()
    check.decided_at, check.decided_by_id = at, by.id
    if is_same:
        order.kind = OrderKind.COMEBACK
        _mark(order, check.earlier_order, at)
    else:
        _clear(order, at)
    action = "reception.set_repeat" if is_same else "reception.clear_repeat"
    audit.write(by, action, order, at, reason=reason.strip())


def _keep(check: RepeatCheck, finding: RepeatFinding | None) -> None:
    check.earlier_order = finding.order if finding else None
    check.earlier_order_id = finding.order.id if finding and finding.order else None
    check.days = finding.days if finding else None
    check.km = finding.km if finding else None
    check.in_guarantee = finding.in_guarantee if finding else False


def _mark(order: RepairOrder, earlier: RepairOrder | None, at: datetime) -> None:
    order.repeat_repair = True
    order.repeat_of_id = earlier.id if earlier else None
    events.record(OrderChanged(order.id, order.branch_id, at))


def _clear(order: RepairOrder, at: datetime) -> None:
    order.repeat_repair = False
    order.repeat_of_id = None
    if order.kind is OrderKind.COMEBACK:
        order.kind = OrderKind.REPAIR
    events.record(OrderChanged(order.id, order.branch_id, at))


def _no(finding: RepeatFinding | None) -> str | None:
    return finding.no if finding else None
