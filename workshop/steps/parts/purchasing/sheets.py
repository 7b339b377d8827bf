"""What to buy, what is bought and what came in, as lists that may be taken along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from workshop import paging, web
from workshop.db import session
from workshop.errors import N_
from workshop.listing import Asked, Column, ListSheet, Msgid, Unit, amount, money, within
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.parts.ahead import page as ahead
from workshop.steps.parts.ahead.queries import Day, Need
from workshop.steps.parts.purchasing import page
from workshop.steps.parts.purchasing.page import Basket, Row
from workshop.stock import queries as stock
from workshop.stock.purchase import queries as purchases
from workshop.stock.purchase.models import Purchase
from workshop.stock.receipts import queries as receipts
from workshop.stock.receipts.models import GoodsReceipt

ORDERS = ("open", "over")
"""The views of the page of purchase that list orders."""


def find_purchases(asked: Asked) -> sa.Select[Purchase]:
    """The orders that the page lists, open or over."""
    is_over = asked.args.get("view") == "over"
    return purchases.search(asked.branch.id, asked.text, over=is_over)


def find_receipts(asked: Asked) -> sa.Select[GoodsReceipt]:
    """The goods receipts that the page lists."""
    return receipts.search(asked.branch.id, web.half_width(asked.text) or "")


@dataclass(frozen=True)
class _Wish:
    """A part to order, and of whom."""

    basket: Basket
    row: Row


def _to_order(asked: Asked) -> Iterator[_Wish]:
    wanted = asked.args.get("part", "")
    extra = stock.find_part(wanted) if wanted else None
    for basket in page.list_baskets(asked.branch, asked.at, extra):
        yield from (_Wish(basket, row) for row in basket.rows)


@dataclass(frozen=True)
class _Needed:
    """A part that the cars of one booked day will need."""

    day: Day
    need: Need


def _booked(asked: Asked) -> Iterator[_Needed]:
    for day in ahead.load(asked.branch, asked.at).days:
        yield from (_Needed(day, need) for need in day.needs)


_PART = (
    Column(N_("Part no."), lambda row: row.part.no),
    Column(N_("Part"), lambda row: row.part),
    Column(N_("Unit"), lambda row: Unit(row.part.unit)),
)

SHEETS = (
    ListSheet(
        "to-order",
        N_("To order"),
        "parts.purchases",
        (
            Column(N_("Supplier"), lambda each: each.basket.supplier and each.basket.supplier.name),
            *within(lambda each: each.row, _PART),
            Column(N_("Their number"), lambda each: each.row.offer and each.row.offer.their_no),
            amount(N_("Orders wait for"), lambda each: each.row.position.waiting),
            amount(N_("Booked cars need"), lambda each: each.row.position.booked),
            amount(N_("Minimum"), lambda each: each.row.position.minimum),
            amount(N_("Available"), lambda each: each.row.position.free),
            amount(N_("On order"), lambda each: each.row.position.incoming),
            amount(N_("Quantity"), lambda each: each.row.to_order_milli),
            money(N_("Cost"), lambda each: each.row.cost_fen, Permission.SEE_COST),
        ),
        _to_order,
    ),
    ListSheet(
        "purchases",
        N_("Purchase orders"),
        "parts.purchases",
        (
            Column(N_("Purchase order"), lambda row: row.no),
            Column(N_("Supplier"), lambda row: row.supplier.name),
            Column(N_("Ordered at"), lambda row: row.made_at),
            Column(N_("Expected on"), lambda row: row.expected_on),
            Column(N_("State"), lambda row: Msgid(page.state_of(row).label)),
        ),
        lambda asked: paging.read_all(find_purchases(asked)),
    ),
    ListSheet(
        "receipts",
        N_("Goods receipts"),
        "parts.all_receipts",
        (
            Column(N_("Time"), lambda row: row.at),
            *_PART,
            amount(N_("Quantity"), lambda row: row.quantity_milli),
            Column(N_("Correction"), lambda row: row.corrects_id is not None),
            Column(N_("Supplier"), lambda row: row.supplier and row.supplier.name),
            Column(N_("Delivery note or invoice"), lambda row: row.document),
            Column(N_("Reason"), lambda row: row.reason),
            money(N_("Cost"), lambda row: row.cost_fen, Permission.SEE_COST),
            Column(N_("By"), lambda row: session.get_one(User, row.by_id).display_name),
        ),
        lambda asked: paging.read_all(find_receipts(asked)),
    ),
    ListSheet(
        "booked-parts",
        N_("Parts for booked cars"),
        "parts.booked_days",
        (
            Column(N_("Day"), lambda each: each.day.day),
            *within(lambda each: each.need, _PART),
            amount(N_("Needed"), lambda each: each.need.wanted_milli),
            amount(N_("Left for the day"), lambda each: each.need.free_milli),
            amount(N_("Missing"), lambda each: each.need.gap_milli),
            Column(N_("Cars"), lambda each: [a.vehicle.called for a in each.need.appointments]),
        ),
        _booked,
    ),
)
