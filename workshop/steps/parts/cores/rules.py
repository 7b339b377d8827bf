"""What becomes of a core deposit; quantities in thousandths, amounts in fen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from workshop import money
from workshop.enums import LabelledEnum
from workshop.errors import N_


class Outcome(LabelledEnum):
    """What became of the old part."""

    BACK = "back", N_("Old part is back")
    KEPT = "kept", N_("Deposit is kept")


@dataclass(frozen=True)
class Deposit:
    """A deposit for `charged` pieces at `unit_fen` each, and what became of them.

    `issued` is what went into the car: for more than that nothing is charged in the end.
    """

    unit_fen: int
    issued: int
    back: int = 0
    kept: int = 0

    @property
    def out(self) -> int:
        """The pieces that are still to come back; never negative."""
        return max(self.issued - self.back - self.kept, 0)

    @property
    def out_fen(self) -> int:
        """What the shop would owe, were they here."""
        return money.parts_fen(self.unit_fen, self.out)

    @property
    def back_fen(self) -> int:
        """What the customer gets back."""
        return money.parts_fen(self.unit_fen, min(self.back, self.issued))


def due_on(billed_on: date | None, days: int) -> date | None:
    """The last day for the old part (P22); None while nothing is billed."""
    return billed_on + timedelta(days=days) if billed_on else None


def is_late(due: date | None, today: date) -> bool:
    """Whether the day is over."""
    return due is not None and due < today
