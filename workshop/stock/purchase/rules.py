"""How much to order, and where delivery and invoice differ; quantities in thousandths."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Position:
    """What a part has and what is wanted of it.

    `free` lies on the shelf for nobody, `incoming` is ordered, `waiting` are shortages of signed
    orders, `booked` what the next booked cars will need, `minimum` what the shop wants to have.
    """

    free: int = 0
    incoming: int = 0
    waiting: int = 0
    booked: int = 0
    minimum: int = 0

    @property
    def missing(self) -> int:
        """What is missing in the end; never negative."""
        there = self.free + self.incoming - self.waiting - self.booked
        return max(self.minimum - there, 0)


def in_packs(milli: int, pack_milli: int) -> int:
    """The quantity rounded up to whole packages: 4.5 L of drums of 4 L are 8 L."""
    return -(-milli // pack_milli) * pack_milli


@dataclass(frozen=True)
class Billed:
    """What of a line was ordered, came, will not come, and was billed; costs of a unit in fen."""

    ordered: int
    received: int
    cancelled: int
    invoiced: int
    agreed_fen: int | None
    invoiced_fen: frozenset[int] = frozenset()

    @property
    def outstanding(self) -> int:
        """What is still to come; never negative."""
        return max(self.ordered - self.cancelled - self.received, 0)

    @property
    def quantity_differs(self) -> bool:
        """Whether another quantity is billed than came."""
        return self.invoiced != self.received

    @property
    def cost_differs(self) -> bool:
        """Whether a unit is billed at another cost than was agreed."""
        return self.agreed_fen is not None and bool(self.invoiced_fen - {self.agreed_fen})

    @property
    def agrees(self) -> bool:
        """Whether delivery and invoice say the same."""
        return not self.quantity_differs and not self.cost_differs
