"""What the wished work will take in hours, by skill, and about what it will cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from workshop import money
from workshop.capacity.remaining import Need
from workshop.catalogue import queries as catalogue
from workshop.catalogue.models import Operation
from workshop.db import session
from workshop.shop.models import Branch
from workshop.stock.models import Part, StockLevel
from workshop.stock.pricing import queries as pricing

# Without a named operation somebody still has to find out what is wrong.
DIAGNOSIS_MINUTES = 30


@dataclass(frozen=True)
class OperationEstimate:
    """One operation with its labour and usual parts in fen, tax included, and what is short."""

    operation: Operation
    labour_fen: int
    parts_fen: int
    short_parts: list[Part]

    @property
    def total_fen(self) -> int:
        return self.labour_fen + self.parts_fen


@dataclass(frozen=True)
class Estimate:
    """The sum: book minutes, minutes by what they need, fen, and line by line."""

    lines: list[OperationEstimate]
    minutes: int
    fen: int
    needs: dict[Need, int]


def estimate(branch: Branch, operations: Sequence[Operation], day: date) -> Estimate:
    """Add up the operations at the prices of the day; without any, half an hour of anybody."""
    rates = catalogue.list_rates(branch.id)
    parts = _list_parts(operations)
    free = _free_milli(branch, list(parts))
    prices = pricing.prices_on(parts.values(), day)
    lines = [_line(operation, rates, parts, free, prices) for operation in operations]
    needs: dict[Need, int] = defaultdict(int)
    for operation in operations:
        needs[Need.of(operation.skill_id, operation.bay_kinds)] += operation.book_minutes
    if not operations:
        needs[Need()] = DIAGNOSIS_MINUTES
    return Estimate(lines, sum(needs.values()), sum(line.total_fen for line in lines), dict(needs))


def _line(
    operation: Operation,
    rates: dict[str, int],
    parts: dict[int, Part],
    free: dict[int, int],
    prices: dict[int, int],
) -> OperationEstimate:
    # A rate that the branch has not set yet prices the labour at nothing; the quotation refuses.
    rate = rates.get(operation.rate_code, 0)
    return OperationEstimate(
        operation=operation,
        labour_fen=money.labour_fen(operation.book_minutes, rate),
        parts_fen=sum(
            money.parts_fen(prices[usual.part_id], usual.quantity_milli)
            for usual in operation.parts
        ),
        short_parts=[
            parts[usual.part_id]
            for usual in operation.parts
            if free.get(usual.part_id, 0) < usual.quantity_milli
        ],
    )


def _list_parts(operations: Sequence[Operation]) -> dict[int, Part]:
    ids = {usual.part_id for operation in operations for usual in operation.parts}
    return {part.id: part for part in session.scalars(select(Part).where(Part.id.in_(ids)))}


def _free_milli(branch: Branch, part_ids: Sequence[int]) -> dict[int, int]:
    query = select(StockLevel).where(
        StockLevel.branch_id == branch.id, StockLevel.part_id.in_(part_ids)
    )
    return {level.part_id: level.free_milli for level in session.scalars(query)}
