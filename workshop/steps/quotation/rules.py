"""What a quotation adds up to, in plain arithmetic (domain.md step 3, §7 Money)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from workshop import money


@dataclass(frozen=True)
class Amount:
    """One line as the sums see it; `payer` and `kind` are the values of their enums."""

    payer: str
    kind: str
    total_fen: int
    discount_fen: int
    tax_basis_points: int


@dataclass
class Totals:
    """Sums in fen, tax included; `tax_fen` is the part that is tax. A total is Σ of its lines.

    `core_fen` are deposits for old parts, which the customer gets back.
    """

    total_fen: int = 0
    labour_fen: int = 0
    parts_fen: int = 0
    other_fen: int = 0
    core_fen: int = 0
    discount_fen: int = 0
    tax_fen: int = 0
    by_payer: dict[str, int] = field(default_factory=dict)

    @property
    def customer_fen(self) -> int:
        """What the customer pays."""
        return self.by_payer.get("customer", 0)


def add_up(amounts: Iterable[Amount]) -> Totals:
    """Sum the lines, by kind and by payer."""
    totals = Totals()
    for amount in amounts:
        totals.total_fen += amount.total_fen
        totals.discount_fen += amount.discount_fen
        totals.tax_fen += money.tax_included(amount.total_fen, amount.tax_basis_points)
        totals.by_payer[amount.payer] = totals.by_payer.get(amount.payer, 0) + amount.total_fen
        if amount.kind == "labour":
            totals.labour_fen += amount.total_fen
        elif amount.kind == "part":
            totals.parts_fen += amount.total_fen
        elif amount.kind == "core":
            totals.core_fen += amount.total_fen
        else:
            totals.other_fen += amount.total_fen
    return totals


def gross_fen(kind: str, unit_fen: int, quantity_milli: int, book_minutes: int) -> int:
    """The price of a line before its discount: book minutes at a rate, or pieces at a price."""
    if kind == "labour":
        return money.labour_fen(book_minutes, unit_fen)
    return money.parts_fen(unit_fen, quantity_milli)
