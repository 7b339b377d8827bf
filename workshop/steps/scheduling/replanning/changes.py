"""What a plan would change: a place before and after, a job's move, what becomes of a car."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workshop.allocation import placing
from workshop.errors import Missing
from workshop.orders.models import Job, RepairOrder
from workshop.shop.models import Bay, Technician


@dataclass(frozen=True)
class Spot:
    """A place as the page shows it."""

    technician: Technician
    bay: Bay | None
    starts_at: datetime
    ends_at: datetime
    minutes: int
    across: bool = False

    def as_place(self) -> placing.Place:
        """The same as the shop's services want it."""
        return placing.Place(
            self.technician, self.bay, self.starts_at, self.minutes, across=self.across
        )


@dataclass(frozen=True)
class Move:
    """What becomes of one job; `why` says what is missing when the plan has no place for it.

    `parts_at` is when its parts come, if that is later than it was to begin.
    """

    job: Job
    before: Spot | None
    after: Spot | None
    other_day: bool = False
    why: Missing | None = None
    parts_at: datetime | None = None

    @property
    def later_minutes(self) -> int | None:
        """By how much the start moves; negative is earlier. None when it had or has none."""
        if self.before is None or self.after is None:
            return None
        return int((self.after.starts_at - self.before.starts_at).total_seconds() // 60)


@dataclass(frozen=True)
class Change:
    """What becomes of one car: its moves, its lateness, and whether its customer is to be called.

    `ready_at` is when the car could be handed over, N2 included; None while work has no place.
    """

    order: RepairOrder
    moves: list[Move]
    late_before: int
    late_after: int
    to_call: bool
    ready_at: datetime | None

    @property
    def needs_consent(self) -> bool:
        """Whether a job goes to another day, which only the customer can allow."""
        return any(move.other_day for move in self.moves)

    @property
    def needs_word(self) -> bool:
        """Whether the customer has to be spoken to, about the promise or the day."""
        return self.to_call or self.needs_consent

    @property
    def waits_for_parts(self) -> bool:
        return any(move.parts_at is not None for move in self.moves)

    @property
    def has_unplaced(self) -> bool:
        return any(move.after is None for move in self.moves)

    @property
    def is_comeback(self) -> bool:
        return self.order.repeat_repair
