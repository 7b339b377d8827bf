"""The second technician (副修) at work: his own clock, and what each of the two is credited with.

The points, the self-check and the finish are the lead's. The help lasts while the lead works.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from workshop import db
from workshop.allocation import queries as allocation_queries
from workshop.allocation import service as allocations
from workshop.allocation import shares
from workshop.allocation.models import AllocationStatus, Assistance, TeamRole
from workshop.db import session
from workshop.errors import N_, NotAllowed, RuleBroken, require
from workshop.orders import service as orders
from workshop.orders.models import Job
from workshop.shop.models import Technician
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.repair import gates, help_clocks, queries, work
from workshop.steps.repair.models import WorkSession

NOT_ASKED = N_("You are not asked to help with this job.")


@dataclass(frozen=True)
class Member:
    """One of those who work on a job together: the credited book minutes, and the clocked ones."""

    technician: Technician
    role: TeamRole
    credited_minutes: int
    clocked_minutes: int
    book_minutes: int

    @property
    def share_percent(self) -> int:
        """The part of the job's book time, to the nearest percent."""
        return (200 * self.credited_minutes + self.book_minutes) // (2 * self.book_minutes)


def start(job: Job, by: User, at: datetime) -> WorkSession:
    """Start the helper's clock beside the lead's.

    Raises RuleBroken while the lead's own clock does not run, or another job's does on the helper.
    """
    _lock(job)
    helping = require_my_help(job, by)
    require(gates.missing_to_help(job, helping.technician, at))
    opened = work.open_session(job, helping.technician, at, TeamRole.ASSISTANT)
    audit.write(by, "repair.help", job, at)
    return opened


def stop(job: Job, by: User, at: datetime) -> None:
    """Stop the helper's clock: the helper does it, or the job controller for a forgotten one."""
    _lock(job)
    running = help_clocks.find_open(job)
    if running is None:
        raise RuleBroken(N_("Nobody's clock is helping here."), code="not_helping")
    if running.technician.user_id != by.id:
        staff.require_permission(by, Permission.SCHEDULE)
    work.end_help(job, by, at)
    audit.write(by, "repair.help_ends", job, at)


def find_help(job: Job, user: User) -> Assistance | None:
    """The time in which this person helps, or has last helped, with the job."""
    mine = [
        each
        for each in allocation_queries.list_help_of([job.id])
        if each.technician.user_id == user.id
    ]
    return mine[-1] if mine else None


def require_my_help(job: Job, by: User) -> Assistance:
    """The help that this person is to give; raises NotAllowed for anybody else."""
    staff.require_permission(by, Permission.WORK)
    helping = find_help(job, by)
    if helping is None or helping.status is not AllocationStatus.PLANNED:
        raise NotAllowed(NOT_ASKED, code="not_assigned")
    return helping


def list_my_helps(technician: Technician) -> list[tuple[Job, Assistance]]:
    """The unfinished jobs that the technician is to help with, or is still clocked on, by start."""
    clocked = select(WorkSession.job_id).where(
        WorkSession.technician_id == technician.id,
        WorkSession.role == TeamRole.ASSISTANT,
        WorkSession.ended_at.is_(None),
    )
    query = (
        select(Job, Assistance)
        .join(Assistance, Assistance.job_id == Job.id)
        .where(
            Assistance.technician_id == technician.id,
            Job.state.in_(queries.UNFINISHED),
            (Assistance.status == AllocationStatus.PLANNED) | Job.id.in_(clocked),
        )
        .order_by(Assistance.starts_at, Assistance.id)
    )
    return list({job.id: (job, helping) for job, helping in session.execute(query)}.values())


def team_of(job: Job, at: datetime | None = None) -> list[Member]:
    """Who works on the job with which credit and clock, the lead first; empty for one alone.

    The book time is credited by share, and never twice. A running clock counts up to `at`.
    """
    helps = _counted(job)
    if not helps:
        return []
    pieces = {each.id: each for each in allocations.list_of([job.id])}
    shared: dict[int, list[tuple[int, int]]] = {}
    for each in helps:
        if each.lead_id is not None:
            known = shared.setdefault(each.lead_id, [])
            known.append((each.technician_id, each.share_percent or 0))
    lengths = {key: (each.technician_id, each.minutes) for key, each in pieces.items()}
    credited = shares.credit(job.book_minutes, lengths, shared)
    leads = {each.technician_id: each.technician for each in pieces.values()}
    people = leads | {each.technician_id: each.technician for each in helps}
    return [
        Member(
            technician,
            TeamRole.LEAD if key in leads else TeamRole.ASSISTANT,
            credited.get(key, 0),
            help_clocks.clocked_by(job, technician, at),
            job.book_minutes,
        )
        for key, technician in people.items()
    ]


def _counted(job: Job) -> list[Assistance]:
    """Who was taken off before the end counts when the clock says that there was help."""
    clocked = {each.technician_id for each in help_clocks.list_of(job)}
    return [
        each
        for each in allocation_queries.list_help_of([job.id])
        if each.lead_starts_at is not None or each.technician_id in clocked
    ]


def _lock(job: Job) -> None:
    orders.lock(job.order)
    db.reread(job)
