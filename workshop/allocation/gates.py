"""What stands in the way of helping with a piece of work."""

from __future__ import annotations

from datetime import datetime

from workshop.allocation import placing
from workshop.allocation.free_time import FreeTime
from workshop.allocation.models import Allocation
from workshop.errors import N_, Missing
from workshop.shop import calendar, rules
from workshop.shop.models import Technician


def missing_to_help(
    free: FreeTime, lead: Allocation, technician: Technician, at: datetime
) -> list[Missing]:
    """Why a technician cannot help with this piece of work: nothing, or the first reason.

    `free` looks through the time of this piece itself.
    """
    place = placing.beside(lead, technician, at)
    day = calendar.local_day(free.branch, lead.starts_at)
    hours = free.table.shifts(lead.technician_id, day)
    worked = rules.intersect([(place.helped_from, lead.ends_at)], hours)
    if placing.is_away(free, technician, worked, at):
        return [Missing(N_("not at work then"), "away")]
    taken = placing.find_taken(free, technician, (place.helped_from, lead.blocked_until))
    if taken is None:
        return []
    return [Missing(N_("taken until %(until)s"), "taken", {"until": taken[1]})]
