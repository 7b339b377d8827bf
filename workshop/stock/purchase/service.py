"""Order from a supplier, take in what comes, check what is billed, end the order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from workshop import db, money
from workshop.db import session
from workshop.errors import N_, Invalid, RuleBroken, require
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.stock import backorders, shelf
from workshop.stock import queries as stock
from workshop.stock.models import Part
from workshop.stock.purchase import gates, queries, rules
from workshop.stock.purchase.models import (
    InvoiceLine,
    Purchase,
    PurchaseLine,
    SupplierInvoice,
)
from workshop.stock.suppliers.models import Supplier


@dataclass(frozen=True)
class Wish:
    """A part to order: thousandths of its unit, and the agreed cost of a unit in fen if known."""

    part: Part
    quantity_milli: int
    cost_fen: int | None = None


def order(
    branch: shelf.Place,
    supplier: Supplier,
    wishes: Sequence[Wish],
    no: str,
    expected_on: date,
    *,
    expected_at: datetime,
    small_reason: str = "",
    by: User,
    at: datetime,
) -> Purchase:
    """Order from a supplier, in whole packages; who waits for a part now waits for this order.

    `expected_at` is the moment of `expected_on` at which orders that wait are told to expect it.
    Raises Invalid when nothing is ordered or the day is over, RuleBroken for a retired supplier,
    and below the supplier's minimum unless `small_reason` says why.
    """
    staff.require_permission(by, Permission.PICK_PARTS)
    if not wishes:
        raise Invalid(N_("Say how much to order of one part at least."))
    if not supplier.active:
        raise RuleBroken(N_("This supplier is retired."), code="retired", field="supplier_id")
    if expected_at < at:
        raise Invalid(N_("The parts cannot be expected in the past."), field="expected_on")
    is_small = gates.is_below_minimum(supplier, [_cost_of(wish) for wish in wishes])
    if is_small and not small_reason.strip():
        raise RuleBroken(
            N_("%(supplier)s delivers from %(least)s on. Add parts, or say why it is less."),
            code="below_minimum",
            field="small_reason",
            supplier=supplier.name,
            least=money.format_fen(supplier.minimum_order_fen),
        )
    shelf.lock_parts(wish.part.id for wish in wishes)
    purchase = Purchase(
        branch_id=branch.id,
        supplier_id=supplier.id,
        no=no,
        expected_on=expected_on,
        made_at=at,
        made_by_id=by.id,
        small_reason=small_reason.strip()[:200] if is_small else "",
    )
    session.add(purchase)
    session.flush()
    for wish in wishes:
        _add_line(purchase, wish)
        for short in stock.list_waiting_for(branch.id, wish.part.id):
            if not short.purchase_no:
                backorders.change(short, expected_at, no, by=by, at=at)
    told = [[wish.part.no, wish.quantity_milli] for wish in wishes]
    why = {"reason": purchase.small_reason} if is_small else {}
    audit.write(by, "stock.order", purchase, at, no=no, supplier=supplier.name, parts=told, **why)
    session.flush()
    return purchase


def _cost_of(wish: Wish) -> int | None:
    milli = rules.in_packs(wish.quantity_milli, wish.part.pack_milli)
    cost_fen = wish.part.cost_fen if wish.cost_fen is None else wish.cost_fen
    return None if cost_fen is None else money.parts_fen(cost_fen, milli)


def _add_line(purchase: Purchase, wish: Wish) -> None:
    if wish.quantity_milli <= 0:
        raise Invalid(N_("The quantity must be more than zero."), field="quantity")
    if wish.cost_fen is not None and wish.cost_fen < 0:
        raise Invalid(N_("A cost cannot be negative."), field="cost")
    line = PurchaseLine(
        purchase_id=purchase.id,
        part_id=wish.part.id,
        quantity_milli=rules.in_packs(wish.quantity_milli, wish.part.pack_milli),
        cost_fen=wish.cost_fen,
    )
    session.add(line)
    session.flush()


def lock(purchase: Purchase) -> None:
    """Let this transaction alone change the order, and see it as it is now."""
    db.lock("purchase", purchase.id)
    db.reread(purchase)


def require_open(purchase: Purchase) -> None:
    """Raise RuleBroken once the order is closed or cancelled."""
    if not purchase.is_open:
        raise RuleBroken(N_("Order %(no)s is over."), code="over", no=purchase.no)


def cancel_line(line: PurchaseLine, reason: str, *, by: User, at: datetime) -> None:
    """What of the line is still to come will not come; who waited for it is on the list again.

    Raises Invalid without a reason, RuleBroken when all of it came.
    """
    staff.require_permission(by, Permission.PICK_PARTS)
    _require_reason(reason)
    lock(line.purchase)
    require_open(line.purchase)
    left = queries.bill(line.purchase)[line.id].outstanding
    if not left:
        raise RuleBroken(N_("Nothing of this line is still to come."), code="came")
    line.cancelled_milli += left
    _wait_for_nothing(line)
    audit.write(by, "stock.cancel_line", line, at, cancelled_milli=left, reason=reason.strip())
    session.flush()


def cancel(purchase: Purchase, reason: str, *, by: User, at: datetime) -> None:
    """Nothing of the order comes. Raises RuleBroken when something came; close it then."""
    staff.require_permission(by, Permission.PICK_PARTS)
    _require_reason(reason)
    lock(purchase)
    require_open(purchase)
    if any(bill.received for bill in queries.bill(purchase).values()):
        raise RuleBroken(
            N_("Something of this order came. Cancel the lines that do not come, and close it."),
            code="came",
        )
    for line in queries.list_lines(purchase):
        line.cancelled_milli = line.quantity_milli
        _wait_for_nothing(line)
    purchase.cancelled_at, purchase.reason = at, reason.strip()[:200]
    audit.write(by, "stock.cancel_purchase", purchase, at, reason=purchase.reason)
    session.flush()


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid(N_("Say why it is cancelled."), field="reason")


def _wait_for_nothing(line: PurchaseLine) -> None:
    """Shortages that waited for the line: nobody knows when they end, and nobody was told."""
    shelf.lock_parts([line.part_id])
    for short in queries.list_waiting_on(line.purchase, line.part_id):
        short.purchase_no, short.expected_at, short.customer_told_at = "", None, None


def invoice(
    purchase: Purchase,
    no: str,
    billed: Mapping[int, tuple[int, int]],
    *,
    by: User,
    at: datetime,
) -> SupplierInvoice:
    """Write down what the supplier bills: by line id (thousandths, cost of a unit in fen).

    Raises Invalid without a number or lines, or for a number that is there already.
    """
    staff.require_permission(by, Permission.MANAGE_PARTS)
    lock(purchase)
    require_open(purchase)
    if not no.strip():
        raise Invalid(N_("Enter the number of the invoice."), field="invoice_no")
    if not billed:
        raise Invalid(N_("Say what is billed of one line at least."), field="invoice_no")
    if any(each.no == no.strip() for each in queries.list_invoices(purchase)):
        raise Invalid(N_("Invoice %(no)s is there already."), field="invoice_no", no=no.strip())
    made = SupplierInvoice(purchase_id=purchase.id, no=no.strip()[:50], at=at, by_id=by.id)
    session.add(made)
    session.flush()
    for line_id, (milli, cost_fen) in billed.items():
        shelf.require_positive(milli)
        row = InvoiceLine(
            invoice_id=made.id,
            purchase_line_id=queries.get_line(purchase, line_id).id,
            quantity_milli=milli,
            cost_fen=cost_fen,
        )
        session.add(row)
    audit.write(by, "stock.invoice", made, at, no=made.no, purchase=purchase.no)
    session.flush()
    return made


def withdraw(made: SupplierInvoice, *, by: User, at: datetime) -> None:
    """An invoice that was typed wrong counts no more."""
    staff.require_permission(by, Permission.MANAGE_PARTS)
    lock(made.purchase)
    require_open(made.purchase)
    if made.withdrawn_at is None:
        made.withdrawn_at = at
        audit.write(by, "stock.withdraw_invoice", made, at, no=made.no)
        session.flush()


def close(purchase: Purchase, reason: str = "", *, by: User, at: datetime) -> None:
    """The order is done: delivery and invoice agree, or the difference is accepted for a reason.

    Raises RuleBroken that names the differences, while there are some and no reason is given; one
    of them is that a single person has ordered, taken in and checked the bill.
    """
    staff.require_permission(by, Permission.MANAGE_PARTS)
    lock(purchase)
    require_open(purchase)
    missing = gates.missing_to_close(purchase, by)
    if not reason.strip():
        require(missing)
    for line in queries.list_lines(purchase):
        _wait_for_nothing(line)
    purchase.closed_at, purchase.closed_by_id = at, by.id
    purchase.reason = reason.strip()[:200] if missing else ""
    differences = [str(each) for each in missing]
    audit.write(
        by, "stock.close_purchase", purchase, at, reason=purchase.reason, differences=differences
    )
    session.flush()
