"""The watch: each minute it holds the plan against what happens, and says what is not as planned.

It only informs: nothing on the board moves by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from workshop import db, events
from workshop.db import session
from workshop.errors import N_, NotFound, RuleBroken
from workshop.orders.models import Job, JobState, OrderChanged
from workshop.orders.stages import PERMITS, Action, Stage, permits
from workshop.shop import allocations, calendar
from workshop.shop.models import Allocation, Branch
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.lounge import queries as lounge
from workshop.steps.scheduling import queries, rules
from workshop.steps.scheduling.models import FolderState
from workshop.steps.scheduling.replanning.models import Cause, PlanReason
from workshop.steps.scheduling.watch import outlook
from workshop.steps.scheduling.watch.models import AlarmKind, WatchAlarm
from workshop.steps.scheduling.watch.outlook import Outlook

_FOLDER = timedelta(minutes=rules.FOLDER_MINUTES)
# Until then the advisor has looked at the car, and the folder with it.
_FOLDER_STAGES = PERMITS[Action.SCHEDULE] | {Stage.QUALITY_CHECK}
_KINDS = list(AlarmKind)


@dataclass(frozen=True)
class Found:
    """A fact that calls for an alarm."""

    kind: AlarmKind
    order_id: int
    due_at: datetime
    job_id: int | None = None
    until_at: datetime | None = None
    cause_job_id: int | None = None
    absent_technician_id: int | None = None

    @property
    def subject(self) -> str:
        about_order = self.kind in (AlarmKind.PROMISE, AlarmKind.REPORT_DUE)
        return f"R{self.order_id}" if about_order else f"J{self.job_id}"


def look_after(branch: Branch, *, at: datetime) -> list[WatchAlarm]:
    """Raise what is new, keep what goes on, clear what is gone; the alarms that are open now."""
    db.lock("watch", branch.id)
    known = {(each.kind, each.subject): each for each in list_open(branch)}
    found = {(each.kind, each.subject): each for each in find_facts(branch, at)}
    for key, alarm in known.items():
        if key not in found:
            alarm.cleared_at = at
            _tell(alarm, at)
    for key, fact in found.items():
        _keep(known.get(key), fact, branch, at)
    session.flush()
    return list_open(branch)


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
        _tell(alarm, at)
    alarm.job_id, alarm.cause_job_id = fact.job_id, fact.cause_job_id
    alarm.due_at, alarm.until_at = fact.due_at, fact.until_at
    alarm.absent_technician_id = fact.absent_technician_id


def _tell(alarm: WatchAlarm, at: datetime) -> None:
    events.record(OrderChanged(alarm.order_id, alarm.branch_id, at))


def list_open(branch: Branch, advisor: User | None = None) -> list[WatchAlarm]:
    """The alarms whose facts still stand, the worst first; of one advisor's cars if given."""
    query = select(WatchAlarm).where(
        WatchAlarm.branch_id == branch.id, WatchAlarm.cleared_at.is_(None)
    )
    found = list(session.scalars(query.order_by(WatchAlarm.id)).unique())
    if advisor is not None:
        found = [each for each in found if each.order.advisor_id == advisor.id]
    return sorted(found, key=_place)


def list_late_ids(branch: Branch) -> set[int]:
    """The orders whose promise the forecast sees broken."""
    query = select(WatchAlarm.order_id).where(
        WatchAlarm.branch_id == branch.id,
        WatchAlarm.cleared_at.is_(None),
        WatchAlarm.kind == AlarmKind.PROMISE,
    )
    return set(session.scalars(query))


def _place(alarm: WatchAlarm) -> tuple[bool, int, bool, datetime]:
    """What nobody has seen first, then by kind; a customer who waits here goes before one away."""
    seen = alarm.acknowledged_at is not None
    return seen, _KINDS.index(alarm.kind), not alarm.order.stays, alarm.due_at


@dataclass(frozen=True)
class Shown:
    """An open alarm as pages show it: what to ask the planner, and what its stage lets be done."""

    alarm: WatchAlarm
    branch: Branch

    @property
    def replan(self) -> dict[str, str]:
        return replan_query(self.alarm, self.branch)

    @property
    def may_replan(self) -> bool:
        return permits(self.alarm.order.stage, Action.SCHEDULE)

    @property
    def may_tell(self) -> bool:
        return permits(self.alarm.order.stage, Action.CARE)


