"""The page of a count: what is still to count, what was counted, and what that is worth."""

from __future__ import annotations

from dataclasses import dataclass

from workshop import money
from workshop.db import session
from workshop.staff.models import User
from workshop.stock.counting import queries
from workshop.stock.counting.models import Stocktake, StocktakeLine
from workshop.stock.models import Part


@dataclass(frozen=True)
class Row:
    """A part in its bin with what was counted of it, if anybody has."""

    part: Part
    bin: str
    line: StocktakeLine | None

    @property
    def seen(self) -> int:
        """The line that the page shows; 0 for none."""
        return self.line.id if self.line else 0

    @property
    def value_fen(self) -> int | None:
        """What the difference cost us; None while the cost is not known."""
        if self.line is None or self.part.cost_fen is None:
            return None
        return money.parts_fen(self.part.cost_fen, self.line.difference_milli)

    @property
    def counter(self) -> str:
        """Who counted it."""
        if self.line is None:
            return ""
        return session.get_one(User, self.line.counted_by_id).display_name


@dataclass(frozen=True)
class Sheet:
    """All rows of a count by bin."""

    rows: list[Row]

    @property
    def to_count(self) -> int:
        return sum(1 for row in self.rows if row.line is None)

    @property
    def differing(self) -> list[Row]:
        return [row for row in self.rows if row.line and row.line.difference_milli]

    @property
    def value_fen(self) -> int:
        """What the differences with a known cost add up to."""
        return sum(row.value_fen or 0 for row in self.differing)


def load(stocktake: Stocktake) -> Sheet:
    """The parts that should lie in the bins, and those that were found there beside them."""
    lines = {line.part_id: line for line in queries.list_lines(stocktake)}
    levels = queries.list_levels(stocktake) if stocktake.is_open else []
    rows = [Row(level.part, level.bin, lines.pop(level.part_id, None)) for level in levels]
    rows += [Row(line.part, line.bin, line) for line in lines.values()]
    return Sheet(sorted(rows, key=lambda row: (row.bin, row.part.no)))
