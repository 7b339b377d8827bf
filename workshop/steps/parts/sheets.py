"""The counter's work and the shelf's ledger as lists that may be taken along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workshop import paging
from workshop.db import session
from workshop.errors import N_
from workshop.listing import Asked, Column, ListSheet, Msgid, Unit, amount, money
from workshop.orders import columns
from workshop.orders.models import RepairOrder
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.parts import worklist
from workshop.steps.parts.cores import sheets as cores
from workshop.steps.parts.counting import page as count_page
from workshop.steps.parts.models import PickLine
from workshop.steps.parts.purchasing import sheets as purchasing
from workshop.steps.parts.register import sheets as register_sheets
from workshop.stock import queries as stock
from workshop.stock.counting import queries as counts
from workshop.stock.counting.models import Stocktake
from workshop.stock.models import Part, StockEntry
from workshop.stock.parts import queries as register
from workshop.stock.pricing import queries as prices


@dataclass(frozen=True)
class _Back:
    """What has to come back: pieces of a line, or the basket of a cancelled order."""

    order: RepairOrder
    basket_no: int
    part: Part | None
    milli: int | None
    reason: str


def _to_take_back(asked: Asked) -> Iterator[_Back]:
    work = worklist.load(asked.branch.id)
    yield from (_pieces(line) for line in work.unused)
    for row in work.to_clear:
        yield _Back(row.order, row.pick_list.basket_no, None, None, N_("Order cancelled"))


def _pieces(line: PickLine) -> _Back:
    reason = N_("Issued, not used") if line.to_return_milli else N_("Job cancelled")
    milli = line.to_return_milli or line.out_milli
    return _Back(line.pick_list.order, line.pick_list.basket_no, line.part, milli, reason)


def _count(asked: Asked) -> list[count_page.Row]:
    found = counts.get_stocktake(asked.branch.id, asked.args.get("no", ""))
    return count_page.load(found).rows


def _count_state(row: Stocktake) -> Msgid:
    if row.is_open:
        return Msgid(N_("Being counted"))
    return Msgid(N_("Put into the ledger") if row.booked_at else N_("Dropped"))


def _ledger(asked: Asked) -> list[StockEntry]:
    typed = asked.args.get("part", "")
    part = register.get_part(int(typed) if typed.isdecimal() else 0)
    return stock.list_entries(asked.branch.id, part, None)


def _order_no(row: StockEntry) -> str | None:
    return session.get_one(RepairOrder, row.order_id).no if row.order_id else None


_CAR = columns.car(lambda row: row.order)
_LIST = (
    Column(N_("Needed by"), lambda row: row.needed_by),
    Column(N_("Basket"), lambda row: row.pick_list.basket_no),
    *_CAR,
    Column(N_("Pick list"), lambda row: row.pick_list.no),
    Column(N_("Supplementary"), lambda row: row.pick_list.supplementary),
    Column(N_("Lines"), lambda row: len(row.lines)),
    Column(N_("Picked"), lambda row: row.picked_count),
    Column(N_("Short"), lambda row: row.short_count),
    Column(N_("Bins"), lambda row: row.bins),
    Column(N_("Technician"), lambda row: row.technician and row.technician.name),
)
_PART = (
    Column(N_("Part no."), lambda row: row.part and row.part.no),
    Column(N_("Part"), lambda row: row.part),
    Column(N_("Unit"), lambda row: row.part and Unit(row.part.unit)),
)

SHEETS = (
    ListSheet(
        "to-pick",
        N_("To pick"),
        "parts.index",
        _LIST,
        lambda asked: worklist.load(asked.branch.id).to_pick,
    ),
    ListSheet(
        "to-issue",
        N_("To issue"),
        "parts.index",
        _LIST,
        lambda asked: worklist.load(asked.branch.id).picked,
    ),
    ListSheet(
        "short-parts",
        N_("Short parts"),
        "parts.index",
        (
            Column(N_("Expected"), lambda row: row.backorder.expected_at),
            Column(N_("Purchase order"), lambda row: row.backorder.purchase_no),
            Column(N_("Part no."), lambda row: row.backorder.part.no),
            Column(N_("Part"), lambda row: row.backorder.part),
            Column(N_("Unit"), lambda row: Unit(row.backorder.part.unit)),
            amount(N_("Quantity"), lambda row: row.backorder.quantity_milli),
            *_CAR,
            Column(N_("Planned start"), lambda row: row.planned_start),
            Column(N_("Customer told"), lambda row: row.backorder.customer_told_at),
            columns.advisor(lambda row: row.order),
        ),
        lambda asked: worklist.load(asked.branch.id).short,
    ),
    ListSheet(
        "to-take-back",
        N_("To take back"),
        "parts.index",
        (
            Column(N_("Basket"), lambda row: row.basket_no),
            *_CAR,
            *_PART,
            amount(N_("Quantity"), lambda row: row.milli),
            Column(N_("Reason"), lambda row: Msgid(row.reason)),
        ),
        _to_take_back,
    ),
    ListSheet(
        "to-release",
        N_("To release"),
        "parts.index",
        (
            Column(N_("Planned start"), lambda row: row.planned_start),
            *_CAR,
            columns.advisor(lambda row: row.order),
            Column(N_("Additional work"), lambda row: row.is_addition),
            Column(N_("Parts"), lambda row: list(row.lines)),
        ),
        lambda asked: worklist.load(asked.branch.id).to_release,
    ),
    ListSheet(
        "counts",
        N_("Stocktaking"),
        "parts.counts",
        (
            Column(N_("Count no."), lambda row: row.no),
            Column(N_("From bin"), lambda row: row.bin_from),
            Column(N_("To bin"), lambda row: row.bin_to),
            Column(N_("Begun"), lambda row: row.opened_at),
            Column(N_("State"), _count_state),
            Column(N_("Reason"), lambda row: row.reason),
        ),
        lambda asked: paging.read_all(counts.of_branch(asked.branch.id)),
    ),
    ListSheet(
        "count",
        N_("Count of a shelf"),
        "parts.count_sheet",
        (
            Column(N_("Bin"), lambda row: row.bin),
            *_PART,
            amount(N_("Counted"), lambda row: row.line and row.line.counted_milli),
            amount(N_("Should be"), lambda row: row.line and row.line.expected_milli),
            amount(N_("Difference"), lambda row: row.line and row.line.difference_milli),
            money(N_("Worth"), lambda row: row.value_fen, Permission.SEE_COST),
            Column(N_("Counted by"), lambda row: row.counter),
        ),
        _count,
    ),
    ListSheet(
        "ledger",
        N_("Stock ledger"),
        "parts.part",
        (
            Column(N_("Time"), lambda row: row.at),
            Column(N_("Movement"), lambda row: row.move),
            amount(N_("Quantity"), lambda row: row.quantity_milli),
            Column(N_("Order no."), _order_no),
            Column(N_("Origin"), lambda row: row.origin),
            Column(N_("By"), lambda row: session.get_one(User, row.by_id).display_name),
        ),
        _ledger,
    ),
    ListSheet(
        "markup",
        N_("Mark-up"),
        "parts.markup",
        (
            money(N_("From a cost of"), lambda tier: tier.from_fen),
            Column(N_("Price in percent of the cost"), lambda tier: tier.percent),
        ),
        lambda asked: prices.list_tiers(asked.branch.id),
    ),
    *cores.SHEETS,
    *purchasing.SHEETS,
    *register_sheets.SHEETS,
)
