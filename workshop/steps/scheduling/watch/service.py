"""The watch: each minute it holds the plan against what happens, and says what is not as planned.

It only informs: nothing on the board moves by itself.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from workshop import db, events
from workshop.db import session
from workshop.errors import N_, Invalid, NotFound, RuleBroken
from workshop.orders.models import Job, JobState, OrderChanged, RepairOrder
from workshop.shop.models import Branch
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.scheduling import queries, rules
from workshop.steps.scheduling.replanning.models import Cause, PlanReason
from workshop.steps.scheduling.watch import facts as watch_facts
from workshop.steps.scheduling.watch import forecasting, outlook
from workshop.steps.scheduling.watch.facts import Found
from workshop.steps.scheduling.watch.models import AlarmKind, WatchAlarm

_KINDS = list(AlarmKind)


def look_after(branch: Branch, *, at: datetime) -> list[WatchAlarm]:
    """Raise what is new, keep what goes on, clear what is gone; the alarms that are open now."""
    db.lock("watch", branch.id)
    known = {(each.kind, each.subject): each for each in list_open(branch)}
    seen = outlook.look(branch, at)
    forecasting.keep(seen)
    found = {(each.kind, each.subject): each for each in watch_facts.find_facts(branch, seen)}
    for key, alarm in known.items():
        if key not in found:
            alarm.cleared_at = at
            _announce(alarm, at)
    for key, fact in found.items():
        _keep(known.get(key), fact, branch, at)
    session.flush()
    return list_open(branch)


def _come_back(alarm: WatchAlarm, at: datetime) -> None:
    """What was put off is new again when its time has come; what got worse meanwhile is at once."""
    if alarm.later_until is not None and alarm.worse_at is not None:
        alarm.later_until = None
    if alarm.later_until is None or alarm.later_until > at:
        return
    alarm.later_until = alarm.acknowledged_at = alarm.acknowledged_by_id = None
    alarm.acknowledged_by = None
    alarm.seen_minutes, alarm.seen_happened = None, False
    _announce(alarm, at)


def _keep(alarm: WatchAlarm | None, fact: Found, branch: Branch, at: datetime) -> None:
    if alarm is None:
        alarm = WatchAlarm(
            branch_id=branch.id,
            kind=fact.kind,
            subject=fact.subject,
            order_id=fact.order_id,
            raised_at=at,
        )
        session.add(alarm)
        _announce(alarm, at)
    alarm.job_id, alarm.cause_job_id = fact.job_id, fact.cause_job_id
    alarm.due_at, alarm.until_at = fact.due_at, fact.until_at
    alarm.absent_technician_id = fact.absent_technician_id
    if alarm.is_seen and _is_worse(alarm, branch, at):
        alarm.worse_at = at
        _announce(alarm, at)
    _come_back(alarm, at)


def _is_worse(alarm: WatchAlarm, branch: Branch, at: datetime) -> bool:
    now = _gravity(alarm, branch, at)
    return rules.is_worse(alarm.seen, now, step_minutes=branch.buffer_minutes)


def _gravity(alarm: WatchAlarm, branch: Branch, at: datetime) -> rules.Gravity:
    """How bad it is now; what is not measured in minutes is only a warning, or has happened."""
    until_at = alarm.until_at
    if until_at is None and alarm.kind is not AlarmKind.PART_LATE:
        until_at = alarm.due_at
    late_from = _late_from(alarm, branch)
    return rules.gravity(alarm.due_at, until_at, late_from=late_from, now=at)


def _late_from(alarm: WatchAlarm, branch: Branch) -> datetime | None:
    """From when on an alarm is no warning any more; None for what is late from the start."""
    if alarm.kind is AlarmKind.PROMISE:
        return alarm.order.promised_at
    if alarm.kind is AlarmKind.REPORT_DUE:
        return alarm.due_at + timedelta(minutes=branch.report_every_minutes)
    if alarm.kind in (AlarmKind.OVERRUN, AlarmKind.LATE_START):
        return None
    return alarm.due_at


def _announce(alarm: WatchAlarm, at: datetime) -> None:
    events.record(OrderChanged(alarm.order_id, alarm.branch_id, at))


def list_open(branch: Branch) -> list[WatchAlarm]:
    """The alarms whose facts still stand, the worst first."""
    query = select(WatchAlarm).where(
        WatchAlarm.branch_id == branch.id, WatchAlarm.cleared_at.is_(None)
    )
    found = list(session.scalars(query.order_by(WatchAlarm.id)).unique())
    return sorted(found, key=_place)


def list_unseen(alarm: WatchAlarm) -> list[WatchAlarm]:
    """What else of the same car nobody sees to."""
    query = select(WatchAlarm).where(
        WatchAlarm.order_id == alarm.order_id, WatchAlarm.cleared_at.is_(None)
    )
    found = session.scalars(query.order_by(WatchAlarm.id)).unique()
    return [each for each in found if not each.is_seen]


def list_late_ids(branch: Branch) -> set[int]:
    """The orders whose promise the forecast sees broken."""
    query = select(WatchAlarm.order_id).where(
        WatchAlarm.branch_id == branch.id,
        WatchAlarm.cleared_at.is_(None),
        WatchAlarm.kind == AlarmKind.PROMISE,
    )
    return set(session.scalars(query))


def _place(alarm: WatchAlarm) -> tuple[bool, int, bool, datetime]:
    """What nobody sees to first, then by kind; a customer who waits here goes before one away."""
    return alarm.is_seen, _KINDS.index(alarm.kind), not alarm.order.stays, alarm.due_at


def replan_query(alarm: WatchAlarm, branch: Branch) -> dict[str, str]:
    """What fills in the question to the planner, as the query of its address."""
    cause = cause_of(alarm)
    until = cause.until.astimezone(ZoneInfo(branch.zone)) if cause.until else None
    given = {
        "job_id": cause.job_id,
        "technician_id": cause.technician_id,
        "minutes": cause.minutes or None,
        "until": until.strftime("%Y-%m-%dT%H:%M") if until else None,
    }
    known = {name: str(value) for name, value in given.items() if value is not None}
    return {"reason": cause.reason.value, **known}


def get_alarm(branch: Branch, alarm_id: int) -> WatchAlarm:
    """An alarm of this branch; raises NotFound."""
    alarm = session.get(WatchAlarm, alarm_id)
    if alarm is None or alarm.branch_id != branch.id:
        raise NotFound(N_("There is no such alarm."))
    return alarm


def acknowledge(alarm: WatchAlarm, *, by: User, at: datetime) -> None:
    """Somebody has seen it and sees to it; it stands until its fact is gone, or gets worse.

    Raises RuleBroken when it is gone, or when somebody else sees to it already.
    """
    staff.require_permission(by, Permission.SCHEDULE)
    db.lock("watch", alarm.branch_id)
    session.refresh(alarm)
    if alarm.cleared_at is not None:
        raise RuleBroken(N_("This alarm is over already."), code="cleared")
    if alarm.is_seen and alarm.acknowledged_by is not None:
        name = alarm.acknowledged_by.display_name
        raise RuleBroken(N_("%(name)s sees to it already."), code="acknowledged", name=name)
    _see(alarm, by, at)
    audit.write(by, "scheduling.acknowledge", alarm, at, kind=alarm.kind.value)
    _announce(alarm, at)


def put_off(
    branch: Branch, order: RepairOrder, minutes: int, *, by: User, at: datetime
) -> datetime:
    """Hear nothing of a car's alarms for so many minutes, unless one gets worse.

    They come back by themselves. Raises RuleBroken when there are none any more, Invalid for a
    time that is not offered.
    """
    staff.require_permission(by, Permission.SCHEDULE)
    if minutes not in rules.LATER_MINUTES:
        raise Invalid(N_("Choose one of the times."), field="minutes")
    db.lock("watch", branch.id)
    found = [each for each in list_open(branch) if each.order_id == order.id]
    if not found:
        raise RuleBroken(N_("This alarm is over already."), code="cleared")
    until = at + timedelta(minutes=minutes)
    for alarm in found:
        _see(alarm, by, at)
        alarm.later_until = until
    audit.write(by, "scheduling.put_off", order, at, until=until.isoformat(), count=len(found))
    _announce(found[0], at)
    return until


def _see(alarm: WatchAlarm, by: User, at: datetime) -> None:
    alarm.acknowledged_at, alarm.acknowledged_by_id = at, by.id
    alarm.acknowledged_by, alarm.later_until = by, None
    seen = _gravity(alarm, session.get_one(Branch, alarm.branch_id), at)
    alarm.seen_minutes, alarm.seen_happened, alarm.worse_at = seen.minutes, seen.has_happened, None


def cause_of(alarm: WatchAlarm) -> Cause:
    """What the planner is asked about it."""
    if alarm.absent_technician_id is not None:
        return Cause(PlanReason.ABSENT, technician_id=alarm.absent_technician_id)
    if alarm.kind is AlarmKind.PART_LATE:
        return Cause(PlanReason.PART_LATE, job_id=alarm.job_id, until=alarm.until_at)
    job = alarm.cause_job if alarm.kind is AlarmKind.PROMISE else alarm.job
    if job is not None and job.state in (JobState.RUNNING, JobState.PAUSED):
        return Cause(PlanReason.OVERRUN, job_id=job.id, minutes=_longer(alarm, job))
    return Cause(PlanReason.IMPROVE)


def _longer(alarm: WatchAlarm, job: Job) -> int:
    """By how much the job is longer, in quarters of an hour: one more than it is over already."""
    live = queries.find_live(job)
    own = alarm.kind is AlarmKind.OVERRUN and alarm.until_at is not None
    ends_at = alarm.until_at if own else alarm.raised_at
    if live is None or ends_at is None:
        return 15
    over = max(0, int((ends_at - live.ends_at).total_seconds() // 60))
    return 15 * (over // 15 + 1)
