"""What the watch writes down: each alarm from the minute it is raised until its fact is gone."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.db import Model, intpk
from workshop.errors import N_
from workshop.orders.models import Job, RepairOrder
from workshop.staff.models import User


class AlarmKind(Enum):
    """What is wrong, the worst first: that is the order in which people read them."""

    PROMISE = "promise"
    PART_LATE = "part_late"
    OVERRUN = "overrun"
    LATE_START = "late_start"
    REPORT_DUE = "report_due"
    FOLDER_NOT_TAKEN = "folder_not_taken"
    FOLDER_NOT_BACK = "folder_not_back"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def tone(self) -> str:
        """bad: a customer or the day suffers; warn: somebody should move."""
        return "bad" if self in (AlarmKind.PROMISE, AlarmKind.PART_LATE) else "warn"

    @property
    def icon(self) -> str:
        return _ICONS[self]


_LABELS = {
    AlarmKind.PROMISE: N_("Promise at risk"),
    AlarmKind.PART_LATE: N_("Part late"),
    AlarmKind.OVERRUN: N_("Overrun"),
    AlarmKind.LATE_START: N_("Late start"),
    AlarmKind.REPORT_DUE: N_("Report due"),
    AlarmKind.FOLDER_NOT_TAKEN: N_("Folder not taken"),
    AlarmKind.FOLDER_NOT_BACK: N_("Folder not back"),
}
_ICONS = {
    AlarmKind.PROMISE: "flag",
    AlarmKind.PART_LATE: "package",
    AlarmKind.OVERRUN: "hourglass",
    AlarmKind.LATE_START: "clock",
    AlarmKind.REPORT_DUE: "phone",
    AlarmKind.FOLDER_NOT_TAKEN: "folder-open",
    AlarmKind.FOLDER_NOT_BACK: "folder-open",
}


class WatchAlarm(Model):
    """One thing that is not as planned, raised once, cleared when it is so no more.

    `due_at` is what the plan, the promise or the rule said; `until_at` is what will be instead,
    as far as anybody knows. `cause_job_id` holds up the car of a promise at risk;
    `absent_technician_id` is away from the job that did not start.
    """

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), index=True)
    kind: Mapped[AlarmKind]
    # The job (J9) or the order (R7) that it is about: one open alarm of a kind for each.
    subject: Mapped[str] = mapped_column(String(20))
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), index=True)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"), index=True)
    due_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    cause_job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    absent_technician_id: Mapped[int | None] = mapped_column(ForeignKey("technician.id"))
    raised_at: Mapped[datetime]
    cleared_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    order: Mapped[RepairOrder] = relationship(lazy="joined")
    job: Mapped[Job | None] = relationship(foreign_keys=[job_id])
    cause_job: Mapped[Job | None] = relationship(foreign_keys=[cause_job_id])
    acknowledged_by: Mapped[User | None] = relationship()

    __table_args__ = (
        CheckConstraint(
            "(acknowledged_at IS NULL) = (acknowledged_by_id IS NULL)", name="acknowledged"
        ),
        sa.Index(
            "uq_watch_alarm_open",
            "kind",
            "subject",
            unique=True,
            sqlite_where=sa.text("cleared_at IS NULL"),
            postgresql_where=sa.text("cleared_at IS NULL"),
        ),
    )
