"""An inspection of a visit by one version of a template; what was corrected stays kept."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.catalogue.checklists.models import Checklist, ChecklistItem, ChecklistVersion
from workshop.catalogue.checklists.rules import Spot
from workshop.db import Model, intpk, partial_index
from workshop.inspections.rules import Ending, Result, Where
from workshop.orders.models import RepairOrder
from workshop.staff.models import User


class VehicleInspection(Model):
    """One template filled in for one visit; there is one of each, wherever it was begun."""

    id: Mapped[intpk]
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"))
    checklist_id: Mapped[int] = mapped_column(ForeignKey("checklist.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("checklist_version.id"))
    begun_at: Mapped[datetime]
    begun_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    finished_at: Mapped[datetime | None]
    finished_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    order: Mapped[RepairOrder] = relationship()
    checklist: Mapped[Checklist] = relationship(lazy="joined")
    version: Mapped[ChecklistVersion] = relationship(lazy="joined")
    finished_by: Mapped[User | None] = relationship(foreign_keys=[finished_by_id])

    __table_args__ = (
        UniqueConstraint("order_id", "checklist_id"),
        CheckConstraint("(finished_at IS NULL) = (finished_by_id IS NULL)", name="finished"),
    )

    @property
    def is_finished(self) -> bool:
        """Whether somebody has said that it is complete."""
        return self.finished_at is not None


class InspectionAnswer(Model):
    """What was said of one line; a later answer takes its place and leaves it in the books."""

    id: Mapped[intpk]
    inspection_id: Mapped[int] = mapped_column(ForeignKey("vehicle_inspection.id"), index=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("checklist_item.id"))
    result: Mapped[Result]
    note: Mapped[str] = mapped_column(String(300), default="")
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"))
    place: Mapped[Where]
    answered_at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    # Answered so soon after the line before that nobody can have looked.
    hurried: Mapped[bool] = mapped_column(default=False)
    replaced_at: Mapped[datetime | None]
    by: Mapped[User] = relationship(lazy="joined")
    item: Mapped[ChecklistItem] = relationship(lazy="joined")
    inspection: Mapped[VehicleInspection] = relationship()
    values: Mapped[list[InspectionValue]] = relationship(
        lazy="selectin", order_by="InspectionValue.id"
    )

    __table_args__ = (
        partial_index(
            "uq_inspection_answer_live", "inspection_id", "item_id", where="replaced_at IS NULL"
        ),
        CheckConstraint("result <> 'skipped' OR note <> ''", name="skipped"),
    )

    @property
    def measured(self) -> dict[Spot, int]:
        """The values in thousandths of the unit, by place."""
        return {each.spot: each.value_milli for each in self.values}


class RedEnd(Model):
    """How a red line ended without the work: put off to a day or mileage, or declined and signed.

    What was done ends by its job. A correction of the line makes it open again, or green.
    """

    id: Mapped[intpk]
    answer_id: Mapped[int] = mapped_column(ForeignKey("inspection_answer.id"))
    kind: Mapped[Ending]
    due_on: Mapped[date | None]
    due_km: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(200), default="")
    signer_name: Mapped[str] = mapped_column(String(80), default="")
    signature_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"))
    # Where it waits for the next visit.
    deferred_id: Mapped[int] = mapped_column(ForeignKey("deferred_work.id"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    taken_back_at: Mapped[datetime | None]
    taken_back_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    by: Mapped[User] = relationship(lazy="joined", foreign_keys=[by_id])

    __table_args__ = (
        partial_index("uq_red_end_live", "answer_id", where="taken_back_at IS NULL"),
        CheckConstraint(
            "kind <> 'deferred' OR due_on IS NOT NULL OR due_km IS NOT NULL", name="due"
        ),
        CheckConstraint("kind <> 'declined' OR signer_name <> ''", name="signed"),
        CheckConstraint("(taken_back_at IS NULL) = (taken_back_by_id IS NULL)", name="taken_back"),
    )


class InspectionValue(Model):
    """A measured value of an answer, in thousandths of the unit of its line."""

    id: Mapped[intpk]
    answer_id: Mapped[int] = mapped_column(ForeignKey("inspection_answer.id"))
    spot: Mapped[Spot]
    value_milli: Mapped[int]

    __table_args__ = (UniqueConstraint("answer_id", "spot"),)
