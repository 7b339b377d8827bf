"""Jobs that were taken off the board for a reason; nobody plans them until they are released."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.db import Model, intpk, partial_index
from workshop.enums import LabelledEnum
from workshop.errors import N_
from workshop.orders.models import Job
from workshop.staff.models import User


class HoldReason(LabelledEnum):
    """Why a job leaves the board without another day (domain.md step 5, holding area)."""

    PARTS = "parts", N_("Waiting for parts")
    APPROVAL = "approval", N_("Waiting for the customer's approval")
    CUSTOMER = "customer", N_("The customer will name a day")
    SUPPORT = "support", N_("Waiting for technical support")
    SUBLET = "sublet", N_("Sublet to another shop")
    OTHER = "other", N_("Another reason")


class JobHold(Model):
    """A job that was taken off the board for a reason, until somebody releases it.

    Nothing of it is rewritten; its release is added once.
    """

    id: Mapped[intpk]
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"), index=True)
    day: Mapped[date]
    reason: Mapped[HoldReason]
    note: Mapped[str] = mapped_column(String(200), default="")
    held_at: Mapped[datetime]
    held_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    released_at: Mapped[datetime | None]
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    job: Mapped[Job] = relationship()
    held_by: Mapped[User] = relationship(foreign_keys=[held_by_id])
    released_by: Mapped[User | None] = relationship(foreign_keys=[released_by_id])

    __table_args__ = (
        CheckConstraint("reason <> 'other' OR note <> ''", name="reason_in_words"),
        CheckConstraint("(released_at IS NULL) = (released_by_id IS NULL)", name="released"),
        partial_index("uq_job_hold_standing", "job_id", where="released_at IS NULL"),
    )
