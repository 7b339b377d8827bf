"""What the watch writes down: each alarm from the minute it is raised until its fact is gone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.db import Model, intpk, partial_index
from workshop.enums import LabelledEnum
from workshop.errors import N_
from workshop.orders.models import Job, RepairOrder
from workshop.shop.models import Technician
from workshop.staff.models import User
from workshop.steps.scheduling.rules import Gravity


class AlarmKind(LabelledEnum):
    """What is wrong, the worst first: that is the order in which people read them."""

    PROMISE = "promise", N_("Promise at risk")
    PART_LATE = "part_late", N_("Part late")
    ABSENT = "absent", N_("Technician away")
    CERTIFICATE = "certificate", N_("Not qualified")
    BAY_OUT = "bay_out", N_("Bay out of use")
    OFF_HOURS = "off_hours", N_("Outside working hours")
    OVERRUN = "overrun", N_("Overrun")
    NOT_CLOCKED_IN = "not_clocked_in", N_("Not clocked in")
    LATE_START = "late_start", N_("Late start")
    REPORT_DUE = "report_due", N_("Report due")
    FOLDER_NOT_TAKEN = "folder_not_taken", N_("Folder not taken")
    FOLDER_NOT_BACK = "folder_not_back", N_("Folder not back")

    @property
    def tone(self) -> str:
        """bad: a customer or the day suffers; warn: somebody should move."""
        return "bad" if self in _BAD else "warn"

    @property
    def icon(self) -> str:
        return _ICONS[self]


_BAD = (
    *(AlarmKind.PROMISE, AlarmKind.PART_LATE, AlarmKind.ABSENT, AlarmKind.CERTIFICATE),
    *(AlarmKind.BAY_OUT, AlarmKind.OFF_HOURS),
)
_ICONS = {
    AlarmKind.PROMISE: "flag",
    AlarmKind.PART_LATE: "package",
    AlarmKind.ABSENT: "user-x",
    AlarmKind.CERTIFICATE: "badge-alert",
    AlarmKind.BAY_OUT: "triangle-alert",
    AlarmKind.OFF_HOURS: "calendar-x",
    AlarmKind.OVERRUN: "hourglass",
    AlarmKind.NOT_CLOCKED_IN: "log-in",
    AlarmKind.LATE_START: "clock",
    AlarmKind.REPORT_DUE: "phone",
    AlarmKind.FOLDER_NOT_TAKEN: "folder-open",
    AlarmKind.FOLDER_NOT_BACK: "folder-open",
}


class WatchAlarm(Model):
    """One thing that is not as planned, raised once, cleared when it is so no more.

    `due_at` is what the plan, the promise or the rule said; `until_at` is what will be instead,
    as far as anybody knows. `cause_job_id` holds up the car of a promise at risk;
    `absent_technician_id` is away from the job that did not start. Whoever acknowledges it has
    seen it as bad as `seen_minutes` and `seen_happened` say; `worse_at` is when it got worse.
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
    seen_minutes: Mapped[int | None]
    seen_happened: Mapped[bool] = mapped_column(default=False)
    worse_at: Mapped[datetime | None]
    # Until then whoever acknowledged it wants to hear of it no more, unless it gets worse.
    later_until: Mapped[datetime | None]
    order: Mapped[RepairOrder] = relationship(lazy="joined")
    job: Mapped[Job | None] = relationship(foreign_keys=[job_id])
    cause_job: Mapped[Job | None] = relationship(foreign_keys=[cause_job_id])
    absent_technician: Mapped[Technician | None] = relationship()
    acknowledged_by: Mapped[User | None] = relationship()

    @property
    def is_seen(self) -> bool:
        """Whether somebody sees to it as it is now."""
        return self.acknowledged_at is not None and self.worse_at is None

    @property
    def seen(self) -> Gravity:
        """How bad it was when somebody acknowledged it."""
        return Gravity(self.seen_minutes, self.seen_happened)

    @property
    def grown_minutes(self) -> int:
        """By how much later it is than when it was acknowledged."""
        if self.until_at is None or self.seen_minutes is None:
            return 0
        now = int((self.until_at - self.due_at).total_seconds() // 60)
        return max(0, now - self.seen_minutes)

    __table_args__ = (
        CheckConstraint("worse_at IS NULL OR acknowledged_at IS NOT NULL", name="worse_than"),
        CheckConstraint(
            "(acknowledged_at IS NULL) = (acknowledged_by_id IS NULL)", name="acknowledged"
        ),
        partial_index("uq_watch_alarm_open", "kind", "subject", where="cleared_at IS NULL"),
    )
