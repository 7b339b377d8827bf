"""Coming and going: clock in, break, back, clock out. What was forgotten is shown, not made up.

Who is at work on a car stops its clock first; the step of the repair sees to that.
"""

from __future__ import annotations

from datetime import datetime

from workshop import db, events
from workshop.attendance import presence, rules, stays
from workshop.attendance.forgotten import is_forgotten
from workshop.attendance.models import Attendance, AttendanceBreak, PresenceChanged
from workshop.attendance.presence import State
from workshop.db import session
from workshop.errors import N_, NotAllowed, RuleBroken, Way
from workshop.shop import calendar
from workshop.shop.models import Branch, Technician
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission


def clock_in(
    technician: Technician, *, last_seen_at: datetime | None = None, by: User, at: datetime
) -> Attendance:
    """The technician has come.

    A clock-out that was forgotten on an earlier day is assumed by rule, not before the last thing
    known of the person (`last_seen_at`), and marked so that somebody corrects it. Raises
    RuleBroken when the person is here already, NotAllowed for anybody who may not say it.
    """
    _prepare(technician, by)
    here = presence.of(technician, at)
    forgotten = presence.find_open(technician)
    if forgotten is not None and _is_of_another_day(forgotten, at):
        stays.assume_end(forgotten, last_seen_at, by=by, at=at)
    elif here.is_clocked_in:
        raise RuleBroken(
            N_("%(name)s is clocked in already, since %(since)s."),
            code="clocked_in",
            name=technician.name,
            since=here.stay.started_at if here.stay else at,
        )
    stay = Attendance(
        technician_id=technician.id, started_at=at, made_at=at, made_by_id=by.id, breaks=[]
    )
    session.add(stay)
    _note(technician, "shop.clock_in", stay, by, at)
    return stay


def start_break(technician: Technician, *, by: User, at: datetime) -> AttendanceBreak:
    """The technician goes on a break; raises RuleBroken for who is not here or is on one."""
    stay = _get_open(technician, by, at)
    _require_at_work(technician, at)
    pause = AttendanceBreak(attendance_id=stay.id, started_at=at)
    stay.breaks.append(pause)
    _note(technician, "shop.start_break", stay, by, at)
    return pause


def end_break(technician: Technician, *, by: User, at: datetime) -> None:
    """The technician is back; raises RuleBroken for who is on no break."""
    stay = _get_open(technician, by, at)
    pause = stays.find_open_break(stay)
    if pause is None:
        raise RuleBroken(N_("%(name)s is on no break."), code="no_break", name=technician.name)
    pause.ended_at = max(at, pause.started_at)
    _note(technician, "shop.end_break", stay, by, at)


def clock_out(technician: Technician, *, by: User, at: datetime) -> Attendance:
    """The technician goes home, from work or from a break; RuleBroken for who is not here."""
    stay = _get_open(technician, by, at)
    stays.end(stay, at, by)
    _note(technician, "shop.clock_out", stay, by, at)
    return stay


def require_here(technician: Technician, at: datetime) -> None:
    """Raise RuleBroken unless the technician may work at this moment: clocked in, on no break."""
    here = presence.of(technician, at)
    if here.state is State.ON_BREAK:
        raise RuleBroken(
            N_("%(name)s is on a break since %(since)s. First comes “Back from break”."),
            code="on_break",
            way=Way("repair.phone", N_("Open my jobs")),
            name=technician.name,
            since=here.since,
        )
    if not here.is_here:
        raise RuleBroken(
            N_("%(name)s is not clocked in. First comes “Clock in”."),
            code="not_clocked_in",
            way=Way("repair.phone", N_("Open my jobs")),
            name=technician.name,
        )


def _require_at_work(technician: Technician, at: datetime) -> None:
    here = presence.of(technician, at)
    if here.state is State.ON_BREAK:
        raise RuleBroken(
            N_("%(name)s is on a break already, since %(since)s."),
            code="on_break",
            way=Way("repair.phone", N_("Open my jobs")),
            name=technician.name,
            since=here.since,
        )


def _prepare(technician: Technician, by: User) -> None:
    """Only the person, or who runs the board for somebody without a phone, says it; in turn."""
    is_own = technician.user_id == by.id
    if not is_own and not by.may(Permission.SCHEDULE):
        raise NotAllowed(N_("Everybody clocks in and out for themselves."), code="not_own")
    if is_own:
        staff.require_permission(by, Permission.WORK)
    db.lock("technician", technician.id)


def _get_open(technician: Technician, by: User, at: datetime) -> Attendance:
    _prepare(technician, by)
    stay = presence.find_open(technician)
    is_stale = stay is not None and at - stay.started_at >= rules.LONGEST_STAY
    if stay is None or is_stale:
        raise RuleBroken(
            N_("%(name)s is not clocked in."), code="not_clocked_in", name=technician.name
        )
    return stay


def _is_of_another_day(stay: Attendance, at: datetime) -> bool:
    branch = session.get_one(Branch, stay.technician.branch_id)
    days = {calendar.local_day(branch, each) for each in (stay.started_at, at)}
    return len(days) > 1 and is_forgotten(stay, at)


def _note(technician: Technician, action: str, stay: Attendance, by: User, at: datetime) -> None:
    audit.write(by, action, stay, at, technician_id=technician.id)
    session.flush()
    events.record(PresenceChanged(technician.id, technician.branch_id, at))
