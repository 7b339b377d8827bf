"""Who falls ill or must leave: absent from now on, clocked out, and no clock runs on a car."""

from __future__ import annotations

from datetime import datetime

from workshop.attendance import car_clock, presence, service
from workshop.shop import absences
from workshop.shop.models import Absence, Technician
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission


def send_home(
    technician: Technician, until: datetime, reason: str, *, by: User, at: datetime
) -> Absence:
    """The technician falls ill, or must leave: absent from now on, clocked out, the job rests.

    What is planned for them stays where it is, and shows as a conflict until somebody re-plans.
    Raises Invalid without a reason or when `until` lies behind.
    """
    staff.require_permission(by, Permission.SCHEDULE)
    absence = absences.add_absence(technician.user, at, until, reason, by=by, at=at)
    cars = car_clock.find()
    if cars is not None:
        cars.rest(technician, by, at)
    if presence.of(technician, at).is_clocked_in:
        service.clock_out(technician, by=by, at=at)
    if cars is not None:
        cars.require_stopped(technician)
    return absence
