"""What counts of a stay in the shop. Plain Python."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from workshop.shop.rules import Span, are_apart, subtract

# Who has been clocked in for longer has forgotten to clock out, and is not taken to be there.
LONGEST_STAY = timedelta(hours=16)


def worked(stay: Span, breaks: Iterable[Span]) -> list[Span]:
    """The time of a stay without its breaks: what counts as attended (domain.md §5)."""
    return subtract([stay], breaks)


def find_disorder(stay: Span, breaks: Sequence[Span]) -> int | None:
    """The place of the first break that lies outside the stay, ends too early or meets another.

    None when all is in order. The breaks may come in any order.
    """
    for place, each in enumerate(breaks):
        is_inside = stay[0] <= each[0] < each[1] <= stay[1]
        others = (other for number, other in enumerate(breaks) if number != place)
        if not is_inside or not all(are_apart(each, other) for other in others):
            return place
    return None


def percent(part: int, whole: int) -> int | None:
    """A rate in whole percent, rounded half up; None over nothing, which is shown as “—”."""
    return (200 * part + whole) // (2 * whole) if whole > 0 else None
