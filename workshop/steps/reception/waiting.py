"""Who waits to be greeted, in the order in which it should happen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import mean

from workshop.orders.models import RepairOrder
from workshop.shop import calendar
from workshop.shop.models import Branch
from workshop.steps.booking import queries as booking_queries
from workshop.steps.booking.models import Appointment
from workshop.steps.reception import queries, rules
from workshop.steps.reception.models import WalkIn

SOON = timedelta(hours=2)
_LONG_MINUTES = 10


@dataclass(frozen=True)
class Waiting:
    """One car at the door, with how long it has waited."""

    appointment: Appointment | None
    walk_in: WalkIn | None
    arrived_at: datetime
    minutes: int

    @property
    def is_long(self) -> bool:
        return self.minutes >= _LONG_MINUTES


def list_waiting(branch: Branch, at: datetime) -> list[Waiting]:
    """Arrived cars that nobody has greeted: booked ones at their slot first (step 1 rules)."""
    day = calendar.local_day(branch, at)
    booked = [
        _waiting(appointment, None, appointment.arrived_at, at)
        for appointment in booking_queries.list_day(branch, day)
        if appointment.is_here and appointment.arrived_at
    ]
    others = [_waiting(None, each, each.arrived_at, at) for each in queries.list_walk_ins(branch)]
    return sorted([*booked, *others], key=lambda each: _turn(each, at))


def _turn(waiting: Waiting, at: datetime) -> tuple[bool, datetime]:
    slot_at = waiting.appointment.slot_at if waiting.appointment else None
    return rules.turn(waiting.arrived_at, slot_at, at)


def _waiting(
    appointment: Appointment | None, walk_in: WalkIn | None, arrived_at: datetime, at: datetime
) -> Waiting:
    minutes = int((at - arrived_at).total_seconds() // 60)
    return Waiting(appointment, walk_in, arrived_at, max(0, minutes))


def list_expected(branch: Branch, at: datetime) -> list[Appointment]:
    """Today's appointments that are still to come, by time; the late ones come first so."""
    day = calendar.local_day(branch, at)
    found = booking_queries.list_day(branch, day)
    return sorted((each for each in found if each.is_expected), key=lambda each: each.slot_at)


def greet_minutes(order: RepairOrder) -> int | None:
    """Minutes from the arrival to the greeting (KPI greet time)."""
    if order.greeted_at is None:
        return None
    return max(0, int((order.greeted_at - order.arrived_at).total_seconds() // 60))


def mean_greet_minutes(orders: Iterable[RepairOrder]) -> int | None:
    """The mean greet time; None when nobody was greeted."""
    known = [minutes for minutes in map(greet_minutes, orders) if minutes is not None]
    return round(mean(known)) if known else None
