"""What to tell a customer, from the facts of this minute; a person changes what does not fit."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from workshop.errors import N_
from workshop.orders import expected
from workshop.orders.models import RepairOrder
from workshop.orders.rows import Phase
from workshop.orders.rules import Expected, Why
from workshop.steps.lounge.due_reports import DueReport
from workshop.steps.lounge.enums import Occasion


@dataclass(frozen=True)
class Suggestion:
    """A msgid and its values; `facts` tells whether they are still those of the page."""

    message: str
    values: Mapping[str, Any]

    @property
    def facts(self) -> str:
        """The same as long as the same would be said."""
        shown = sorted((key, str(value)) for key, value in self.values.items())
        return hashlib.sha256(f"{self.message}{shown}".encode()).hexdigest()[:16]


def suggest(order: RepairOrder, at: datetime, due: DueReport | None = None) -> Suggestion:
    """Words for the report that is due, or for a regular one."""
    if order.ready_at is not None:
        return Suggestion(N_("Your car is ready."), {})
    if due is not None and due.occasion is Occasion.ADDITION:
        return Suggestion(N_("We found additional work on your car and need your decision."), {})
    is_started = due is not None and due.occasion is Occasion.START
    # Who hears late that the work has begun hears where the car is now.
    started = is_started and order.stage.phase is Phase.WORK
    time = expected.of(order, at)
    if due is not None and due.occasion is Occasion.DELAY and not time.is_later:
        # At this moment the work should be over, and it is not.
        time = replace(time, at=None, why=Why.UNKNOWN)
    return _about_time(order, time, started=started)


def _about_time(order: RepairOrder, time: Expected, *, started: bool) -> Suggestion:
    """Where the car is, and the honest time; nobody is told “as promised” of one that moved."""
    said: dict[str, Any] = {} if started else {"stage": order.stage}
    if time.promised_at is None:
        return _one_of(started, *_NO_TIME, said)
    if time.is_unknown:
        return _one_of(started, *_UNKNOWN, said)
    said["time"] = time.at
    if time.instead_of is None:
        return _one_of(started, *_KEPT, said)
    return _one_of(started, *_MOVED, {**said, "was": time.instead_of})


def _one_of(started: bool, at_start: str, later: str, values: dict[str, Any]) -> Suggestion:
    return Suggestion(at_start if started else later, values)


_KEPT = (
    N_("The work on your car has started. We keep to %(time)s."),
    N_("Your car is “%(stage)s”. We keep to %(time)s."),
)
_MOVED = (
    N_("The work on your car has started. It will be ready at %(time)s instead of %(was)s."),
    N_("Your car is “%(stage)s”. It will be ready at %(time)s instead of %(was)s."),
)
_UNKNOWN = (
    N_("The work on your car has started. It takes longer; I will tell you the new time."),
    N_("Your car is “%(stage)s”. It takes longer than promised; I will tell you the new time."),
)
_NO_TIME = (
    N_("The work on your car has started."),
    N_("Your car is “%(stage)s”."),
)
