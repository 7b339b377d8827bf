"""Goods come in with supplier, delivery note and cost; a wrong receipt gets a counter-entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from workshop import db
from workshop.db import session
from workshop.errors import N_, Invalid, RuleBroken
from workshop.money import LARGEST_TYPED_FEN
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.stock import service as stock
from workshop.stock import shelf
from workshop.stock.models import Part, StockMove
from workshop.stock.pricing import queries as prices
from workshop.stock.pricing import service as pricing
from workshop.stock.receipts import queries
from workshop.stock.receipts.models import GoodsReceipt
from workshop.stock.suppliers import queries as suppliers
from workshop.stock.suppliers import service as supplying
from workshop.stock.suppliers.models import Supplier


@dataclass(frozen=True)
class Delivery:
    """Who delivered, the number on the delivery note, and what a unit cost in fen if known.

    `core_fen` is the deposit that the supplier holds for a unit; None is that of the part, 0 none.
    `is_meant` says that a cost above the price was seen.
    """

    supplier: str
    document: str
    cost_fen: int | None = None
    is_meant: bool = False
    core_fen: int | None = None

    @property
    def origin(self) -> str:
        """Where the goods come from, as the ledger keeps it."""
        return f"{self.supplier.strip()} · {self.document.strip()}"


def take_in(
    part: Part,
    branch: shelf.Place,
    quantity_milli: int,
    delivery: Delivery,
    *,
    today: date,
    by: User,
    at: datetime,
    bin_code: str | None = None,
    purchase_line_id: int | None = None,
) -> GoodsReceipt:
    """Put goods on the shelf (R11); who waits for them is served first, the cost is the last one.

    A supplier that nobody knows yet is added by who may. Raises what `stock.receive` raises, and
    RuleBroken (`below_cost`) when the cost is above the price of today and nobody means that.
    """
    staff.require_permission(by, Permission.PICK_PARTS)
    if not delivery.supplier.strip():
        raise Invalid(N_("Say who delivered."), field="supplier")
    if not delivery.document.strip():
        raise Invalid(N_("Enter the number of the delivery note."), field="document")
    _note_cost(part, branch.id, delivery, today=today, by=by, at=at)
    supplier = _supplier(delivery.supplier, by, at)
    entry = stock.receive(
        part, branch, quantity_milli, delivery.origin, by=by, at=at, bin_code=bin_code
    )
    receipt = GoodsReceipt(
        branch_id=branch.id,
        part_id=part.id,
        entry_id=entry.id,
        supplier_id=supplier.id if supplier else None,
        document=delivery.document.strip(),
        quantity_milli=quantity_milli,
        cost_fen=delivery.cost_fen,
        core_fen=_core_fen(part, delivery),
        at=at,
        by_id=by.id,
        purchase_line_id=purchase_line_id,
    )
    session.add(receipt)
    session.flush()
    return receipt


def _core_fen(part: Part, delivery: Delivery) -> int | None:
    fen = part.core_deposit_fen if delivery.core_fen is None else delivery.core_fen
    if fen is not None and not 0 <= fen < LARGEST_TYPED_FEN:
        raise Invalid(N_("A price cannot be negative."), field="core")
    return fen or None


def _supplier(name: str, by: User, at: datetime) -> Supplier | None:
    known = suppliers.find_supplier(name)
    if known is None and by.may(Permission.MANAGE_PARTS):
        return supplying.make(supplying.Particulars(name.strip()), by=by, at=at)
    return known


def _note_cost(
    part: Part, branch_id: int, delivery: Delivery, *, today: date, by: User, at: datetime
) -> None:
    """Keep the cost as the part's last one; the price of a marked-up part follows it."""
    cost_fen = delivery.cost_fen
    if cost_fen is None:
        return
    if cost_fen < 0:
        raise Invalid(N_("A cost cannot be negative."), field="cost")
    shelf.lock_parts([part.id])
    db.reread(part)
    if not part.is_marked_up:
        price_fen = prices.price_on(part, today)
        pricing.refuse_below_cost(price_fen, cost_fen, is_meant=delivery.is_meant)
    part.cost_fen = cost_fen
    pricing.follow_cost(part, branch_id, today=today, by=by, at=at)


def correct(
    receipt: GoodsReceipt, right_milli: int, reason: str, *, by: User, at: datetime
) -> GoodsReceipt:
    """Say what really came in, in thousandths: a counter-entry takes the rest off the shelf.

    More than was written is taken in as another receipt. Raises RuleBroken when the pieces are
    reserved or gone, Invalid without a reason.
    """
    staff.require_permission(by, Permission.PICK_PARTS)
    if not reason.strip():
        raise Invalid(N_("Say what was wrong with the receipt."), field="reason")
    level = shelf.locked_level(receipt.branch_id, receipt.part)
    left = queries.left_milli(receipt)
    if receipt.corrects_id is not None or not 0 <= right_milli < left:
        raise RuleBroken(
            N_("This receipt counts %(left)s %(unit)s. Enter less; more is another receipt."),
            code="not_less",
            field="quantity",
            left=shelf.plain(left),
            unit=receipt.part.unit,
        )
    wrong = left - right_milli
    if wrong > level.free_milli:
        raise RuleBroken(
            N_("Only %(free)s %(unit)s are free on the shelf; the rest is reserved or issued."),
            code="not_free",
            field="quantity",
            free=shelf.plain(level.free_milli),
            unit=receipt.part.unit,
        )
    level.on_hand_milli -= wrong
    entry = shelf.write_entry(
        level, StockMove.CORRECTION, -wrong, by, at, origin=reason.strip()[:120]
    )
    counter = _counter_entry(receipt, entry.id, wrong, reason, by, at)
    audit.write(by, "stock.correct_receipt", receipt, at, right_milli=right_milli, was=left)
    session.flush()
    return counter


def _counter_entry(
    receipt: GoodsReceipt, entry_id: int, wrong_milli: int, reason: str, by: User, at: datetime
) -> GoodsReceipt:
    counter = GoodsReceipt(
        branch_id=receipt.branch_id,
        part_id=receipt.part_id,
        entry_id=entry_id,
        supplier_id=receipt.supplier_id,
        document=receipt.document,
        quantity_milli=-wrong_milli,
        cost_fen=receipt.cost_fen,
        core_fen=receipt.core_fen,
        corrects_id=receipt.id,
        purchase_line_id=receipt.purchase_line_id,
        reason=reason.strip()[:120],
        at=at,
        by_id=by.id,
    )
    session.add(counter)
    session.flush()
    return counter
