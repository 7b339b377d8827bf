"""The follow-up call: when it is due, what it asks, what opens a case (domain.md, step 10)."""

from __future__ import annotations

from datetime import datetime, timedelta

from workshop.enums import LabelledEnum
from workshop.errors import N_
from workshop.steps.handover.rules import EARLIEST_CALL, LATEST_CALL

# P13: two days after the delivery, unless the customer named a time.
USUAL = timedelta(hours=48)
# P13: up to five days of trying, then a message and a mark for the next visit.
MOST_ATTEMPTS = 5
# An answer of this many points or fewer opens a case at once.
LOW_SCORE = 2
LOW_RECOMMENDATION = 6


class Outcome(LabelledEnum):
    """How an attempt to reach the customer ended."""

    REACHED = "reached", N_("Reached")
    NO_ANSWER = "no_answer", N_("No answer")
    BUSY = "busy", N_("Busy")
    REFUSED = "refused", N_("Does not want to be called")
    WRONG_NUMBER = "wrong_number", N_("Wrong number")
    SWITCHED_OFF = "switched_off", N_("Switched off")


def plan(delivered_at: datetime, wished_at: datetime | None) -> datetime:
    """When to call: the time agreed at the handover, kept within 24–72 h of the delivery."""
    wanted = wished_at or delivered_at + USUAL
    return min(max(wanted, earliest_call(delivered_at)), delivered_at + LATEST_CALL)


def earliest_call(delivered_at: datetime) -> datetime:
    """From when the customer may be called: a day has to pass with the car (P13)."""
    return delivered_at + EARLIEST_CALL


def next_attempt(attempted_at: datetime) -> datetime:
    """After an unreached customer: the next day at the same time."""
    return attempted_at + timedelta(days=1)


def is_dissatisfied(scores: list[int], is_fixed: bool, recommendation: int | None) -> bool:
    """Whether the answers open a case at once: any ≤ 2, not fixed, or a recommendation ≤ 6."""
    low = any(score <= LOW_SCORE for score in scores)
    return (
        low or not is_fixed or (recommendation is not None and recommendation <= LOW_RECOMMENDATION)
    )
