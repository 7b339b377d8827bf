"""Plain rules of the catalogue: what holds on a day or for a class of car; a fixed price spread."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol, TypeVar

CUSTOMER = "customer"


class Line(Protocol):
    """A line of a price's history, as the rules see it."""

    @property
    def id(self) -> int: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def takes_back_id(self) -> int | None: ...


L = TypeVar("L", bound=Line)


def standing(lines: Iterable[L]) -> list[L]:
    """The lines that nobody took back, in the order in which they begin to hold."""
    lines = list(lines)
    gone = {line.takes_back_id for line in lines}
    stand = [line for line in lines if line.takes_back_id is None and line.id not in gone]
    return sorted(stand, key=lambda line: (line.valid_from, line.id))


def on_day(lines: Iterable[L], day: date) -> L | None:
    """The line that holds on a day: the newest of those that have begun."""
    begun = [line for line in standing(lines) if line.valid_from <= day]
    return begun[-1] if begun else None


def of_size(size: str | None, compact: int | None, mid: int, suv: int | None) -> int:
    """The figure for a car of a class; the mid-size one where the class has none of its own."""
    return {"compact": compact, "suv": suv}.get(size or "") or mid


def in_season(first: int | None, last: int | None, month: int) -> bool:
    """Whether a month lies in a season; from November to February it goes round the year's end."""
    if first is None or last is None:
        return True
    if first <= last:
        return first <= month <= last
    return month >= first or month <= last


def suits(energies: Collection[str], energy: str) -> bool:
    """Whether work for cars of these energies is work for this car; none named: for every car.

    A car that is kept as plain fuel may burn petrol or diesel.
    """
    meant = {"fuel", "diesel"} if energy == "fuel" else {energy}
    return not energies or bool(meant & set(energies))


@dataclass(frozen=True)
class PriceList:
    """The prices of one day in fen, tax included: hours by (grade, payer), packages by id."""

    day: date
    hours: Mapping[tuple[str, str], int] = field(default_factory=dict)
    packages: Mapping[int, int] = field(default_factory=dict)

    def hour_fen(self, grade: str, payer: str = CUSTOMER) -> int | None:
        """The price of an hour; a payer without an own price pays what the customer pays."""
        own = self.hours.get((grade, payer))
        return own if own is not None else self.hours.get((grade, CUSTOMER))

    def package_fen(self, package_id: int) -> int | None:
        """The fixed price of a package; None when it costs what its lines cost."""
        return self.packages.get(package_id)

    @property
    def is_empty(self) -> bool:
        """Whether no hour has a price yet: nothing can be quoted."""
        return not self.hours


def spread(fixed_fen: int, gross: Sequence[int]) -> list[int]:
    """What each line of a package adds to its own price, or takes off, so that all make the price.

    By each line's share of the sum; the last line takes what rounding leaves. A line never falls
    below nothing.
    """
    total = sum(gross)
    if total <= 0 or not gross:
        return [fixed_fen - total if place == len(gross) - 1 else 0 for place in range(len(gross))]
    shares = [fen * fixed_fen // total for fen in gross[:-1]]
    shares.append(fixed_fen - sum(shares))
    return [share - fen for share, fen in zip(shares, gross, strict=True)]
