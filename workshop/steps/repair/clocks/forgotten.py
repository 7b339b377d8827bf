"""A clock that nobody stopped ends with the day; the end is a guess until somebody confirms it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from workshop.attendance import corrections
from workshop.attendance.models import Attendance
from workshop.db import session
from workshop.errors import N_, Conflict, Invalid, NotFound
from workshop.orders.flow import Stage
from workshop.orders.models import JobState, RepairOrder
from workshop.shop import calendar
from workshop.shop.models import Branch, Technician
from workshop.shop.separation import service as separation
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.repair import queries
from workshop.steps.repair.models import ClockCorrection, WorkSession
from workshop.steps.repair.rules import PauseReason
from workshop.steps.scheduling.dispatch import pauses


def end_forgotten(branch: Branch, *, at: datetime) -> list[WorkSession]:
    """End every clock of an earlier day: with the clock-out, else with the shift of its day."""
    today = calendar.day_span(branch, calendar.local_day(branch, at))[0]
    query = (
        select(WorkSession)
        .join(Technician, Technician.id == WorkSession.technician_id)
        .where(
            Technician.branch_id == branch.id,
            WorkSession.ended_at.is_(None),
            WorkSession.started_at < today,
        )
    )
    found = list(session.scalars(query.order_by(WorkSession.id)))
    for each in found:
        _end(each, branch, at)
    return found


def _end(forgotten: WorkSession, branch: Branch, at: datetime) -> None:
    ends_at = _assumed_end(forgotten, branch)
    forgotten.ended_at, forgotten.is_end_assumed = ends_at, True
    forgotten.pause_reason = PauseReason.ABSENT
    session.flush()
    audit.write(None, "repair.assume_clock_end", forgotten, at, ended_at=ends_at.isoformat())
    job = forgotten.job
    if job.state is JobState.RUNNING and queries.find_open_session(job) is None:
        job.state = JobState.PAUSED
        pauses.begin(job, at=at)
        _rest_order(job.order, at)


def _rest_order(order: RepairOrder, at: datetime) -> None:
    states = {each.state for each in queries.list_unfinished(order)}
    if states == {JobState.PAUSED} and order.stage is Stage.REPAIR:
        order.move_to(Stage.PAUSED, None, at, PauseReason.ABSENT.label)


def _assumed_end(forgotten: WorkSession, branch: Branch) -> datetime:
    started_at = forgotten.started_at
    left = select(func.min(Attendance.ended_at)).where(
        Attendance.technician_id == forgotten.technician_id,
        Attendance.replaced_at.is_(None),
        Attendance.is_end_assumed.is_(False),
        Attendance.started_at <= started_at,
        Attendance.ended_at >= started_at,
    )
    day = calendar.local_day(branch, started_at)
    shifts = [ends for _, ends in calendar.shifts(forgotten.technician, day) if ends > started_at]
    return session.scalar(left) or max(shifts, default=started_at)


def list_unconfirmed(branch: Branch) -> list[WorkSession]:
    """The clocks whose end is a guess, the newest first; no rate counts them."""
    query = (
        select(WorkSession)
        .join(Technician, Technician.id == WorkSession.technician_id)
        .where(Technician.branch_id == branch.id, WorkSession.is_end_assumed.is_(True))
        .order_by(WorkSession.started_at.desc())
    )
    return [each for each in session.scalars(query) if each.is_unconfirmed]


def list_confirmed(branch: Branch, since: datetime) -> list[WorkSession]:
    """The clocks whose end somebody has confirmed since then, the newest first."""
    query = (
        select(WorkSession)
        .join(WorkSession.correction)
        .join(Technician, Technician.id == WorkSession.technician_id)
        .where(
            Technician.branch_id == branch.id,
            # Named once more by itself, so that the few corrections are looked at first.
            WorkSession.id.in_(
                select(ClockCorrection.work_session_id).where(ClockCorrection.at >= since)
            ),
        )
        .order_by(ClockCorrection.at.desc(), ClockCorrection.id.desc())
    )
    return list(session.scalars(query).unique())


def get_unconfirmed(branch: Branch, session_id: int) -> WorkSession:
    """A clock of this branch whose end is a guess; raises NotFound."""
    for each in list_unconfirmed(branch):
        if each.id == session_id:
            return each
    raise NotFound(N_("This clock needs no confirmation any more."))


def confirm(
    clock: WorkSession, ended_at: datetime, reason: str, *, by: User, at: datetime
) -> ClockCorrection:
    """Say when it really ended, and why nobody stopped it; the guess stays readable.

    Raises NotAllowed for one's own clock where the branch can keep two persons apart, Invalid
    without a reason or for a time that cannot be.
    """
    staff.require_permission(by, Permission.CORRECT_ATTENDANCE)
    ruling = corrections.judge(clock.technician, by)
    separation.require(ruling, reason)
    if not clock.is_unconfirmed:
        raise Conflict(N_("Somebody else has corrected this meanwhile. Look at it again."))
    if not reason.strip():
        raise Invalid(N_("Say why."), field="reason")
    _require_possible(clock, ended_at, at)
    made = ClockCorrection(
        work_session_id=clock.id, ended_at=ended_at, reason=reason.strip()[:200], at=at, by_id=by.id
    )
    session.add(made)
    session.flush()
    session.expire(clock)
    # The reason of the correction is that of the exception, where it is one.
    separation.note(ruling, made, clock.job.order.branch, made.reason, by=by, at=at)
    was = clock.ended_at.isoformat() if clock.ended_at else ""
    told: dict[str, object] = {"ended_at": ended_at.isoformat(), "was": was, "reason": made.reason}
    told |= separation.told(ruling, reason)
    audit.write(by, "repair.confirm_clock", clock, at, **told)
    return made


def _require_possible(clock: WorkSession, ended_at: datetime, at: datetime) -> None:
    if ended_at <= clock.started_at:
        raise Invalid(N_("The end must come after the start."), field="ended")
    following = select(func.min(WorkSession.started_at)).where(
        WorkSession.technician_id == clock.technician_id,
        WorkSession.started_at > clock.started_at,
    )
    if ended_at > min(session.scalar(following) or at, at):
        raise Invalid(N_("By then the next work had begun, or it is still to come."), field="ended")
