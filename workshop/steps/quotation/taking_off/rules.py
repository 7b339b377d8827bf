"""What of a line is done, in money. Plain arithmetic; quantities are thousandths or minutes."""

from __future__ import annotations

from workshop.enums import LabelledEnum
from workshop.errors import N_


class TakeOffState(LabelledEnum):
    """How far a new version of the authorisation is."""

    ASKED = "asked", N_("Waits for the customer")
    AGREED = "agreed", N_("Agreed")
    DROPPED = "dropped", N_("Dropped")


def part_fen(total_fen: int, whole: int, done: int) -> int:
    """What the done part of a price comes to, half a fen up; never more than the price.

    `whole` is the agreed quantity (minutes, or thousandths of a unit), `done` what of it is done.
    """
    counted = min(max(done, 0), whole)
    return (2 * total_fen * counted + whole) // (2 * whole)
