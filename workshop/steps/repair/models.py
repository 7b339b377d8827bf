"""What the workshop floor writes down: work, points, checks, additional work, rework."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.allocation.models import TeamRole
from workshop.catalogue.checklists.models import ChecklistItem, ChecklistVersion
from workshop.catalogue.checklists.rules import Light
from workshop.db import Model, intpk, partial_index, present, session
from workshop.orders.flow import Stage
from workshop.orders.models import Job, RepairOrder, Urgency
from workshop.shop.models import Technician
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.quotation.models import Quotation, QuotationState
from workshop.steps.repair.rules import (
    AdditionState,
    Cause,
    Level,
    PauseReason,
    Point,
    ReworkKind,
    Verdict,
)
from workshop.storage.conditions import flagged


class WorkSession(Model):
    """One stretch of work of a technician on a job, the lead's or a helper's; open without an end.

    `is_end_assumed`: nobody stopped it, and the end is what the rule takes it to be.
    """

    id: Mapped[intpk]
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"), index=True)
    role: Mapped[TeamRole] = mapped_column(default=TeamRole.LEAD)
    technician_id: Mapped[int] = mapped_column(ForeignKey("technician.id"), index=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    pause_reason: Mapped[PauseReason | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    is_end_assumed: Mapped[bool] = mapped_column(default=False)
    technician: Mapped[Technician] = relationship(lazy="joined")
    job: Mapped[Job] = relationship()
    correction: Mapped[ClockCorrection | None] = relationship(lazy="joined")

    __table_args__ = (
        CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name="order"),
        partial_index("uq_work_session_open_technician", "technician_id", where="ended_at IS NULL"),
        partial_index("uq_work_session_open_job", "job_id", "role", where="ended_at IS NULL"),
        sa.Index("ix_work_session_ended", "technician_id", "ended_at"),
        flagged("ix_work_session_assumed", "technician_id", "started_at", flag="is_end_assumed"),
    )

    @property
    def counted_end(self) -> datetime | None:
        """When it ended, as it was put right; None while it runs."""
        return (self.correction or self).ended_at

    @property
    def is_unconfirmed(self) -> bool:
        """Whether its end is a guess that nobody has confirmed; no rate counts it."""
        return self.is_end_assumed and self.correction is None


class ClockCorrection(Model):
    """When a clock that was forgotten really ended, and why. Append-only; the guess stays."""

    id: Mapped[intpk]
    work_session_id: Mapped[int] = mapped_column(ForeignKey("work_session.id"), unique=True)
    ended_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    by: Mapped[User] = relationship()

    __table_args__ = (CheckConstraint("reason <> ''", name="reason"),)


class WorkPoint(Model):
    """One of the six points of a job, with its own time; a slip is undone, never deleted."""

    id: Mapped[intpk]
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"), index=True)
    point: Mapped[Point]
    ticked_at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    hurried: Mapped[bool] = mapped_column(default=False)
    undone_at: Mapped[datetime | None]
    by: Mapped[User] = relationship(lazy="joined")

    __table_args__ = (
        partial_index("uq_work_point_live", "job_id", "point", where="undone_at IS NULL"),
    )


class WorkNote(Model):
    """What was found or done while working: words, a measured value, a photo."""

    id: Mapped[intpk]
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"), index=True)
    text: Mapped[str] = mapped_column(sa.Text, default="")
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"))
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    by: Mapped[User] = relationship(lazy="joined")


class Inspection(Model):
    """One check of one level: of a job (self-check) or of the whole order."""

    id: Mapped[intpk]
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), index=True)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    level: Mapped[Level]
    passed: Mapped[bool]
    remarks: Mapped[str] = mapped_column(sa.Text, default="")
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    by: Mapped[User] = relationship(lazy="joined")
    items: Mapped[list[InspectionItem]] = relationship(
        lazy="selectin", order_by="InspectionItem.position"
    )
    road_test: Mapped[RoadTest | None] = relationship(lazy="joined", uselist=False)

    __table_args__ = (
        CheckConstraint("(level = 'self_check') = (job_id IS NOT NULL)", name="self_check_of_job"),
        present("ix_inspection_job_id", "job_id", where="job_id IS NOT NULL"),
    )

    @property
    def versions(self) -> list[ChecklistVersion]:
        """The versions of the lists that were answered, in their order."""
        asked = (each.asked.version for each in self.items if each.asked is not None)
        return list(dict.fromkeys(asked))


class InspectionItem(Model):
    """One line of a check as it was answered; title and standard are kept as they were asked."""

    id: Mapped[intpk]
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"), index=True)
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    standard: Mapped[str] = mapped_column(String(200), default="")
    verdict: Mapped[Verdict]
    measured: Mapped[str] = mapped_column(String(60), default="")
    # What the value said by the limits of the version that was asked.
    light: Mapped[Light | None]
    note: Mapped[str] = mapped_column(String(300), default="")
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"))
    # The line of the list that was answered, in the words of its version.
    asked_id: Mapped[int | None] = mapped_column(ForeignKey("checklist_item.id"))
    asked: Mapped[ChecklistItem | None] = relationship(lazy="joined")

    __table_args__ = (
        UniqueConstraint("inspection_id", "code"),
        CheckConstraint("light <> 'red' OR verdict IN ('bad', 'attention')", name="red"),
    )

    def title_in(self, locale: str) -> str:
        """What was asked, in `locale`, in the words of the version that was answered."""
        return self.asked.title_in(locale) if self.asked else self.title

    def standard_in(self, locale: str) -> str:
        """What it had to be, in `locale`."""
        return self.asked.standard_in(locale) if self.asked else self.standard


class RoadTest(Model):
    """The drive that belongs to a quality check."""

    id: Mapped[intpk]
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"), unique=True)
    from_km: Mapped[int]
    to_km: Mapped[int]
    route: Mapped[str] = mapped_column(String(200))
    findings: Mapped[str] = mapped_column(sa.Text, default="")
    driver_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    driver: Mapped[User] = relationship(lazy="joined")

    __table_args__ = (CheckConstraint("from_km >= 0 AND to_km > from_km", name="km"),)


class AdditionalWork(Model):
    """What a technician found and proposes; no work on it before the customer's consent."""

    id: Mapped[intpk]
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), index=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"), index=True)
    finding: Mapped[str] = mapped_column(sa.Text)
    urgency: Mapped[Urgency]
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"))
    operation_id: Mapped[int | None] = mapped_column(ForeignKey("operation.id"))
    # The line of an inspection that found it.
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("inspection_answer.id"))
    requested_at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    quotation_id: Mapped[int | None] = mapped_column(ForeignKey("quotation.id"), index=True)
    priced_at: Mapped[datetime | None]
    dismissed_at: Mapped[datetime | None]
    dismissed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    dismiss_reason: Mapped[str] = mapped_column(String(200), default="")
    order: Mapped[RepairOrder] = relationship()
    by: Mapped[User] = relationship(lazy="joined", foreign_keys=[by_id])
    quotation: Mapped[Quotation | None] = relationship()

    @property
    def state(self) -> AdditionState:
        """How far the request is; once it is priced, the quotation knows the answer."""
        if self.dismissed_at is not None:
            return AdditionState.DISMISSED
        offer = self.offer
        if offer is None:
            return AdditionState.REQUESTED
        if offer.state in (QuotationState.DRAFT, QuotationState.OFFERED):
            return AdditionState.OFFERED
        agreed = offer.state is QuotationState.SIGNED
        return AdditionState.ACCEPTED if agreed else AdditionState.DECLINED

    @property
    def offer(self) -> Quotation | None:
        """The newest version of the offer; the advisor may have written a new one."""
        if self.quotation is None:
            return None
        query = sa.select(Quotation).where(Quotation.no == self.quotation.no)
        newest = query.order_by(Quotation.version_no.desc()).limit(1)
        found: Quotation = session.scalars(newest).one()
        return found

    __table_args__ = (
        CheckConstraint("quotation_id IS NULL OR dismissed_at IS NULL", name="one_answer"),
        partial_index("uq_additional_work_answer", "answer_id", where="answer_id IS NOT NULL"),
    )


