"""Putting attendance right: a new version with a reason beside the old one, never over it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from workshop import db, events
from workshop.attendance import presence, rules
from workshop.attendance.models import Attendance, AttendanceBreak, PresenceChanged
from workshop.db import session
from workshop.errors import N_, Conflict, Invalid, NotFound, RuleBroken, Way
from workshop.shop.models import Branch, Technician
from workshop.shop.rules import Span
from workshop.shop.separation import service as separation
from workshop.shop.separation.rules import Apart, Ruling
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission


def get_stay(stay_id: int, branch: Branch) -> Attendance:
    """A stay of this branch's technicians; raises NotFound."""
    stay = session.get(Attendance, stay_id)
    if stay is None or stay.technician.branch_id != branch.id:
        raise NotFound(N_("There is no such attendance."))
    return stay


def correct(
    stay: Attendance,
    started_at: datetime,
    ended_at: datetime | None,
    breaks: Sequence[Span],
    reason: str,
    *,
    by: User,
    at: datetime,
) -> Attendance:
    """Replace a stay by what it really was; the old one stays readable.

    `ended_at` is None for who is still here; a break that goes on goes on. Raises Conflict when
    somebody else corrected it meanwhile, NotAllowed for one's own hours, Invalid for times out of
    order or without a reason, RuleBroken when two stays would overlap.
    """
    ruling = _require_right(stay.technician, by)
    session.refresh(stay)
    if stay.replaced_at is not None:
        raise Conflict(N_("Somebody else has corrected this meanwhile. Look at it again."))
    if ended_at is None and stay.ended_at is not None:
        raise Invalid(N_("Give the time."), field="ended")
    new = _make(stay.technician, (started_at, ended_at), breaks, reason, by, at)
    was = _as_text(stay)
    if ended_at is None:
        new.breaks += [
            AttendanceBreak(started_at=each.started_at)
            for each in stay.breaks
            if each.ended_at is None
        ]
    new.corrects_id = stay.id
    stay.replaced_at = at
    session.flush()
    return _keep(new, "shop.correct_attendance", ruling, by, at, was=was)


def add_stay(
    technician: Technician,
    started_at: datetime,
    ended_at: datetime | None,
    breaks: Sequence[Span],
    reason: str,
    *,
    by: User,
    at: datetime,
) -> Attendance:
    """Write down a stay that was never clocked; raises as `correct` does."""
    ruling = _require_right(technician, by)
    if ended_at is None:
        raise Invalid(N_("Give the time."), field="ended")
    new = _make(technician, (started_at, ended_at), breaks, reason, by, at)
    return _keep(new, "shop.add_attendance", ruling, by, at)


def judge(technician: Technician, by: User) -> Ruling:
    """What stands against this person's correction: nobody corrects their own hours."""
    branch = session.get_one(Branch, technician.branch_id)
    message = N_("Nobody corrects their own hours.")
    return separation.judge_other(branch, Apart.OWN_HOURS, by, [technician.user_id], message)


def _require_right(technician: Technician, by: User) -> Ruling:
    staff.require_permission(by, Permission.CORRECT_ATTENDANCE)
    ruling = judge(technician, by)
    refusal = separation.refusal_of(ruling)
    if refusal is not None:
        raise refusal
    db.lock("technician", technician.id)
    return ruling


def _make(
    technician: Technician,
    span: tuple[datetime, datetime | None],
    breaks: Sequence[Span],
    reason: str,
    by: User,
    at: datetime,
) -> Attendance:
    started_at, ended_at = span
    if not reason.strip():
        raise Invalid(N_("Say why."), field="reason")
    _check(started_at, ended_at or at, breaks, at)
    return Attendance(
        technician_id=technician.id,
        technician=technician,
        started_at=started_at,
        ended_at=ended_at,
        made_at=at,
        made_by_id=by.id,
        ended_by_id=by.id if ended_at else None,
        reason=reason.strip()[:200],
        breaks=[AttendanceBreak(started_at=a, ended_at=b) for a, b in sorted(breaks)],
    )


def _check(started_at: datetime, ended_at: datetime, breaks: Sequence[Span], at: datetime) -> None:
    if ended_at <= started_at:
        raise Invalid(N_("The end must come after the start."), field="ended")
    if ended_at - started_at > rules.LONGEST_STAY:
        hours = int(rules.LONGEST_STAY.total_seconds() // 3600)
        raise Invalid(N_("Nobody is here for more than %(hours)s h."), field="ended", hours=hours)
    if ended_at > at:
        raise Invalid(N_("This time has not come yet."), field="ended")
    wrong = rules.find_disorder((started_at, ended_at), breaks)
    if wrong is not None:
        message = N_("A break lies between coming and going, and beside no other break.")
        raise Invalid(message, field=f"break{wrong}_until")


def _keep(
    new: Attendance, action: str, ruling: Ruling, by: User, at: datetime, **details: str
) -> Attendance:
    _refuse_overlap(new, at)
    session.add(new)
    # The correction has a reason of its own; where it is an exception, that is its reason too.
    branch = session.get_one(Branch, new.technician.branch_id)
    separation.note(ruling, new, branch, new.reason, by=by, at=at)
    audit.write(by, action, new, at, reason=new.reason, now=_as_text(new), **details)
    session.flush()
    events.record(PresenceChanged(new.technician_id, new.technician.branch_id, at))
    return new


def _refuse_overlap(new: Attendance, at: datetime) -> None:
    for each in presence.list_stays([new.technician], (new.started_at, new.ended_at or at)):
        if each.ended_at is None or each.ended_at > new.started_at:
            raise RuleBroken(
                N_("There is another attendance from %(since)s in this time. Correct that one."),
                code="overlap",
                way=Way(
                    "attendance.show",
                    N_("Open the hours"),
                    {"technician_id": new.technician_id},
                ),
                since=each.started_at,
            )


def _as_text(stay: Attendance) -> str:
    """The stay in words that JSON can hold, for the audit trail."""
    spans = [(stay.started_at, stay.ended_at), *((e.started_at, e.ended_at) for e in stay.breaks)]
    whole, *pauses = (f"{a.isoformat()}/{b.isoformat() if b else ''}" for a, b in spans)
    return whole + (f" ({', '.join(pauses)})" if pauses else "")