def list_shown(branch: Branch, advisor: User | None = None) -> list[Shown]:
    """The open alarms with their ways out, the worst first."""
    return [Shown(each, branch) for each in list_open(branch, advisor)]


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
    """Somebody has seen it and sees to it; it stands until its fact is gone.

    Raises RuleBroken when it is gone, or when somebody else sees to it already.
    """
    staff.require_permission(by, Permission.SCHEDULE)
    db.lock("watch", alarm.branch_id)
    session.refresh(alarm)
    if alarm.cleared_at is not None:
        raise RuleBroken(N_("This alarm is over already."), code="cleared")
    if alarm.acknowledged_by is not None:
        name = alarm.acknowledged_by.display_name
        raise RuleBroken(N_("%(name)s sees to it already."), code="acknowledged", name=name)
    alarm.acknowledged_at, alarm.acknowledged_by_id = at, by.id
    audit.write(by, "scheduling.acknowledge", alarm, at, kind=alarm.kind.value)
    _tell(alarm, at)


def cause_of(alarm: WatchAlarm) -> Cause:
    """What to tell the planner about it."""
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


def find_facts(branch: Branch, at: datetime) -> Iterator[Found]:
    """Everything that is not as planned, promised or agreed at this moment."""
    seen = outlook.look(branch, at)
    yield from _promises(seen)
    for job_id, live in seen.lives.items():
        yield from _times(seen, seen.jobs[job_id], live)
    yield from _parts(seen)
    for due in lounge.list_due_reports(branch, at):
        yield Found(AlarmKind.REPORT_DUE, due.order.id, due.due_at)
    yield from _folders(branch, seen)


def _promises(seen: Outlook) -> Iterator[Found]:
    for car in seen.cars:
        if car.is_at_risk and car.due_at is not None:
            yield Found(
                AlarmKind.PROMISE,
                car.order.id,
                car.due_at,
                until_at=car.finish_at,
                cause_job_id=car.cause.id if car.cause else None,
            )


def _times(seen: Outlook, job: Job, live: Allocation) -> Iterator[Found]:
    """N5: all work starts on time, and ends on time."""
    starts_at, ends_at = seen.spans[job.id]
    if job.state is JobState.WAITING and seen.at > live.starts_at:
        # Without the second technician it does not begin either, as it was planned.
        team = (live.technician_id, seen.helpers.get(job.id))
        away = next((each for each in team if each in seen.away), None)
        yield Found(
            AlarmKind.LATE_START,
            job.order_id,
            live.starts_at,
            job_id=job.id,
            until_at=starts_at,
            absent_technician_id=away,
        )
    if job.state is not JobState.WAITING and seen.at > live.ends_at:
        yield Found(AlarmKind.OVERRUN, job.order_id, live.ends_at, job_id=job.id, until_at=ends_at)


def _parts(seen: Outlook) -> Iterator[Found]:
    """Work that is planned before its parts come, the car's first such job."""
    told: set[int] = set()
    for job_id, live in seen.lives.items():
        job = seen.jobs[job_id]
        if job.order_id not in seen.expected or job.order_id in told:
            continue
        comes_at = seen.expected[job.order_id]
        if job.state is not JobState.RUNNING and (comes_at is None or comes_at > live.starts_at):
            told.add(job.order_id)
            yield Found(
                AlarmKind.PART_LATE, job.order_id, live.starts_at, job_id=job_id, until_at=comes_at
            )


def _folders(branch: Branch, seen: Outlook) -> Iterator[Found]:
    """N3: taken in the quarter before the start. N4: back a quarter before the planned end."""
    day = calendar.local_day(branch, seen.at)
    planned = {each.job_id: each for each in allocations.list_for_day(branch, day)} | seen.lives
    jobs = queries.jobs_of(planned.values())
    folders = queries.folders_of(jobs)
    for job_id, each in planned.items():
        job, folder = jobs[job_id], folders.get(job_id)
        if folder is None or job.order.stage not in _FOLDER_STAGES:
            continue
        is_left = folder.state in (FolderState.PREPARED, FolderState.ON_RACK)
        if is_left and job.state is JobState.WAITING and seen.at >= each.starts_at - _FOLDER:
            yield Found(AlarmKind.FOLDER_NOT_TAKEN, job.order_id, each.starts_at, job_id=job_id)
        if folder.state is FolderState.TAKEN and seen.at >= each.ends_at - _FOLDER:
            yield Found(AlarmKind.FOLDER_NOT_BACK, job.order_id, each.ends_at, job_id=job_id)
