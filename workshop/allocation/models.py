"""Time that jobs take of technicians and bays, and the days that were closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

import sqlalchemy as sa
from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.sql.schema import SchemaItem

from workshop import events
from workshop.db import Model, intpk, partial_index, present
from workshop.enums import LabelledEnum
from workshop.errors import N_
from workshop.shop.models import Bay, Technician
from workshop.staff.models import User
from workshop.storage.conditions import one_of


@dataclass(frozen=True)
class TimeTaken(events.Event):
    """A job's time was taken, moved, ended or given back."""

    allocation_id: int
    branch_id: int
    job_id: int
    at: datetime
    # Who did it, for the boards of others; nobody when the work itself has ended it.
    by_id: int | None = None
    by_name: str = ""


class TeamRole(LabelledEnum):
    """Whose job it is, and who helps with it."""

    LEAD = "lead", N_("Lead technician")
    ASSISTANT = "assistant", N_("Second technician")


class AllocationStatus(Enum):
    """Whether the time is still taken."""

    PLANNED = "planned"
    DONE = "done"
    CANCELLED = "cancelled"


LONGEST = timedelta(hours=24)
"""No time that is taken is longer; the database refuses it, so nobody has to look further back."""

LATEST = timedelta(days=31)
"""Work ends at most so long after its place in the plan: what does not end on its day gets a new
place when the day is closed, and an old place is not looked for beyond this."""

# The columns in which who helps is bound to the lead, and the lead's own.
_BOUND = ("lead_id", "job_id", "lead_starts_at", "ends_at", "blocked_until", "status")
_LEADS = ("id", "job_id", "starts_at", "ends_at", "blocked_until", "status")


_PLANNED = one_of("status", {AllocationStatus.PLANNED})


def _guards() -> tuple[SchemaItem, ...]:
    """What must hold for time that is taken, in the database's own words.

    That two never overlap is guarded by migrations/versions/0002_guards.*.sql.
    """
    return (
        sa.Index("ix_allocation_technician_start", "technician_id", "starts_at"),
        sa.Index("ix_allocation_bay_start", "bay_id", "starts_at"),
        sa.Index("ix_allocation_start", "branch_id", "starts_at"),
        present("ix_allocation_planned", "branch_id", "starts_at", where=_PLANNED),
        present("ix_allocation_planned_technician", "technician_id", "starts_at", where=_PLANNED),
        CheckConstraint("starts_at < ends_at AND ends_at <= blocked_until", name="order"),
        CheckConstraint("rest_minutes >= 0", name="rest_minutes"),
        CheckConstraint(
            "(worked_from IS NULL) = (worked_until IS NULL) AND worked_from <= worked_until",
            name="worked",
        ),
        # One live piece of time per job; a longer job is carried over as a new allocation.
        partial_index(
            "uq_allocation_live_job", "job_id", where="status = 'planned' AND role = 'lead'"
        ),
        *_guards_of_a_team(),
    )


def _guards_of_a_team() -> tuple[SchemaItem, ...]:
    return (
        partial_index("uq_allocation_live_assistant", "lead_id", where="status = 'planned'"),
        CheckConstraint("(role = 'assistant') = (lead_id IS NOT NULL)", name="has_a_lead"),
        CheckConstraint("(role = 'assistant') = (share_percent IS NOT NULL)", name="has_a_share"),
        CheckConstraint("share_percent BETWEEN 1 AND 99", name="share_percent"),
        CheckConstraint("role = 'lead' OR bay_id IS NULL", name="lead_has_the_bay"),
        CheckConstraint("lead_starts_at <= starts_at", name="not_before_the_lead"),
        CheckConstraint(
            "role = 'lead' OR status <> 'planned' OR lead_starts_at IS NOT NULL", name="bound"
        ),
        # Who helps has the lead's job, end and state as long as the two belong together; it is
        # looked at when the transaction ends, so that both may be moved one after the other.
        UniqueConstraint(*_LEADS, name="uq_allocation_team"),
        ForeignKeyConstraint(
            _BOUND,
            [f"allocation.{column}" for column in _LEADS],
            name="fk_allocation_team",
            deferrable=True,
            initially="DEFERRED",
        ),
    )


