"""Making the settlement list, lowering it, settling it, and taking it back by a red letter."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import select

from workshop import db, events, money
from workshop.db import session
from workshop.errors import N_, Invalid, RuleBroken, require
from workshop.orders import service as orders
from workshop.orders.flow import Action, Stage, permits
from workshop.orders.models import OrderChanged, RepairOrder
from workshop.orders.signed import names as signed
from workshop.shop import calendar, numbers
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.parts import returns
from workshop.steps.quotation import queries as quotation
from workshop.steps.settlement import gates, lines, queries, rules, snapshots, used
from workshop.steps.settlement.models import Settlement
from workshop.steps.settlement.rules import InvoiceKind, SettlementKind, SettlementState
from workshop.web import versions

PREFIX = "ST"


def make_settlement(order: RepairOrder, *, by: User, at: datetime) -> Settlement:
    """Make the settlement list from what was authorised and used; the order goes to settlement.

    Raises RuleBroken while something is missing, or when the bill would be more than what was
    authorised.
    """
    staff.require_permission(by, Permission.SETTLE)
    orders.lock(order)
    require(gates.missing_to_make(order))
    settlement = add_document(order, by, at)
    lines.add_lines(settlement, quotation.list_authorised_lines(order))
    _refuse_excess(settlement)
    _move(order, Stage.SETTLEMENT, by, at)
    returns.close_for_order(order, at=at)
    audit.write(by, "settlement.make", settlement, at, total_fen=settlement.total_fen)
    return settlement


def add_document(order: RepairOrder, by: User, at: datetime) -> Settlement:
    """An empty list of the order with its own number; its lines are written next."""
    settlement = Settlement(
        branch_id=order.branch_id,
        order_id=order.id,
        no=numbers.next_number(order.branch_id, PREFIX, calendar.local_day(order.branch, at)),
        version_no=_next_version(order),
        authorised_fen=quotation.authorised_fen(order),
        made_at=at,
        made_by_id=by.id,
    )
    settlement.order = order
    session.add(settlement)
    # The sums are checked against the lines, so it is empty until they are there.
    session.flush()
    return settlement


def _next_version(order: RepairOrder) -> int:
    query = select(sa.func.max(Settlement.version_no)).where(Settlement.order_id == order.id)
    return (session.scalar(query) or 0) + 1


def _refuse_excess(settlement: Settlement) -> None:
    """A bill above the authorised sum needs an addition that the customer accepts (step 8)."""
    if settlement.customer_fen > settlement.authorised_fen:
        raise RuleBroken(
            N_("The bill would be %(bill)s; the customer authorised no more than %(agreed)s."),
            code="over_authorised",
            bill=money.format_fen(settlement.customer_fen),
            agreed=money.format_fen(settlement.authorised_fen),
        )


def set_discount(
    settlement: Settlement,
    discount_fen: int,
    reason: str,
    *,
    seen: str | None = None,
    by: User,
    at: datetime,
) -> None:
    """Lower the customer's bill by `discount_fen`, parted over the lines; 0 takes it back.

    Raises NotAllowed without the right, RuleBroken when the bill is locked or would rise above
    the authorised sum, Invalid without a reason, Conflict for a stale page (`seen` is its mark).
    """
    staff.require_permission(by, Permission.DISCOUNT)
    orders.lock(settlement.order)
    _require_open(settlement)
    now, yours = snapshots.discount_now(settlement), snapshots.discount(discount_fen, reason)
    versions.refuse_stale(seen, now, yours)
    agreed = sum(line.agreed_fen for line in lines.list_customer_lines(settlement))
    rules.check_discount(discount_fen, agreed)
    if discount_fen and not reason.strip():
        raise Invalid(N_("Say why the discount is given."), field="reason")
    was = {"fen": settlement.discount_fen, "reason": settlement.discount_reason}
    settlement.discount_by_id = by.id if discount_fen else None
    settlement.discount_reason = reason.strip() if discount_fen else ""
    lines.discount(settlement, discount_fen)
    _refuse_excess(settlement)
    audit.write(by, "settlement.discount", settlement, at, fen=discount_fen, reason=reason, was=was)


def _require_open(settlement: Settlement) -> None:
    db.reread(settlement)
    if not settlement.is_open:
        raise RuleBroken(
            N_("The settlement list %(no)s is locked. Only a red letter corrects it."),
            code="locked",
            no=settlement.no,
        )


def close_settlement(settlement: Settlement, *, by: User, at: datetime) -> None:
    """Settle a bill of which nothing is open: it was paid before, others pay it, or what was left
    on credit is the deposit of old parts that are back.
    """
    staff.require_permission(by, Permission.SETTLE)
    orders.lock(settlement.order)
    db.reread(settlement)
    balance = queries.balance_fen(settlement)
    if not settlement.is_open and (balance or not settlement.is_credited):
        raise RuleBroken(N_("This order is settled already."), code="settled")
    require(gates.missing(settlement.order) if balance else [])
    settle(settlement, SettlementState.PAID, by=by, at=at)


def settle(settlement: Settlement, state: SettlementState, *, by: User, at: datetime) -> None:
    """Lock the bill as paid or credited. A car that is ready already may be handed over now."""
    was_open, was = settlement.is_open, settlement.state.value
    settlement.state = state
    audit.write(by, "settlement.settle", settlement, at, state=state.value, was=was)
    if not was_open:
        return
    settlement.settled_at = at
    order = settlement.order
    order.settled_at = at
    signed.keep(order, at)
    _move(order, Stage.SETTLED, by, at)
    if order.ready_at is not None:
        _move(order, Stage.READY, by, at)


def _move(order: RepairOrder, stage: Stage, by: User, at: datetime, reason: str = "") -> None:
    """A bill that is corrected after the delivery moves the order no more."""
    if not permits(order.stage, Action.CORRECT_BILL) and order.stage is not stage:
        order.move_to(stage, by, at, reason)
    events.record(OrderChanged(order.id, order.branch_id, at))


def reverse_settlement(
    settlement: Settlement, reason: str, *, by: User, at: datetime
) -> Settlement:
    """Take a bill back by a red letter, a document with its own number; money stays received.

    The order is in settlement again, unless the car has left already; the corrected list is a new
    version. A locked bill needs the right to override. Raises Invalid without a reason.
    """
    staff.require_permission(by, Permission.SETTLE)
    orders.lock(settlement.order)
    db.reread(settlement)
    _require_reversible(settlement, by)
    if not reason.strip():
        raise Invalid(N_("Say why the settlement list is reversed."), field="reason")
    red, was = _add_red_letter(settlement, reason.strip(), by, at), settlement.state.value
    settlement.state = SettlementState.REVERSED
    settlement.reversed_at, settlement.reversed_by_id = at, by.id
    settlement.reverse_reason = reason.strip()
    settlement.order.settled_at = None
    _move(settlement.order, Stage.SETTLEMENT, by, at, reason.strip())
    told = {"reason": reason.strip(), "red": red.no, "was": was}
    audit.write(by, "settlement.reverse", settlement, at, **told)
    return red


def _require_reversible(settlement: Settlement, by: User) -> None:
    if settlement.state is SettlementState.REVERSED:
        raise RuleBroken(N_("This settlement list is reversed already."), code="reversed")
    credit = queries.find_credit(settlement)
    if credit is not None and credit.approved is None:
        raise RuleBroken(N_("A credit request waits for its decision."), code="credit_open")
    if not settlement.is_open:
        staff.require_permission(by, Permission.OVERRIDE)


def _add_red_letter(settlement: Settlement, reason: str, by: User, at: datetime) -> Settlement:
    order = settlement.order
    red = Settlement(
        branch_id=order.branch_id,
        order_id=order.id,
        no=numbers.next_number(order.branch_id, PREFIX, calendar.local_day(order.branch, at)),
        version_no=_next_version(order),
        kind=SettlementKind.RED,
        authorised_fen=settlement.authorised_fen,
        discount_reason=settlement.discount_reason,
        discount_by_id=settlement.discount_by_id,
        made_at=at,
        made_by_id=by.id,
        reverses_id=settlement.id,
        reverse_reason=reason,
    )
    red.order = order
    session.add(red)
    session.flush()
    lines.add_red_lines(red, settlement)
    session.flush()
    # Closed only now: lines are written while their document is open.
    red.state = SettlementState.REVERSED
    session.flush()
    return red


def record_invoice(
    settlement: Settlement,
    kind: InvoiceKind,
    no: str,
    *,
    seen: str | None = None,
    repeat_reason: str = "",
    by: User,
    at: datetime,
) -> None:
    """Note which invoice (fapiao) the customer got.

    Raises Invalid without a number, Conflict for a stale page, RuleBroken for a number of another
    order without the reason of it.
    """
    staff.require_permission(by, Permission.SETTLE)
    orders.lock(settlement.order)
    db.reread(settlement)
    if not no.strip():
        raise Invalid(N_("Enter the number of the invoice."), field="invoice_no")
    versions.refuse_stale(seen, snapshots.invoice_now(settlement), snapshots.invoice(kind, no))
    again = used.reason_for_invoice(settlement, no, repeat_reason)
    was = settlement.invoice_no
    settlement.invoice_kind, settlement.invoice_no = kind, no.strip()
    settlement.invoice_repeat_reason = again
    told = {"repeat_reason": again} if again else {}
    no = settlement.invoice_no
    audit.write(by, "settlement.invoice", settlement, at, kind=kind.value, no=no, was=was, **told)
