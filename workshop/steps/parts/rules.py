"""What a pick list is, from its lines alone. Quantities are thousandths of the part's unit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from workshop.enums import LabelledEnum
from workshop.errors import N_

# A list is needed this long before the work begins (domain.md step 6).
LEAD_MINUTES = 15
# Baskets stand on a rack; a number is taken again when its basket is empty.
MOST_BASKETS = 999


# A basket that is needed within these minutes is marked.
SOON_MINUTES = 30


@dataclass(frozen=True)
class Deadline:
    """The time that people read, and the minutes that are left; negative when it is late."""

    shown_at: datetime
    minutes_left: int

    @property
    def is_late(self) -> bool:
        return self.minutes_left < 0

    @property
    def is_soon(self) -> bool:
        return not self.is_late and self.minutes_left <= SOON_MINUTES


def minutes_until(needed_by: datetime, at: datetime) -> int:
    """Whole minutes from `at` until then; negative when it is over."""
    return int((needed_by - at).total_seconds() // 60)


class PickState(LabelledEnum):
    """How far a pick list is."""

    OPEN = "open", N_("To pick")
    PARTLY_PICKED = "partly_picked", N_("Partly picked")
    PICKED = "picked", N_("Picked")
    ISSUED = "issued", N_("Issued")
    CLOSED = "closed", N_("Closed")
    CANCELLED = "cancelled", N_("Cancelled")

    @property
    def is_before_issue(self) -> bool:
        """Whether nobody has taken the basket yet."""
        return self in BEFORE_ISSUE

    @property
    def is_issued(self) -> bool:
        """Whether somebody has taken the basket."""
        return self is PickState.ISSUED

    @property
    def tone(self) -> str:
        """The colour of its badge."""
        tones = {
            PickState.OPEN: "warn",
            PickState.PARTLY_PICKED: "warn",
            PickState.PICKED: "accent",
            PickState.ISSUED: "good",
        }
        return tones.get(self, "neutral")


BEFORE_ISSUE = frozenset({PickState.OPEN, PickState.PARTLY_PICKED, PickState.PICKED})
# While a list is in one of these, its basket is in use.
LIVE = BEFORE_ISSUE | {PickState.ISSUED}


class MoveKind(LabelledEnum):
    """What was done with the parts of a line."""

    PICKED = "picked", N_("Picked into the basket")
    PUT_BACK = "put_back", N_("Put back on the shelf")
    ISSUED = "issued", N_("Issued")
    UNUSED = "unused", N_("Reported as not used")
    RETURNED = "returned", N_("Returned to stock")
    RETURNED_DEFECTIVE = "returned_defective", N_("Returned defective, put aside")
    NEEDED_AGAIN = "needed_again", N_("Another one is needed")
    GIVEN_UP = "given_up", N_("No other one is needed")
    OLD_PARTS_BAGGED = "old_parts_bagged", N_("Old parts bagged and tagged")


class ReturnReason(LabelledEnum):
    """Why a piece comes back from the car, or is not needed."""

    NOT_NEEDED = "not_needed", N_("Not needed")
    WRONG_PART = "wrong_part", N_("Wrong part in the basket")
    DEFECTIVE = "defective", N_("Defective")
    WORK_TAKEN_OFF = "work_taken_off", N_("The customer took the work off")

    @property
    def is_defective(self) -> bool:
        """Whether the piece itself is bad."""
        return self is ReturnReason.DEFECTIVE

    @property
    def needs_another(self) -> bool:
        """Whether the work goes on and waits for another piece."""
        return self in (ReturnReason.WRONG_PART, ReturnReason.DEFECTIVE)


@dataclass(frozen=True)
class Counts:
    """The quantities of one line; each is part of the one before it. `ordered` is all it needs."""

    ordered: int
    reserved: int
    picked: int
    issued: int


def state_of(lines: Sequence[Counts]) -> PickState:
    """How far a list with these lines is. It is closed by the bill, never by what came back."""
    if lines and all(line.issued == line.ordered for line in lines):
        return PickState.ISSUED
    if lines and all(line.picked == line.ordered for line in lines):
        return PickState.PICKED
    if any(line.picked > 0 for line in lines):
        return PickState.PARTLY_PICKED
    return PickState.OPEN


def needed_by(planned_start: datetime) -> datetime:
    """When the basket has to stand ready (domain.md step 6)."""
    return planned_start - timedelta(minutes=LEAD_MINUTES)


def lowest_free(taken: Iterable[int]) -> int:
    """The lowest basket number that is not in use."""
    used = set(taken)
    return next(number for number in range(1, MOST_BASKETS + 1) if number not in used)
