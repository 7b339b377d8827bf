"""How long a customer's own choice of a time is held, and what may become of it.

Plain Python: times go in, decisions come out.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from workshop.enums import LabelledEnum
from workshop.errors import N_


class OnlineState(LabelledEnum):
    """How far a customer's own request is."""

    HELD = "held", N_("Being filled in")
    REQUESTED = "requested", N_("To be confirmed")
    CONFIRMED = "confirmed", N_("Confirmed")
    REFUSED = "refused", N_("Turned down")
    CANCELLED = "cancelled", N_("Cancelled")
    LAPSED = "lapsed", N_("Not confirmed in time")


S = OnlineState

ALLOWED: dict[OnlineState, frozenset[OnlineState]] = {
    S.HELD: frozenset({S.REQUESTED, S.LAPSED}),
    S.REQUESTED: frozenset({S.CONFIRMED, S.REFUSED, S.CANCELLED, S.LAPSED}),
    S.CONFIRMED: frozenset({S.CANCELLED}),
    S.REFUSED: frozenset(),
    S.CANCELLED: frozenset(),
    # Who was too slow asks again, as long as a time is free; a late request the desk still calls.
    S.LAPSED: frozenset({S.HELD, S.CONFIRMED, S.REFUSED}),
}
"""Which state may follow which."""

TAKES_TIME = frozenset({S.HELD, S.REQUESTED})
"""The advisor's quarter of an hour and the hours of the day are taken for it."""

HOLD = timedelta(minutes=5)
"""How long a chosen time is held while name and number are typed."""

ANSWER_BEFORE = timedelta(minutes=30)
"""So long before the time the desk must have said yes, else it is given back."""

DESK_NEEDS = timedelta(minutes=30)
"""So long the shop must be open before that, for somebody to call back."""

MOST_TRIES = 8
"""How many times one number may choose in a day, before it has to call."""


def answer_by(slot_at: datetime) -> datetime:
    """Until when the desk must have confirmed a time."""
    return slot_at - ANSWER_BEFORE


def may_change(slot_at: datetime, cutoff_minutes: int, at: datetime) -> bool:
    """Whether the customer may still change or cancel without a call."""
    return at <= slot_at - timedelta(minutes=cutoff_minutes)


def share_of(places: int, share_percent: int) -> int:
    """How many of a day's places may be booked by customers themselves: one at least."""
    return max(1, places * share_percent // 100)


def hash_of(token: str) -> str:
    """What is kept of a secret address."""
    return hashlib.sha256(token.encode()).hexdigest()