class TakenTime(Model):
    """Time that a job takes of a technician: of the lead with a bay, or of who helps.

    `blocked_until` = `ends_at` + the buffer (N1); the database refuses a second one that begins
    before it, for the technician and for the bay, on SQLite and PostgreSQL alike.
    """

    __tablename__ = "allocation"

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"), index=True)
    role: Mapped[TeamRole]
    technician_id: Mapped[int] = mapped_column(ForeignKey("technician.id"))
    bay_id: Mapped[int | None] = mapped_column(ForeignKey("bay.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    blocked_until: Mapped[datetime]
    # Minutes of a break inside, in which the work rests and the bay stays taken.
    rest_minutes: Mapped[int] = mapped_column(default=0)
    # When the work of a piece that is over really began and ended; what it took of the plan
    # stands above. None while it is ahead, and where no clock ran.
    worked_from: Mapped[datetime | None]
    worked_until: Mapped[datetime | None]
    status: Mapped[AllocationStatus] = mapped_column(default=AllocationStatus.PLANNED)
    # Of who helps: the lead's time, and its start as long as the two belong together.
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("allocation.id"), index=True)
    lead_starts_at: Mapped[datetime | None]
    share_percent: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime]
    technician: Mapped[Technician] = relationship(lazy="joined")
    bay: Mapped[Bay | None] = relationship(lazy="joined")

    @property
    def minutes(self) -> int:
        """The planned work in minutes, without a break inside it."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60) - self.rest_minutes

    @property
    def is_planned(self) -> bool:
        """Whether it still takes its time: the work is ahead or goes on."""
        return self.status is AllocationStatus.PLANNED

    @property
    def shown_from(self) -> datetime:
        """When it began, if that is known, else when it is to begin."""
        return self.worked_from or self.starts_at

    @property
    def shown_until(self) -> datetime:
        """When it ended, if that is known, else when it is to end."""
        return self.worked_until or self.ends_at

    @property
    def shown_buffer_until(self) -> datetime:
        """Until when the buffer is drawn; work that ran late has none that anybody kept."""
        is_as_planned = self.shown_until == self.ends_at
        return self.blocked_until if is_as_planned else self.shown_until

    __mapper_args__ = {"version_id_col": version, "polymorphic_on": "role"}
    __table_args__ = _guards()


class Allocation(TakenTime):
    """The time that a job takes of its lead technician and of a bay: its place on the board."""

    __tablename__ = None  # type: ignore[assignment]  # One kind of those rows.
    __mapper_args__ = {"polymorphic_identity": TeamRole.LEAD}


class Assistance(TakenTime):
    """The time of the second technician of a job, beside the lead's; it needs no bay of its own.

    `share_percent` of the book time is credited to who helps, the rest to the lead.
    """

    lead: Mapped[Allocation] = relationship(
        foreign_keys="TakenTime.lead_id", remote_side="TakenTime.id", viewonly=True
    )

    __tablename__ = None  # type: ignore[assignment]  # One kind of those rows.
    __mapper_args__ = {"polymorphic_identity": TeamRole.ASSISTANT}


class DayClose(Model):
    """The day was closed: everything in it was finished, carried over or held.

    `begins_at` and `ends_at` are the shop's midnights around it, for the guard of the database.
    Nothing of it is rewritten; that it was opened again is added once.
    """

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    day: Mapped[date]
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    finished: Mapped[int]
    carried: Mapped[int]
    held: Mapped[int]
    closed_at: Mapped[datetime]
    closed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    reopened_at: Mapped[datetime | None]
    reopened_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reopen_reason: Mapped[str] = mapped_column(String(200), default="")
    closed_by: Mapped[User] = relationship(foreign_keys=[closed_by_id])
    reopened_by: Mapped[User | None] = relationship(foreign_keys=[reopened_by_id])

    __table_args__ = (
        CheckConstraint("begins_at < ends_at", name="order"),
        CheckConstraint("(reopened_at IS NULL) = (reopened_by_id IS NULL)", name="reopened"),
        CheckConstraint("(reopened_at IS NULL) = (reopen_reason = '')", name="reopened_why"),
        partial_index("uq_day_close_standing", "branch_id", "day", where="reopened_at IS NULL"),
    )
