"""The end of a stay, however it comes: said by somebody, or taken to be by rule."""

from __future__ import annotations

from datetime import datetime

from workshop.attendance.models import Attendance, AttendanceBreak
from workshop.db import session
from workshop.shop import calendar
from workshop.shop.models import Branch
from workshop.staff import audit
from workshop.staff.models import User


def find_open_break(stay: Attendance) -> AttendanceBreak | None:
    """The break that goes on."""
    return next((each for each in stay.breaks if each.ended_at is None), None)


def end(stay: Attendance, at: datetime, by: User | None) -> datetime:
    """End the stay, and a break that goes on with it; nobody has done it where a rule does."""
    pause = find_open_break(stay)
    known = [stay.started_at, *(each.ended_at or each.started_at for each in stay.breaks)]
    ends_at = max([at, *known])
    if pause is not None:
        pause.ended_at = ends_at
        # The guard wants the break ended before the stay.
        session.flush()
    stay.ended_at, stay.ended_by_id = ends_at, by.id if by else None
    return ends_at


def assume_end(
    stay: Attendance, last_seen_at: datetime | None, *, by: User | None, at: datetime
) -> datetime:
    """End a stay that nobody ended: with the shift of its day, or with what is known after it.

    Without a shift it ends with the last thing known of the person. It is marked, and counts in
    no rate until somebody has put it right.
    """
    stay.is_end_assumed = True
    known = [stay.started_at, *([last_seen_at] if last_seen_at else [])]
    shift_end = end_of_shift(stay)
    ends_at = end(stay, min(max([*known, *([shift_end] if shift_end else [])]), at), by)
    audit.write(by, "shop.assume_end", stay, at, ended_at=ends_at.isoformat())
    session.flush()
    return ends_at


def end_of_shift(stay: Attendance) -> datetime | None:
    """When the person's shift of that day ends; None when none ends after the coming."""
    technician = stay.technician
    branch = session.get_one(Branch, technician.branch_id)
    shifts = calendar.shifts(technician, calendar.local_day(branch, stay.started_at))
    return max((ends for _, ends in shifts if ends > stay.started_at), default=None)
