"""Who went home without clocking out: the stay ends by rule once its day is over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, select

from workshop import events
from workshop.attendance import car_clock, rules, stays
from workshop.attendance.models import Attendance, PresenceChanged
from workshop.db import session
from workshop.shop import calendar
from workshop.shop.models import Branch, Technician


def end_forgotten(branch: Branch, *, at: datetime) -> list[Attendance]:
    """End every stay of an earlier day that nobody ended, and the break in it that goes on."""
    found = [each for each in _list_open(branch, at) if is_forgotten(each, at)]
    for each in found:
        stays.assume_end(each, find_last_work(each.technician), by=None, at=at)
        events.record(PresenceChanged(each.technician_id, branch.id, at))
    return found


def is_forgotten(stay: Attendance, at: datetime) -> bool:
    """Whether an open stay of an earlier day is over: its shift is, or nobody stays so long.

    Who came for a night without a shift may still be at work.
    """
    return stays.end_of_shift(stay) is not None or at - stay.started_at >= rules.LONGEST_STAY


def find_last_work(technician: Technician) -> datetime | None:
    """When the clock on a car last ran or ended for the person."""
    cars = car_clock.find()
    return cars.last_work_at(technician) if cars is not None else None


def _list_open(branch: Branch, at: datetime) -> list[Attendance]:
    today = calendar.day_span(branch, calendar.local_day(branch, at))[0]
    query = _counting(branch).where(Attendance.ended_at.is_(None), Attendance.started_at < today)
    return list(session.scalars(query.order_by(Attendance.id)))


def list_unconfirmed(branch: Branch) -> list[Attendance]:
    """The stays whose end is a guess, the newest first; no rate counts them."""
    query = _counting(branch).where(Attendance.is_end_assumed.is_(True))
    return list(session.scalars(query.order_by(Attendance.started_at.desc())))


def _counting(branch: Branch) -> Select[Attendance]:
    """The stays of the branch that no correction has replaced."""
    return (
        select(Attendance)
        .join(Technician, Technician.id == Attendance.technician_id)
        .where(Technician.branch_id == branch.id, Attendance.replaced_at.is_(None))
    )
