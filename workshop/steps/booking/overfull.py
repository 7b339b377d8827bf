"""Days that have too few hours for the cars that are booked: who would have to come another day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import select

from workshop.capacity.ledger import Ledger
from workshop.capacity.models import CapacityTake, TakeSource
from workshop.capacity.remaining import Need
from workshop.db import session
from workshop.shop.models import Branch
from workshop.steps.booking.models import Appointment


def list_too_many(
    branch: Branch, appointments: list[Appointment], at: datetime
) -> Iterator[Appointment]:
    """Of these cars to come, those for which the hours of their day are not enough any more.

    Whoever booked last is named first, and no more than have to be moved. A car that somebody
    booked although the day was full is counted nowhere: that was decided.
    """
    if not appointments:
        return
    needs = _needs_of(appointments)
    days = [each.day for each in appointments]
    gone = {each.id for each in appointments if each.overbooking is not None}
    ledger = _ledger(branch, min(days), max(days), gone, at)
    for each in sorted(appointments, key=lambda one: one.id, reverse=True):
        if each.id in gone or not ledger.is_open(each.day):
            continue
        if any(ledger.free(each.day, need, with_reserve=True) < 0 for need in needs[each.id]):
            gone.add(each.id)
            ledger = _ledger(branch, min(days), max(days), gone, at)
            yield each


def _ledger(branch: Branch, first: date, last: date, gone: set[int], at: datetime) -> Ledger:
    without = [(TakeSource.APPOINTMENT, each) for each in gone]
    return Ledger(branch, first, last, at=at, without=without)


def _needs_of(appointments: list[Appointment]) -> dict[int, set[Need]]:
    query = select(CapacityTake).where(
        CapacityTake.source == TakeSource.APPOINTMENT,
        CapacityTake.source_id.in_([each.id for each in appointments]),
        CapacityTake.released_at.is_(None),
        CapacityTake.used_at.is_(None),
    )
    found: dict[int, set[Need]] = defaultdict(set)
    for taken in session.scalars(query):
        found[taken.source_id].add(Need(taken.skill_id, frozenset(taken.bay_kinds)))
    return found
