"""What the end of a day writes down: why a job is held, and that the day was closed."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.db import Model, intpk
from workshop.errors import N_
from workshop.orders.models import Job
from workshop.staff.models import User


class HoldReason(Enum):
    """Why a job leaves the board without another day (domain.md step 5, holding area)."""

    PARTS = "parts"
    APPROVAL = "approval"
    CUSTOMER = "customer"
    SUPPORT = "support"
    SUBLET = "sublet"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _REASONS[self]


_REASONS = {
    HoldReason.PARTS: N_("Waiting for parts"),
    HoldReason.APPROVAL: N_("Waiting for the customer's approval"),
    HoldReason.CUSTOMER: N_("The customer will name a day"),
    HoldReason.SUPPORT: N_("Waiting for technical support"),
    HoldReason.SUBLET: N_("Sublet to another shop"),
    HoldReason.OTHER: N_("Another reason"),
}


class JobHold(Model):
    """A job that was taken off the board for a reason. Append-only; its next place ends it."""

    id: Mapped[intpk]
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"), index=True)
    day: Mapped[date]
    reason: Mapped[HoldReason]
    note: Mapped[str] = mapped_column(String(200), default="")
    held_at: Mapped[datetime]
    held_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    job: Mapped[Job] = relationship()
    held_by: Mapped[User] = relationship()

    __table_args__ = (CheckConstraint("reason <> 'other' OR note <> ''", name="reason_in_words"),)


class DayClose(Model):
    """The day was closed: everything in it was finished, carried over or held. Append-only."""

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    day: Mapped[date]
    finished: Mapped[int]
    carried: Mapped[int]
    held: Mapped[int]
    closed_at: Mapped[datetime]
    closed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    closed_by: Mapped[User] = relationship()

    __table_args__ = (UniqueConstraint("branch_id", "day"),)
