"""What re-planning writes down: each run of the planner, and each step of a plan that was taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.db import Model, intpk
from workshop.enums import LabelledEnum
from workshop.errors import N_
from workshop.orders.models import Job, RepairOrder
from workshop.shop.models import Branch
from workshop.staff.models import User


class PlanReason(LabelledEnum):
    """Why somebody asks for another plan."""

    IMPROVE = "improve", N_("Look for a better plan")
    ABSENT = "absent", N_("A technician goes home")
    OVERRUN = "overrun", N_("A job takes longer")
    PART_LATE = "part_late", N_("A part comes later")

    @property
    def is_absent(self) -> bool:
        """Whether a technician leaves."""
        return self is PlanReason.ABSENT

    @property
    def is_overrun(self) -> bool:
        """Whether a job takes longer."""
        return self is PlanReason.OVERRUN

    @property
    def is_part_late(self) -> bool:
        """Whether a part comes later."""
        return self is PlanReason.PART_LATE


class RunState(LabelledEnum):
    """What became of a run of the planner."""

    RUNNING = "running", N_("The planner is at work")
    READY = "ready", N_("Waits for a decision")
    FAILED = "failed", N_("No plan")
    CANCELLED = "cancelled", N_("Rejected")
    ACCEPTED = "accepted", N_("Accepted")
    PARTLY_ACCEPTED = "partly_accepted", N_("Partly accepted")
    UNDONE = "undone", N_("Undone")
    OUTDATED = "outdated", N_("Out of date")

    @property
    def is_running(self) -> bool:
        """Whether the planner is at work."""
        return self is RunState.RUNNING

    @property
    def is_ready(self) -> bool:
        """Whether nobody has decided yet."""
        return self is RunState.READY

    @property
    def is_failed(self) -> bool:
        """Whether there is no plan."""
        return self is RunState.FAILED

    @property
    def is_cancelled(self) -> bool:
        """Whether somebody rejected it."""
        return self is RunState.CANCELLED

    @property
    def is_undone(self) -> bool:
        """Whether it was taken back."""
        return self is RunState.UNDONE

    @property
    def is_outdated(self) -> bool:
        """Whether the board has changed since."""
        return self is RunState.OUTDATED

    @property
    def is_accepted(self) -> bool:
        """Whether some or all of it was taken."""
        return self in (RunState.ACCEPTED, RunState.PARTLY_ACCEPTED)

    @property
    def is_decidable(self) -> bool:
        """Whether some of it can still be taken."""
        return self in (RunState.READY, RunState.PARTLY_ACCEPTED)

    @property
    def tone(self) -> str:
        """The colour of its badge."""
        tones = {
            RunState.READY: "warn",
            RunState.ACCEPTED: "good",
            RunState.PARTLY_ACCEPTED: "good",
            RunState.FAILED: "bad",
            RunState.RUNNING: "accent",
        }
        return tones.get(self, "neutral")


class Failure(LabelledEnum):
    """Why a run has no plan to show."""

    KILLED = "killed", N_("The planner was stopped: from outside, or for want of memory.")
    TIMEOUT = "timeout", N_("The planner did not answer in time and was stopped.")
    MEMORY = "memory", N_("The planner ran out of memory.")
    LOST = "lost", N_("The server was restarted while the planner was at work.")
    FAULTY = "faulty", N_("The planner's answer broke a rule of the board, so it is not shown.")
    NO_PLAN = "no_plan", N_("The planner found no plan in the time that it had.")
    REFUSED = "refused", N_("The planner could not read the board.")


@dataclass(frozen=True)
class Cause:
    """What has happened; `until` is the end of an absence, or when the part comes."""

    reason: PlanReason
    technician_id: int | None = None
    job_id: int | None = None
    minutes: int = 0
    until: datetime | None = None
    # What the calendar says about an absence.
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        """The cause as the run keeps it; its reason stands beside it."""
        until = self.until.isoformat() if self.until else None
        return {
            "technician_id": self.technician_id,
            "job_id": self.job_id,
            "minutes": self.minutes,
            "until": until,
            "note": self.note,
        }

    @classmethod
    def from_json(cls, reason: PlanReason, raw: Mapping[str, Any]) -> Cause:
        """The cause that `as_json` wrote."""
        until = datetime.fromisoformat(raw["until"]) if raw["until"] else None
        known = (raw["technician_id"], raw["job_id"], raw["minutes"], until, raw["note"])
        return cls(reason, *known)


class PlanRun(Model):
    """One question to the planner and its answer. Nothing moves before the answer is accepted."""

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), index=True)
    reason: Mapped[PlanReason]
    details: Mapped[dict[str, Any]]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    asked_at: Mapped[datetime]
    state: Mapped[RunState] = mapped_column(default=RunState.RUNNING, index=True)
    # Minute 0 of the problem and of the plan: the shop's midnight.
    origin_at: Mapped[datetime]
    problem: Mapped[dict[str, Any]]
    plan: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    # The versions of the allocations that the plan was made from, by job; null: it had none.
    seen: Mapped[dict[str, Any]]
    # Jobs that nobody can plan yet, by id: their parts have no date.
    left_out: Mapped[list[Any]]
    seconds: Mapped[int]
    # Counts up while somebody watches over the planner's process; whoever stands still is dead.
    beat: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]
    failure: Mapped[Failure | None]
    failure_detail: Mapped[str] = mapped_column(sa.Text, default="")
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    proposed_at: Mapped[datetime | None]
    absence_id: Mapped[int | None] = mapped_column(ForeignKey("absence.id"))
    branch: Mapped[Branch] = relationship()
    asked_by: Mapped[User] = relationship(foreign_keys=[asked_by_id])
    proposed_by: Mapped[User | None] = relationship(foreign_keys=[proposed_by_id])

    __table_args__ = (CheckConstraint("seconds > 0", name="seconds"),)

    @property
    def cause(self) -> Cause:
        """What has happened."""
        return Cause.from_json(self.reason, self.details)

    @property
    def is_open(self) -> bool:
        """Whether something of the plan may still be accepted."""
        return self.state in (RunState.READY, RunState.PARTLY_ACCEPTED)


class StepState(Enum):
    """Whether the plan's place of a job was taken, or given up again."""

    ACCEPTED = "accepted"
    UNDONE = "undone"

    @property
    def is_accepted(self) -> bool:
        """Whether the plan's place still stands."""
        return self is StepState.ACCEPTED


class PlanStep(Model):
    """Where an accepted plan put a job, and where it was before. Append-only."""

    id: Mapped[intpk]
    run_id: Mapped[int] = mapped_column(ForeignKey("plan_run.id"), index=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), index=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"), index=True)
    before: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    state: Mapped[StepState]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    run: Mapped[PlanRun] = relationship()
    job: Mapped[Job] = relationship()
    order: Mapped[RepairOrder] = relationship()
    by: Mapped[User] = relationship()

    __table_args__ = (
        CheckConstraint("before IS NOT NULL OR after IS NOT NULL", name="a_place"),
        sa.Index("ix_plan_step_run_state", "run_id", "state"),
    )

    @property
    def before_at(self) -> datetime | None:
        """When the job was to begin before the plan; None when it waited in the queue."""
        return datetime.fromisoformat(self.before["starts_at"]) if self.before else None
