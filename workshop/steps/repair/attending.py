"""Coming and going of who works on cars: the clock on a car stops before the person leaves it."""

from __future__ import annotations

from datetime import datetime

from workshop.allocation.models import TeamRole
from workshop.attendance import presence
from workshop.attendance import service as attendance
from workshop.attendance.presence import State
from workshop.db import session
from workshop.errors import N_, RuleBroken
from workshop.shop import absences
from workshop.shop.models import Absence, Technician
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.repair import helping, queries, work
from workshop.steps.repair.models import WorkSession
from workshop.steps.repair.phone import agenda
from workshop.steps.repair.rules import PauseReason


def arrive(by: User, at: datetime) -> None:
    """Clock in; raises RuleBroken for who is here already."""
    technician = get_mine(by)
    attendance.clock_in(technician, last_seen_at=find_last_seen(technician), by=by, at=at)


def take_break(by: User, at: datetime) -> None:
    """Go on a break; the job in hand rests for it."""
    technician = get_mine(by)
    _rest(technician, PauseReason.BREAK, by, at)
    attendance.start_break(technician, by=by, at=at)
    _require_no_clock(technician)


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
    """Clock out; the job in hand rests until it is gone on with."""
    technician = get_mine(by)
    _rest(technician, PauseReason.BREAK, by, at)
    attendance.clock_out(technician, by=by, at=at)
    _require_no_clock(technician)


def send_home(
    technician: Technician, until: datetime, reason: str, *, by: User, at: datetime
) -> Absence:
    """The technician falls ill, or must leave: absent from now on, clocked out, the job rests.

    What is planned for them stays where it is, and shows as a conflict until somebody re-plans.
    Raises Invalid without a reason or when `until` lies behind.
    """
    staff.require_permission(by, Permission.SCHEDULE)
    absence = absences.add_absence(technician, at, until, reason, by=by, at=at)
    _rest(technician, PauseReason.ABSENT, by, at)
    if presence.of(technician, at).is_clocked_in:
        attendance.clock_out(technician, by=by, at=at)
    _require_no_clock(technician)
    return absence


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


def _rest(technician: Technician, reason: PauseReason, by: User, at: datetime) -> None:
    running = queries.find_running_session(technician)
    if running is None:
        return
    if running.role is TeamRole.ASSISTANT:
        helping.stop(running.job, by, at)
    else:
        work.pause(running.job, reason, by, at)
    session.flush()


def _require_no_clock(technician: Technician) -> None:
    """Who pressed “Start” on another phone at the same moment is asked to press again."""
    running: WorkSession | None = queries.find_running_session(technician)
    if running is not None:
        raise RuleBroken(
            N_("Your clock is running on %(plate)s. Pause or finish that job first."),
            code="other_running",
            plate=running.job.order.vehicle.plate,
        )
