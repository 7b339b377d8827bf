"""Who works in a branch over a range of days: technicians, what they can do, and when."""

from __future__ import annotations

from datetime import date

from workshop import db
from workshop.shop import calendar, queries
from workshop.shop.models import (
    Absence,
    Branch,
    CalendarDay,
    OpeningHours,
    Shift,
    Technician,
    TechnicianSkill,
)
from workshop.staff.models import User

_MADE_OF = (Technician, User, TechnicianSkill, OpeningHours, CalendarDay, Shift, Absence)


def read(branch: Branch, first: date, last: date) -> Roster:
    """The roster of these days, read once in a transaction that changes nothing about it."""
    key = ("roster", branch.id, first, last)
    return db.remember(key, _MADE_OF, lambda: Roster(branch, first, last))


class Roster:
    """The technicians of a branch with skills and hours, read once for all who ask about them."""

    def __init__(self, branch: Branch, first: date, last: date) -> None:
        self.branch, self.first, self.last = branch, first, last
        self.technicians = queries.list_technicians(branch)
        self.held = queries.skills_of(self.technicians)
        self.table = calendar.Timetable(branch, first, last, self.technicians)
