"""What the step knows: sessions, points, checks, additional work, rework."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import lazyload

from workshop import together
from workshop.allocation import queries as allocation_queries
from workshop.allocation.models import TeamRole
from workshop.db import session
from workshop.errors import N_, NotFound
from workshop.orders.models import (
    Job,
    JobKind,
    JobState,
    RepairOrder,
)
from workshop.shop.models import Skill, Technician
from workshop.staff.models import User
from workshop.steps.quotation import queries as quotation
from workshop.steps.quotation.models import LineKind
from workshop.steps.quotation.taking_off import queries as taking_off
from workshop.steps.repair import rules
from workshop.steps.repair.models import (
    AdditionalWork,
    Inspection,
    ReworkOrder,
    WorkNote,
    WorkPoint,
    WorkSession,
)
from workshop.steps.repair.rules import Level, Point, ReworkKind
from workshop.steps.scheduling import queries as scheduling

UNFINISHED = (JobState.WAITING, JobState.RUNNING, JobState.PAUSED)


def get_job(job_id: int, branch_id: int) -> Job:
    """The job of this branch; raises NotFound."""
    job = session.get(Job, job_id)
    if job is None or job.order.branch_id != branch_id:
        raise NotFound(N_("There is no such job."))
    return job


def get_job_of(order: RepairOrder, job_id: int) -> Job:
    """A job of this order; raises NotFound."""
    job = get_job(job_id, order.branch_id)
    if job.order_id != order.id:
        raise NotFound(N_("There is no such job."))
    return job


def list_jobs(order: RepairOrder) -> list[Job]:
    """The order's jobs that were not cancelled, in their order."""
    return scheduling.list_jobs(order)


def list_unfinished(order: RepairOrder) -> list[Job]:
    """The order's jobs that are not done yet."""
    return [job for job in list_jobs(order) if job.state in UNFINISHED]


def find_running_session(technician: Technician) -> WorkSession | None:
    """What the technician's clock is running on."""
    query = select(WorkSession).where(
        WorkSession.technician_id == technician.id, WorkSession.ended_at.is_(None)
    )
    return session.scalars(query).one_or_none()


def find_last_work_at(technician: Technician) -> datetime | None:
    """When the technician was last known to be at a car: the clock, or a point ticked."""
    mine = WorkSession.technician_id == technician.id
    ticked = WorkPoint.by_id == technician.user_id
    known = [
        session.scalar(select(func.max(column)).where(condition))
        for column, condition in (
            (WorkSession.started_at, mine),
            (WorkSession.ended_at, mine),
            (WorkPoint.ticked_at, ticked),
        )
    ]
    return max((each for each in known if each is not None), default=None)


def find_open_session(job: Job) -> WorkSession | None:
    """The lead's clock that runs on the job."""
    query = _sessions_of(job).where(WorkSession.ended_at.is_(None))
    return session.scalars(query).one_or_none()


def list_sessions(job: Job) -> list[WorkSession]:
    """All stretches of the lead's work on the job, oldest first."""
    return list(session.scalars(_sessions_of(job).order_by(WorkSession.id)))


def _sessions_of(job: Job) -> Select[WorkSession]:
    lead = WorkSession.role == TeamRole.LEAD
    return select(WorkSession).where(WorkSession.job_id == job.id, lead)


def clocked_minutes(job: Job, at: datetime | None = None) -> int:
    """Minutes of the lead's work on the job; a running clock counts up to `at`, or not at all."""
    return minutes_of(list_sessions(job), at)


def minutes_of(sessions: Iterable[WorkSession], at: datetime | None = None) -> int:
    """Minutes that these clocks ran; one that still runs counts up to `at`, or not at all."""
    sure = [each for each in sessions if not each.is_unconfirmed]
    spans = [(each.started_at, each.counted_end or at) for each in sure]
    return sum(rules.minutes_between(begun, ended) for begun, ended in spans if ended is not None)


def list_points(job: Job) -> list[WorkPoint]:
    """The points of the job that stand, in the order in which they were ticked."""
    query = select(WorkPoint).where(WorkPoint.job_id == job.id, WorkPoint.undone_at.is_(None))
    return list(session.scalars(query.order_by(WorkPoint.ticked_at, WorkPoint.id)))


def find_point(job: Job, point: Point) -> WorkPoint | None:
    """The standing tick of this point."""
    return next((each for each in list_points(job) if each.point is point), None)


def list_notes(job: Job) -> list[WorkNote]:
    """What was written down while working on the job, oldest first."""
    return list(
        session.scalars(select(WorkNote).where(WorkNote.job_id == job.id).order_by(WorkNote.id))
    )


def list_inspections(order: RepairOrder) -> list[Inspection]:
    """All checks of the order, of all levels and rounds, oldest first."""
    query = select(Inspection).where(Inspection.order_id == order.id).order_by(Inspection.id)
    return list(session.scalars(query))


