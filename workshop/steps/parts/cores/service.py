"""An old part comes back for its deposit, or the deposit is kept; both can be taken back."""

from __future__ import annotations

from datetime import datetime

from workshop import db
from workshop.db import session
from workshop.errors import N_, Invalid, RuleBroken
from workshop.orders import service as orders
from workshop.orders.models import RepairOrder
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.parts.cores import queries
from workshop.steps.parts.cores.models import CoreReturn
from workshop.steps.parts.cores.rules import Outcome
from workshop.steps.quotation.models import Quotation, QuotationLine
from workshop.stock import shelf


def take_back(
    line: QuotationLine, quantity_milli: int, note: str = "", *, by: User, at: datetime
) -> CoreReturn:
    """The old part lies on the counter; the cashier gives its deposit back, or bills less.

    Raises RuleBroken for more pieces than are out.
    """
    staff.require_permission(by, Permission.PICK_PARTS)
    return _add(line, Outcome.BACK, quantity_milli, note, by, at)


def keep(
    line: QuotationLine, quantity_milli: int, reason: str, *, by: User, at: datetime
) -> CoreReturn:
    """The old part does not come, or came too late or broken: the shop keeps the deposit.

    Raises NotAllowed without the right to manage parts, Invalid without a reason.
    """
    staff.require_permission(by, Permission.MANAGE_PARTS)
    if not reason.strip():
        raise Invalid(N_("Say why the deposit is kept."), field="note")
    return _add(line, Outcome.KEPT, quantity_milli, reason, by, at)


def _add(
    line: QuotationLine, outcome: Outcome, milli: int, note: str, by: User, at: datetime
) -> CoreReturn:
    order = _order_of(line)
    orders.lock(order)
    shelf.require_positive(milli)
    out = queries.deposit_of(line).out
    if milli > out:
        raise RuleBroken(
            N_("Only %(out)s %(unit)s of this deposit are out."),
            code="not_out",
            field="quantity",
            out=shelf.plain(out),
            unit=line.unit,
        )
    made = CoreReturn(
        branch_id=order.branch_id,
        order_id=order.id,
        quotation_line_id=line.id,
        outcome=outcome,
        quantity_milli=milli,
        note=note.strip()[:200],
        at=at,
        by_id=by.id,
    )
    session.add(made)
    session.flush()
    told = {"order": order.no, "quantity_milli": milli, "reason": made.note}
    audit.write(by, f"parts.core_{outcome.value}", made, at, **told)
    orders.announce(order, at)
    return made


def _order_of(line: QuotationLine) -> RepairOrder:
    return session.get_one(Quotation, line.quotation_id).order


def withdraw(made: CoreReturn, reason: str, *, by: User, at: datetime) -> None:
    """An entry that was wrong counts no more; money that went back is open on the bill again.

    Raises Invalid without a reason; a kept deposit is given free by who manages parts.
    """
    kept = made.outcome is Outcome.KEPT
    staff.require_permission(by, Permission.MANAGE_PARTS if kept else Permission.PICK_PARTS)
    if not reason.strip():
        raise Invalid(N_("Say why it is taken back."), field="reason")
    order = session.get_one(RepairOrder, made.order_id)
    orders.lock(order)
    db.reread(made)
    if made.withdrawn_at is not None:
        raise RuleBroken(N_("This entry is taken back already."), code="withdrawn")
    made.withdrawn_at, made.withdrawn_by_id = at, by.id
    made.withdrawn_reason = reason.strip()[:200]
    told = {"order": order.no, "reason": made.withdrawn_reason, "was": made.outcome.value}
    audit.write(by, "parts.core_withdraw", made, at, **told)
    orders.announce(order, at)
    session.flush()
