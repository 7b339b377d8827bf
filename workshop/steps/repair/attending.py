"""Coming and going of who works on cars: the clock on a car stops before the person leaves it."""

from __future__ import annotations

from datetime import datetime

from workshop.attendance import presence
from workshop.attendance import service as attendance
from workshop.attendance.presence import State
from workshop.errors import N_, RuleBroken
from workshop.shop.models import Technician
from workshop.staff.models import User
from workshop.steps.repair import car_clock, queries
from workshop.steps.repair.phone import agenda
from workshop.steps.repair.rules import PauseReason


def arrive(by: User, at: datetime) -> None:
    """Clock in; raises RuleBroken for who is here already."""
    technician = get_mine(by)
    attendance.clock_in(technician, last_seen_at=find_last_seen(technician), by=by, at=at)


def take_break(by: User, at: datetime) -> None:
    """Go on a break; the job in hand rests for it."""
    technician = get_mine(by)
    car_clock.rest(technician, PauseReason.BREAK, by, at)
    attendance.start_break(technician, by=by, at=at)
    car_clock.require_stopped(technician)


def come_back(by: User, at: datetime) -> None:
    """Be back from the break; the job that rested is gone on with by an act of its own."""
    attendance.end_break(get_mine(by), by=by, at=at)


def be_here(by: User, at: datetime) -> None:
    """Clock in, or come back from the break, whichever is needed to begin work at once."""
    here = presence.of(get_mine(by), at)
    if here.state is State.ON_BREAK:
        come_back(by, at)
    elif not here.is_here:
        arrive(by, at)


def go_home(by: User, at: datetime) -> None:
    """Clock out; the job in hand rests until somebody goes on with it."""
    technician = get_mine(by)
    car_clock.rest(technician, PauseReason.BREAK, by, at)
    attendance.clock_out(technician, by=by, at=at)
    car_clock.require_stopped(technician)


def get_mine(by: User) -> Technician:
    """The technician that this user is; raises RuleBroken for anybody else."""
    technician = agenda.find_technician(by)
    if technician is None:
        raise RuleBroken(N_("You are not on the list of technicians"), code="no_technician")
    return technician


def find_last_seen(technician: Technician) -> datetime | None:
    """The last thing known of the person: at the time clock, or at a car."""
    known = [presence.find_last_moment(technician), queries.find_last_work_at(technician)]
    return max((each for each in known if each is not None), default=None)