def find_inspection(order: RepairOrder, level: Level) -> Inspection | None:
    """The latest check of this level of the whole order."""

    def of_level() -> Select[Inspection]:
        query = select(Inspection).where(Inspection.level == level, Inspection.job_id.is_(None))
        return query.options(lazyload(Inspection.items)).order_by(Inspection.id.desc())

    name, column = f"checks {level.name}", Inspection.order_id
    return next(iter(together.list_of(order.id, name, of_level, column)), None)


def find_self_check(job: Job) -> Inspection | None:
    """The latest self-check of the job."""
    query = select(Inspection).where(
        Inspection.job_id == job.id, Inspection.level == Level.SELF_CHECK
    )
    query = query.options(lazyload(Inspection.items))
    return session.scalars(query.order_by(Inspection.id.desc()).limit(1)).one_or_none()


def find_final_check(order: RepairOrder) -> Inspection | None:
    """The passed final check that stands: no rework was opened after it."""
    check = find_inspection(order, Level.FINAL_CHECK)
    if check is None or not check.passed:
        return None
    later = [each for each in list_reworks(order, ReworkKind.INTERNAL) if each.opened_at > check.at]
    return None if later else check


def list_worker_ids(order: RepairOrder) -> set[int]:
    """The user ids of all who worked on the order or are to work on it."""
    query = (
        select(Technician.user_id)
        .join(WorkSession, WorkSession.technician_id == Technician.id)
        .join(Job, Job.id == WorkSession.job_id)
        .where(Job.order_id == order.id)
    )
    workers = set(session.scalars(query))
    for job in list_jobs(order):
        technician = scheduling.technician_of(job)
        if technician is not None:
            workers.add(technician.user_id)
    helps = allocation_queries.list_help_of([job.id for job in list_jobs(order)])
    return workers | {each.technician.user_id for each in helps}


def list_additions(order: RepairOrder) -> list[AdditionalWork]:
    """Requests for additional work, oldest first."""
    return together.list_of(
        order.id,
        "additional work",
        lambda: select(AdditionalWork).order_by(AdditionalWork.id),
        AdditionalWork.order_id,
    )


def list_reworks(order: RepairOrder, kind: ReworkKind | None = None) -> list[ReworkOrder]:
    """Rework orders of the order, of one kind if given, oldest first."""
    found = together.list_of(
        order.id,
        "reworks",
        lambda: select(ReworkOrder).order_by(ReworkOrder.id),
        ReworkOrder.order_id,
    )
    return [each for each in found if kind in (None, each.kind)]


def needs_road_test(order: RepairOrder) -> bool:
    """Whether the order's quality check must include a road test."""
    skill_ids = {each for job in list_jobs(order) for each in job.skills}
    codes: Sequence[str] = list(session.scalars(select(Skill.code).where(Skill.id.in_(skill_ids))))
    return rules.needs_road_test(codes, is_repeat=order.repeat_repair)


def has_work(order: RepairOrder) -> bool:
    """Whether the customer authorised any work; a diagnosis alone is none."""
    authorised = quotation.list_authorised_lines(order)
    return any(line.kind is LineKind.LABOUR for line in authorised)


def needs_final_check(order: RepairOrder) -> bool:
    """Whether somebody has to look at the car: at what is authorised, or was done and stopped."""
    if taking_off.find_no_check(order) is not None:
        return False
    return has_work(order) or any(each.done for each in taking_off.list_off(order))


def open_additions(order: RepairOrder) -> list[AdditionalWork]:
    """Requests that nobody has priced or dismissed, or that the customer has not answered."""
    return [each for each in list_additions(order) if each.state.is_open]


def has_worked_on(job: Job, user: User) -> bool:
    """Whether the user's clock has ever run on the job as its lead's."""
    query = (
        select(WorkSession.id)
        .join(Technician, Technician.id == WorkSession.technician_id)
        .where(
            WorkSession.job_id == job.id,
            WorkSession.role == TeamRole.LEAD,
            Technician.user_id == user.id,
        )
    )
    return session.scalar(query.limit(1)) is not None


def find_rework_of(job: Job) -> ReworkOrder | None:
    """The rework order that this job mends, if it is a rework job."""
    query = select(ReworkOrder).where(ReworkOrder.job_id == job.id)
    return session.scalars(query).one_or_none()


def is_authorised(job: Job) -> bool:
    """Whether the customer has signed for this work; mending our own fault needs no signature."""
    if job.kind is JobKind.REWORK:
        return True
    if job.kind is JobKind.ADDITION:
        return any(line.job_id == job.id for line in quotation.list_authorised_lines(job.order))
    return quotation.find_signed(job.order) is not None
