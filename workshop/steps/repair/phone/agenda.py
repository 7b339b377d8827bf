"""What a technician has to do: the own jobs in their order, and the next act on each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from workshop.allocation.models import Allocation, AllocationStatus, Assistance
from workshop.db import session
from workshop.orders.models import Job, JobState
from workshop.shop.models import Bay, Technician
from workshop.staff.models import User
from workshop.steps.repair import gates as repair_gates
from workshop.steps.repair import help_clocks, helping, queries, rules
from workshop.steps.repair.rules import NextAct


def find_technician(user: User) -> Technician | None:
    """The technician that this user is, if any."""
    query = select(Technician).where(Technician.user_id == user.id, Technician.active.is_(True))
    return session.scalars(query).one_or_none()


@dataclass(frozen=True)
class PlannedJob:
    """A job with the time and bay that are planned for it; with a `lead`, it is to be helped."""

    job: Job
    allocation: Allocation | Assistance
    lead: Technician | None = None

    @property
    def bay(self) -> Bay | None:
        """Where it is done: the lead's bay."""
        taken = self.allocation
        return taken.lead.bay if isinstance(taken, Assistance) else taken.bay


def list_my_jobs(technician: Technician, at: datetime | None = None) -> list[PlannedJob]:
    """The technician's unfinished jobs, own and helped: what runs first, then as they are planned.

    What waits for somebody else comes later; a job left for a meal keeps its place. What cannot
    be started yet, because parts are missing, say, comes last.
    """
    query = (
        select(Job, Allocation)
        .join(Allocation, Allocation.job_id == Job.id)
        .where(
            Allocation.technician_id == technician.id,
            Allocation.status == AllocationStatus.PLANNED,
            Job.state.in_(queries.UNFINISHED),
        )
        .order_by(Allocation.starts_at, Allocation.id)
    )
    planned = [PlannedJob(job, allocation) for job, allocation in session.execute(query)]
    helped = [
        PlannedJob(job, each, each.lead.technician)
        for job, each in helping.list_my_helps(technician)
    ]
    in_order = sorted([*planned, *helped], key=lambda each: each.allocation.starts_at)
    return sorted(in_order, key=lambda each: _rank_of(each, technician, at))


def _rank_of(planned: PlannedJob, technician: Technician, at: datetime | None) -> int:
    if planned.lead is None:
        return _rank(planned.job, at)
    mine = help_clocks.find_open(planned.job)
    if mine is not None and mine.technician_id == technician.id:
        return 0
    # Whoever can help now is asked to; the rest waits for the lead.
    return {JobState.RUNNING: 1, JobState.PAUSED: 2}.get(planned.job.state, 3)


def _rank(job: Job, at: datetime | None) -> int:
    if job.state is JobState.RUNNING:
        return 0
    if job.state is JobState.WAITING:
        return 3 if repair_gates.missing_to_start(job, at) else 1
    if job.state is JobState.PAUSED:
        last = queries.list_sessions(job)[-1:]
        return 1 if last and last[0].pause_reason in rules.RESTS_FOR_PERSON else 2
    return 1


def find_next_act(job: Job) -> NextAct:
    """What comes next on the job: start or resume, the open points, the self-check, the finish."""
    if job.state is JobState.WAITING:
        return NextAct.START
    if job.state is JobState.PAUSED:
        return NextAct.RESUME
    if job.state is not JobState.RUNNING:
        return NextAct.NONE
    if rules.points_missing({each.point for each in queries.list_points(job)}):
        return NextAct.POINTS
    check = queries.find_self_check(job)
    return NextAct.FINISH if check is not None and check.passed else NextAct.SELF_CHECK
