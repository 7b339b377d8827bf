"""What is to be bought and why, and one order with all that came of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from workshop.db import session
from workshop.errors import N_
from workshop.shop import calendar
from workshop.shop.models import Branch
from workshop.steps.parts.ahead import page as ahead
from workshop.steps.parts.ahead import queries as booked
from workshop.steps.parts.purchasing import buying
from workshop.stock.models import Part
from workshop.stock.purchase import gates, queries, rules
from workshop.stock.purchase.models import Purchase, PurchaseLine
from workshop.stock.purchase.rules import Billed, Position
from workshop.stock.suppliers import queries as suppliers
from workshop.stock.suppliers.models import PartSupplier, Supplier

ORDERED = N_("On its way")
PARTLY = N_("Delivered in part")
DELIVERED = N_("All of it came")
CLOSED = N_("Closed")
CANCELLED = N_("Cancelled")


@dataclass(frozen=True)
class Row:
    """A part of the purchase list: what it has, what is wanted, from whom."""

    part: Part
    position: Position
    offer: PartSupplier | None

    @property
    def to_order_milli(self) -> int:
        """What is missing, in whole packages; a part that was asked for by hand: one package."""
        missing = self.position.missing or self.part.pack_milli
        return rules.in_packs(missing, self.part.pack_milli)

    @property
    def cost_fen(self) -> int | None:
        """What the supplier asks for a unit, or what the last one cost."""
        if self.offer is not None and self.offer.cost_fen is not None:
            return self.offer.cost_fen
        return self.part.cost_fen


@dataclass(frozen=True)
class Basket:
    """What one supplier sells of the list; None is whoever has it."""

    supplier: Supplier | None
    rows: list[Row]
    expected_on: date


def list_baskets(branch: Branch, at: datetime, extra: Part | None = None) -> list[Basket]:
    """The purchase list by supplier, the cheapest of each part; `extra` is asked for by hand."""
    today = calendar.local_day(branch, at)
    wanted = booked.booked_milli(branch, *ahead.span(today))
    positions = queries.list_positions(branch.id, wanted)
    rows = [
        _row(session.get_one(Part, part_id), position)
        for part_id, position in positions.items()
        if position.missing
    ]
    if extra is not None and all(row.part is not extra for row in rows):
        rows.append(_row(extra, positions.get(extra.id, Position())))
    return _by_supplier(branch, rows, at)


def _row(part: Part, position: Position) -> Row:
    offers = [each for each in suppliers.list_of_part(part) if each.supplier.active]
    return Row(part, position, offers[0] if offers else None)


def _by_supplier(branch: Branch, rows: list[Row], at: datetime) -> list[Basket]:
    by_supplier: Mapping[Supplier | None, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.part.no):
        by_supplier[row.offer.supplier if row.offer else None].append(row)
    baskets = [
        Basket(supplier, found, buying.expected_day(branch, supplier, at))
        for supplier, found in by_supplier.items()
    ]
    # Whoever has it comes last.
    return sorted(baskets, key=lambda each: each.supplier.name if each.supplier else "\uffff")


@dataclass(frozen=True)
class LineRow:
    """A line of an order with what came, what was billed, and who waits for it."""

    line: PurchaseLine
    bill: Billed
    waiting: int


def list_rows(purchase: Purchase) -> list[LineRow]:
    """The lines of an order."""
    bills = queries.bill(purchase)
    return [
        LineRow(
            line,
            bills[line.id],
            sum(each.quantity_milli for each in queries.list_waiting_on(purchase, line.part_id)),
        )
        for line in queries.list_lines(purchase)
    ]


@dataclass(frozen=True)
class State:
    """How far an order is, in a word and a colour."""

    label: str
    tone: str


def state_of(purchase: Purchase) -> State:
    """Cancelled, closed, delivered, delivered in part, or ordered."""
    if purchase.cancelled_at is not None:
        return State(CANCELLED, "neutral")
    if purchase.closed_at is not None:
        return State(CLOSED, "good")
    if gates.is_delivered(purchase):
        return State(DELIVERED, "accent")
    if any(bill.received for bill in queries.bill(purchase).values()):
        return State(PARTLY, "warn")
    return State(ORDERED, "info")