class ReworkOrder(Model):
    """Work done again at our cost: found by a check (internal) or by the customer (external)."""

    id: Mapped[intpk]
    no: Mapped[str] = mapped_column(String(32), unique=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), index=True)
    kind: Mapped[ReworkKind]
    # The job that mends it (internal), and the one whose fault it is.
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"), index=True)
    responsible_job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    at_fault_line_id: Mapped[int | None] = mapped_column(ForeignKey("quotation_line.id"))
    inspection_id: Mapped[int | None] = mapped_column(ForeignKey("inspection.id"), unique=True)
    original_order_id: Mapped[int | None] = mapped_column(ForeignKey("repair_order.id"), index=True)
    found_at: Mapped[Level | None]
    cause: Mapped[Cause | None]
    complaint: Mapped[str] = mapped_column(sa.Text)
    days_since_delivery: Mapped[int | None]
    km_since_delivery: Mapped[int | None]
    in_guarantee: Mapped[bool | None]
    repeat_count: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    order: Mapped[RepairOrder] = relationship(foreign_keys=[order_id])
    opened_by: Mapped[User] = relationship(lazy="joined", foreign_keys=[opened_by_id])

    @property
    def waits_for_technician(self) -> bool:
        """Whether somebody has to be put on the mending before the car goes on."""
        return self.order.stage is Stage.REWORK

    def may_be_assigned_by(self, user: User) -> bool:
        """Whether this person can put somebody on the mending now."""
        return self.waits_for_technician and user.may(Permission.SCHEDULE)

    __table_args__ = (
        CheckConstraint("(kind = 'internal') = (job_id IS NOT NULL)", name="internal_has_job"),
        # A visit is the comeback of one earlier visit, recorded once.
        partial_index("uq_rework_order_external", "order_id", where="kind = 'external'"),
        present("ix_rework_order_open", "order_id", where="closed_at IS NULL"),
    )
