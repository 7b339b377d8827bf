"""What an order's scheduling page shows: its jobs, its promise, its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from workshop.allocation import queries as allocation_queries
from workshop.allocation.models import Allocation
from workshop.db import session
from workshop.errors import N_, Missing
from workshop.orders.flow import Action, permits
from workshop.orders.models import Job, JobState, PromiseChange, RepairOrder
from workshop.shop import calendar
from workshop.shop.models import Technician
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.scheduling import gates as scheduling_gates
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.board import cards
from workshop.steps.scheduling.closing import queries as closing
from workshop.steps.scheduling.closing.models import JobHold
from workshop.steps.scheduling.dispatch import more_time
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.models import DayConsent, FolderState, JobFolder, TimeChange
from workshop.steps.scheduling.rules import Alarm


@dataclass(frozen=True)
class FolderStep:
    """The next step of a job folder: its name in the form, and the words of its button."""

    name: str
    label: str


_FOLDER_STEPS = {
    FolderState.PREPARED: FolderStep("rack", N_("Put on the rack")),
    FolderState.ON_RACK: FolderStep("take", N_("Taken by the technician")),
    FolderState.TAKEN: FolderStep("return", N_("Back with the advisor")),
}


@dataclass(frozen=True)
class JobLine:
    """A job with its time, its folder and what is wrong."""

    job: Job
    allocation: Allocation | None
    live: bool
    folder: JobFolder | None
    proposal: TimeChange | None
    proposal_other_day: bool
    alarms: list[Alarm]
    minutes: int
    hold: JobHold | None
    helper: Technician | None = None
    has_others: bool = False

    @property
    def may_be_packed(self) -> bool:
        """Whether its lines can still be put together in another way."""
        is_ahead = self.job.state is JobState.WAITING and self.job.started_at is None
        return is_ahead and (self.has_others or len(self.job.lines) > 1)

    def folder_step_for(self, user: User) -> FolderStep | None:
        """What this person does next with the folder; None without one, or when it is back."""
        if self.folder is None or not user.may(Permission.SCHEDULE):
            return None
        return _FOLDER_STEPS.get(self.folder.state)

    @property
    def needs_place(self) -> bool:
        """Whether nobody has given the job a place, or a reason why it has none."""
        waits = self.job.state in (JobState.WAITING, JobState.PAUSED)
        return waits and not self.live and self.hold is None

    def may_be_planned_by(self, user: User) -> bool:
        """Whether the job still needs or holds a place, which this person can change."""
        is_over = self.job.state in (JobState.DONE, JobState.CANCELLED)
        return not is_over and user.may(Permission.SCHEDULE)


@dataclass(frozen=True)
class Plan:
    """The order as scheduling sees it."""

    lines: list[JobLine]
    missing: list[Missing]
    permitted: bool
    planned_end: datetime | None
    slack_minutes: int | None
    promise_changes: list[PromiseChange]
    proposals: list[TimeChange]
    consents: list[DayConsent]

    def unplaced_for(self, user: User) -> int:
        """How many jobs one press of this person would place."""
        if not self.permitted or not user.may(Permission.SCHEDULE):
            return 0
        return sum(line.needs_place for line in self.lines)

    @property
    def ends_too_late(self) -> bool:
        """Whether the work as it is planned breaks the promise."""
        return self.slack_minutes is not None and self.slack_minutes < 0


def make_plan(order: RepairOrder, *, at: datetime) -> Plan:
    """Read all that the page shows."""
    ends_at, jobs = queries.planned_end(order), queries.list_jobs(order)
    changes = select(PromiseChange).where(PromiseChange.order_id == order.id)
    return Plan(
        lines=[_line(job, at, has_others=len(jobs) > 1) for job in jobs],
        missing=scheduling_gates.missing(order),
        permitted=permits(order.stage, Action.SCHEDULE),
        planned_end=ends_at,
        slack_minutes=queries.slack_minutes(order, ends_at) if ends_at else None,
        promise_changes=list(session.scalars(changes.order_by(PromiseChange.id.desc()))),
        proposals=queries.list_proposals_of(order),
        consents=queries.list_consents(order),
    )


def _line(job: Job, at: datetime, *, has_others: bool) -> JobLine:
    allocation = queries.find_allocation(job)
    live = queries.find_live(job)
    folder = queries.find_folder(job)
    proposal = queries.find_proposal(live) if live else None
    branch = job.order.branch
    alarms: list[Alarm] = []
    if live is not None:
        day = calendar.local_day(branch, live.starts_at)
        table = calendar.Timetable(branch, day, day, [live.technician])
        asked = more_time.asked_minutes([job.id]).get(job.id, 0)
        alarms = cards.alarms_of(live, job, folder, table, at, asked)
    return JobLine(
        job=job,
        allocation=allocation,
        live=live is not None,
        folder=folder,
        proposal=proposal,
        proposal_other_day=bool(
            live and proposal and scheduling.needs_consent(branch, live, proposal.starts_at)
        ),
        alarms=alarms,
        minutes=queries.minutes_left(job),
        hold=closing.find_hold(job),
        helper=allocation_queries.find_helper(live) if live is not None else None,
        has_others=has_others,
    )
