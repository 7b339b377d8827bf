"""What the wished work will take in hours, by skill, and about what it will cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from workshop import money
from workshop.capacity.remaining import Need
from workshop.catalogue import queries as catalogue
from workshop.catalogue.models import Operation, Package, PartKind
from workshop.catalogue.rules import PriceList
from workshop.db import session
from workshop.orders.kits import Kits, Piece
from workshop.shop.models import Branch
from workshop.stock.models import Part, StockLevel
from workshop.stock.pricing import queries as pricing

# Without a named operation somebody still has to find out what is wrong.
DIAGNOSIS_MINUTES = 30


@dataclass(frozen=True)
class OperationEstimate:
    """One operation with its labour and usual parts in fen, tax included, and what is short.

    `partless` are the kinds of which there is no part at all, so not in the price either.
    """

    operation: Operation
    minutes: int
    labour_fen: int
    parts_fen: int
    short_parts: list[Part]
    partless: list[PartKind]

    @property
    def total_fen(self) -> int:
        return self.labour_fen + self.parts_fen


@dataclass(frozen=True)
class FixedPrice:
    """A package that is wished whole: its fixed price, and what its work costs by itself."""

    package: Package
    fen: int
    alone_fen: int


@dataclass(frozen=True)
class Estimate:
    """The sum: book minutes, minutes by what they need, fen, and line by line.

    A package that is wished whole costs its fixed price, as the quotation will say.
    """

    lines: list[OperationEstimate]
    minutes: int
    fen: int
    needs: dict[Need, int]
    fixed: list[FixedPrice]


def estimate(
    branch: Branch, operations: Sequence[Operation], *, day: date, size: str | None = None
) -> Estimate:
    """Add up the operations at the prices of a day, for a car of a class (mid-size if unknown).

    Without any operation it is half an hour of anybody for a diagnosis.
    """
    return Estimator(branch, operations, day=day).estimate(operations, size)


class Estimator:
    """What some operations will need and cost on a day; shelf and prices are read once."""

    def __init__(self, branch: Branch, operations: Iterable[Operation], *, day: date) -> None:
        self._prices = catalogue.price_list(branch.id, day)
        self._kits = Kits(operations)
        self._free = _free_milli(branch, [part.id for part in self._kits.parts])
        self._parts_fen = pricing.prices_on(self._kits.parts, day)
        self._packages = catalogue.list_packages() if self._prices.packages else []

    def estimate(self, operations: Sequence[Operation], size: str | None) -> Estimate:
        """Add up some of the operations, for a car of a class (mid-size if unknown)."""
        lines = [self._line(each, size) for each in operations]
        needs: dict[Need, int] = defaultdict(int)
        for line in lines:
            operation = line.operation
            needs[Need.of(operation.skill_id, operation.bay_kinds)] += line.minutes
        if not operations:
            needs[Need()] = DIAGNOSIS_MINUTES
        fixed = self._list_fixed(lines)
        fen = sum(each.total_fen for each in lines) + sum(
            each.fen - each.alone_fen for each in fixed
        )
        return Estimate(lines, sum(needs.values()), fen, dict(needs), fixed)

    def _line(self, operation: Operation, size: str | None) -> OperationEstimate:
        minutes, pieces = operation.minutes_of(size), self._kits.of(operation, size)
        return _line(operation, minutes, self._prices, pieces, self._free, self._parts_fen)

    def _list_fixed(self, lines: Sequence[OperationEstimate]) -> list[FixedPrice]:
        """The packages at a fixed price that are wished whole, the largest first; none twice."""
        costs = {line.operation.id: line.total_fen for line in lines}
        found = []
        packages = self._packages if costs else []
        for package in sorted(packages, key=lambda each: -len(each.items)):
            ids = {each.id for each in package.operations}
            fen = self._prices.package_fen(package.id)
            if fen is not None and ids and ids <= costs.keys():
                found.append(FixedPrice(package, fen, sum(costs.pop(each) for each in ids)))
        return found


def _line(
    operation: Operation,
    minutes: int,
    prices: PriceList,
    pieces: Sequence[Piece],
    free: dict[int, int],
    parts_fen: dict[int, int],
) -> OperationEstimate:
    # A rate that the branch has not set yet prices the labour at nothing; the quotation refuses.
    rate = prices.hour_fen(operation.rate_code) or 0
    found = [(each.part, each.quantity_milli) for each in pieces if each.part is not None]
    return OperationEstimate(
        operation=operation,
        minutes=minutes,
        labour_fen=money.labour_fen(minutes, rate),
        parts_fen=sum(money.parts_fen(parts_fen[part.id], milli) for part, milli in found),
        short_parts=[part for part, milli in found if free.get(part.id, 0) < milli],
        partless=[each.kind for each in pieces if each.part is None and each.kind is not None],
    )


def _free_milli(branch: Branch, part_ids: Sequence[int]) -> dict[int, int]:
    query = select(StockLevel).where(
        StockLevel.branch_id == branch.id, StockLevel.part_id.in_(part_ids)
    )
    return {level.part_id: level.free_milli for level in session.scalars(query)}
