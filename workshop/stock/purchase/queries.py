"""Orders to suppliers: what is on its way, what came, what was billed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from sqlalchemy import select

from workshop.db import session
from workshop.errors import N_, NotFound
from workshop.search import queries as search_words
from workshop.search.models import Kind
from workshop.stock import queries as stock
from workshop.stock.models import Backorder, Part, StockLevel
from workshop.stock.purchase.models import (
    InvoiceLine,
    Purchase,
    PurchaseLine,
    SupplierInvoice,
)
from workshop.stock.purchase.rules import Billed, Position
from workshop.stock.receipts.models import GoodsReceipt
from workshop.stock.suppliers.models import Supplier

_OPEN = (Purchase.closed_at.is_(None), Purchase.cancelled_at.is_(None))


def get_purchase(branch_id: int, no: str) -> Purchase:
    """The order of this number in this branch; raises NotFound."""
    query = select(Purchase).where(Purchase.branch_id == branch_id, Purchase.no == no)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(N_("There is no order %(no)s."), no=no)
    return found


def search(branch_id: int, text: str = "", *, over: bool) -> sa.Select[Purchase]:
    """The branch's orders, open or over, newest first; by number or supplier."""
    query = select(Purchase).where(Purchase.branch_id == branch_id)
    query = query.where(sa.not_(sa.and_(*_OPEN)) if over else sa.and_(*_OPEN))
    for word in text.split():
        name = sa.func.lower(Supplier.name).contains(word.lower(), autoescape=True)
        sellers = select(Supplier.id).where(name)
        of_them = select(Purchase.id).where(Purchase.supplier_id.in_(sellers))
        by_no = search_words.having(Kind.PURCHASE, word)
        query = query.where(Purchase.id.in_(sa.union(of_them, by_no)))
    return query.order_by(Purchase.id.desc())


def list_lines(purchase: Purchase) -> list[PurchaseLine]:
    """The lines of an order, by part number."""
    query = select(PurchaseLine).join(Part, Part.id == PurchaseLine.part_id)
    return list(
        session.scalars(query.where(PurchaseLine.purchase_id == purchase.id).order_by(Part.no))
    )


def get_line(purchase: Purchase, line_id: int) -> PurchaseLine:
    """A line of this order; raises NotFound."""
    line = session.get(PurchaseLine, line_id)
    if line is None or line.purchase_id != purchase.id:
        raise NotFound(N_("There is no such line in the order."))
    return line


def list_invoices(purchase: Purchase) -> list[SupplierInvoice]:
    """The invoices of an order that count, oldest first."""
    query = select(SupplierInvoice).where(
        SupplierInvoice.purchase_id == purchase.id, SupplierInvoice.withdrawn_at.is_(None)
    )
    return list(session.scalars(query.order_by(SupplierInvoice.id)))


def get_invoice(purchase: Purchase, invoice_id: int) -> SupplierInvoice:
    """An invoice of this order; raises NotFound."""
    invoice = session.get(SupplierInvoice, invoice_id)
    if invoice is None or invoice.purchase_id != purchase.id:
        raise NotFound(N_("There is no such invoice."))
    return invoice


def list_deliveries(purchase: Purchase) -> list[GoodsReceipt]:
    """What came of an order, corrections included, newest first."""
    lines = select(PurchaseLine.id).where(PurchaseLine.purchase_id == purchase.id)
    query = select(GoodsReceipt).where(GoodsReceipt.purchase_line_id.in_(lines))
    return list(session.scalars(query.order_by(GoodsReceipt.id.desc())))


def received_milli(lines: Iterable[PurchaseLine]) -> dict[int, int]:
    """By line id: what came, less what was corrected, in thousandths."""
    query = (
        select(GoodsReceipt.purchase_line_id, sa.func.sum(GoodsReceipt.quantity_milli))
        .where(GoodsReceipt.purchase_line_id.in_([line.id for line in lines]))
        .group_by(GoodsReceipt.purchase_line_id)
    )
    return {int(row[0] or 0): int(row[1]) for row in session.execute(query)}


def bill(purchase: Purchase) -> dict[int, Billed]:
    """By line id: what was ordered, came and was billed."""
    lines = list_lines(purchase)
    received = received_milli(lines)
    invoiced: dict[int, int] = defaultdict(int)
    costs: dict[int, set[int]] = defaultdict(set)
    live = [each.id for each in list_invoices(purchase)]
    for row in session.scalars(select(InvoiceLine).where(InvoiceLine.invoice_id.in_(live))):
        invoiced[row.purchase_line_id] += row.quantity_milli
        costs[row.purchase_line_id].add(row.cost_fen)
    return {
        line.id: Billed(
            line.quantity_milli,
            received.get(line.id, 0),
            line.cancelled_milli,
            invoiced[line.id],
            line.cost_fen,
            frozenset(costs[line.id]),
        )
        for line in lines
    }


def list_invoice_lines(invoice: SupplierInvoice) -> list[InvoiceLine]:
    """What an invoice bills."""
    query = select(InvoiceLine).where(InvoiceLine.invoice_id == invoice.id)
    return list(session.scalars(query.order_by(InvoiceLine.id)))


def list_positions(branch_id: int, booked: Mapping[int, int]) -> dict[int, Position]:
    """By part id: what each part has and what is wanted of it; only parts that want something.

    `booked` are thousandths by part id that booked cars will need.
    """
    open_nos, incoming = _incoming(branch_id)
    waiting: dict[int, int] = defaultdict(int)
    for short in stock.list_waiting(branch_id):
        # What was ordered elsewhere, under a number of its own, is on its way already.
        if not short.purchase_no or short.purchase_no in open_nos:
            waiting[short.part_id] += short.quantity_milli
    query = select(StockLevel).where(StockLevel.branch_id == branch_id)
    levels = {level.part_id: level for level in session.scalars(query)}
    low = {key for key, level in levels.items() if level.minimum_milli > 0}
    return {
        part_id: Position(
            levels[part_id].free_milli if part_id in levels else 0,
            incoming.get(part_id, 0),
            waiting.get(part_id, 0),
            booked.get(part_id, 0),
            levels[part_id].minimum_milli if part_id in levels else 0,
        )
        for part_id in {*waiting, *booked, *low}
    }


def _incoming(branch_id: int) -> tuple[set[str], dict[int, int]]:
    """The numbers of open orders; by part id what of them is still to come."""
    query = select(PurchaseLine).join(Purchase, Purchase.id == PurchaseLine.purchase_id)
    lines = list(session.scalars(query.where(Purchase.branch_id == branch_id, *_OPEN)))
    received = received_milli(lines)
    incoming: dict[int, int] = defaultdict(int)
    for line in lines:
        left = line.quantity_milli - line.cancelled_milli - received.get(line.id, 0)
        incoming[line.part_id] += max(left, 0)
    return {line.purchase.no for line in lines}, incoming


def list_open_of(branch_id: int, part: Part) -> list[Purchase]:
    """The open orders that hold the part, oldest first."""
    query = select(Purchase).join(PurchaseLine, PurchaseLine.purchase_id == Purchase.id)
    query = query.where(
        Purchase.branch_id == branch_id,
        PurchaseLine.part_id == part.id,
        PurchaseLine.cancelled_milli < PurchaseLine.quantity_milli,
        *_OPEN,
    )
    return list(session.scalars(query.order_by(Purchase.id)))


def list_waiting_on(purchase: Purchase, part_id: int) -> list[Backorder]:
    """The shortages of the part that wait for this order."""
    return [
        short
        for short in stock.list_waiting_for(purchase.branch_id, part_id)
        if short.purchase_no == purchase.no
    ]
