"""Parts, the shelf and the suppliers as lists that may be taken along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from workshop import paging, web
from workshop.errors import N_
from workshop.listing import Asked, Column, ListSheet, Unit, amount, money
from workshop.shop import calendar
from workshop.staff.permissions import Permission
from workshop.stock import queries as stock
from workshop.stock.models import Part, StockLevel
from workshop.stock.parts import queries as register
from workshop.stock.pricing import queries as prices
from workshop.stock.pricing import rules as markup
from workshop.stock.suppliers import queries as suppliers
from workshop.stock.suppliers.models import Supplier

_COST = Permission.SEE_COST


def is_retired(asked: Asked) -> bool:
    """Whether the parts that are out of use are asked for."""
    return asked.args.get("view") == "retired"


def find_parts(asked: Asked) -> sa.Select[Part, StockLevel]:
    """The parts that the page of all parts lists, each with its level at the branch."""
    text = web.half_width(asked.text) or ""
    return register.search(asked.branch.id, text, retired=is_retired(asked))


def find_levels(asked: Asked) -> sa.Select[StockLevel]:
    """What the page of the shelf lists."""
    return stock.search_levels(asked.branch.id, web.half_width(asked.text) or "")


def list_suppliers(asked: Asked) -> list[Supplier]:
    """The suppliers that their page lists."""
    return suppliers.list_suppliers(asked.text)


@dataclass(frozen=True)
class _Row:
    """A part with its level at the branch, its price of the day and what is waited for."""

    part: Part
    level: StockLevel | None
    price_fen: int
    on_order_milli: int = 0

    @property
    def margin_fen(self) -> int | None:
        return markup.margin_fen(self.price_fen, self.part.cost_fen)


def _parts(asked: Asked) -> Iterator[_Row]:
    day = calendar.local_day(asked.branch, asked.at)
    for chunk in paging.read_chunks(find_parts(asked)):
        costs = prices.prices_on([part for part, _ in chunk], day)
        yield from (_Row(part, level, costs[part.id]) for part, level in chunk)


def _levels(asked: Asked) -> Iterator[_Row]:
    day = calendar.local_day(asked.branch, asked.at)
    waited = stock.on_order_milli(asked.branch.id)
    for chunk in paging.read_chunks(find_levels(asked)):
        costs = prices.prices_on([level.part for level in chunk], day)
        for level in chunk:
            on_order = waited.get(level.part_id, 0)
            yield _Row(level.part, level, costs[level.part_id], on_order)


_WHAT = (
    Column(N_("Part no."), lambda row: row.part.no),
    Column(N_("Part"), lambda row: row.part),
    Column(N_("Brand"), lambda row: row.part.brand),
    Column(N_("Class"), lambda row: row.part.part_class),
    Column(N_("Bin"), lambda row: row.level.bin if row.level else None),
    Column(N_("Unit"), lambda row: Unit(row.part.unit)),
    amount(N_("On hand"), lambda row: row.level and row.level.on_hand_milli),
    amount(N_("Reserved"), lambda row: row.level and row.level.reserved_milli),
    amount(N_("Available"), lambda row: row.level and row.level.free_milli),
)
_PRICE = money(N_("Price"), lambda row: row.price_fen)

SHEETS = (
    ListSheet(
        "parts",
        N_("All parts"),
        "parts.list_parts",
        (
            *_WHAT,
            amount(N_("Minimum"), lambda row: row.level and row.level.minimum_milli),
            Column(N_("OE number"), lambda row: row.part.oe_no),
            Column(N_("Barcode"), lambda row: row.part.barcode),
            Column(N_("Fits"), lambda row: row.part.fits),
            _PRICE,
            money(N_("Cost"), lambda row: row.part.cost_fen, _COST),
            money(N_("Margin"), lambda row: row.margin_fen, _COST),
        ),
        _parts,
    ),
    ListSheet(
        "stock",
        N_("Stock"),
        "parts.stock_levels",
        (*_WHAT, amount(N_("On order"), lambda row: row.on_order_milli), _PRICE),
        _levels,
    ),
    ListSheet(
        "suppliers",
        N_("Suppliers"),
        "parts.list_suppliers",
        (
            Column(N_("Supplier"), lambda row: row.name),
            Column(N_("Kind"), lambda row: row.kind),
            Column(N_("Contact"), lambda row: row.contact),
            Column(N_("Phone"), lambda row: row.phone),
            Column(N_("Lead time in days"), lambda row: row.lead_days),
            Column(N_("Order until"), lambda row: row.cut_off and f"{row.cut_off:%H:%M}"),
            money(N_("Minimum order"), lambda row: row.minimum_order_fen),
            Column(N_("Days until payment"), lambda row: row.terms_days),
            Column(N_("In use"), lambda row: row.active),
        ),
        list_suppliers,
    ),
)
