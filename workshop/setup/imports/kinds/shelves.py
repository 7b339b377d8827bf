"""Which parts the shop has, looked up for many rows at once: prices, shelves and suppliers."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from workshop.db import session
from workshop.stock.models import Part, StockEntry, StockLevel
from workshop.stock.pricing import queries as prices
from workshop.stock.suppliers.models import PartSupplier, Supplier

MOST_KEYS = 400


@dataclass
class Shelves:
    """The parts that some rows may mean: by number as it is looked for, with what hangs on them."""

    parts: dict[str, Part] = field(default_factory=dict)
    prices: dict[int, int] = field(default_factory=dict)
    levels: dict[int, StockLevel] = field(default_factory=dict)
    # The parts that a ledger has a line of: in this branch, and in any.
    moved_here: set[int] = field(default_factory=set)
    moved: set[int] = field(default_factory=set)
    # By barcode: the number of the part that has it.
    barcodes: dict[str, str] = field(default_factory=dict)
    # Which parts each supplier sells: (part id, supplier id).
    offers: set[tuple[int, int]] = field(default_factory=set)


def look_up(
    branch_id: int, day: date, numbers: Collection[str], barcodes: Collection[str]
) -> Shelves:
    """The parts with these numbers, and whoever has these barcodes."""
    found = Shelves()
    for some in _portions(numbers):
        for part in session.scalars(select(Part).where(Part.search_no.in_(some))):
            found.parts.setdefault(part.search_no, part)
    for some in _portions(barcodes):
        query = select(Part.barcode, Part.search_no).where(Part.barcode.in_(some))
        found.barcodes |= {row[0]: row[1] for row in session.execute(query)}
    found.prices = prices.prices_on(found.parts.values(), day) if found.parts else {}
    for ids in _portions([part.id for part in found.parts.values()]):
        _add_levels(found, branch_id, ids)
    return found


def _add_levels(found: Shelves, branch_id: int, ids: list[Any]) -> None:
    levels = select(StockLevel).where(
        StockLevel.branch_id == branch_id, StockLevel.part_id.in_(ids)
    )
    found.levels |= {level.part_id: level for level in session.scalars(levels)}
    moved = select(StockEntry.part_id, StockEntry.branch_id).where(StockEntry.part_id.in_(ids))
    for part_id, of_branch in session.execute(moved.distinct()):
        found.moved.add(part_id)
        if of_branch == branch_id:
            found.moved_here.add(part_id)
    offers = select(PartSupplier.part_id, PartSupplier.supplier_id)
    found.offers |= {
        (part_id, supplier_id)
        for part_id, supplier_id in session.execute(offers.where(PartSupplier.part_id.in_(ids)))
    }


def supplier_ids() -> dict[str, int]:
    """Every supplier by name, in small letters; a shop has some dozen."""
    return {
        name.casefold(): id_ for id_, name in session.execute(select(Supplier.id, Supplier.name))
    }


def _portions(keys: Iterable[Any]) -> Iterable[list[Any]]:
    ordered = sorted(keys)
    for start in range(0, len(ordered), MOST_KEYS):
        yield ordered[start : start + MOST_KEYS]
