"""What scheduling writes down besides the allocations: folders, proposals, pins, consents."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.allocation.models import Allocation
from workshop.customers.models import Channel
from workshop.db import Model, intpk, partial_index
from workshop.enums import LabelledEnum
from workshop.errors import N_
from workshop.orders.models import Job
from workshop.shop.models import Bay, Technician
from workshop.staff.models import User
from workshop.steps.scheduling.rules import MoreTimeReason, MoreTimeState


class FolderState(LabelledEnum):
    """Where the job folder is (domain.md §4)."""

    PREPARED = "prepared", N_("Folder prepared")
    ON_RACK = "on_rack", N_("Folder on the rack")
    TAKEN = "taken", N_("Folder taken")
    RETURNED = "returned", N_("Folder returned")


class JobFolder(Model):
    """The paper folder of a job: order copy, checklist, history. It walks one way."""

    id: Mapped[intpk]
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"), unique=True)
    state: Mapped[FolderState] = mapped_column(default=FolderState.PREPARED)
    prepared_at: Mapped[datetime]
    prepared_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    on_rack_at: Mapped[datetime | None]
    taken_at: Mapped[datetime | None]
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    returned_at: Mapped[datetime | None]
    returned_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    __table_args__ = (
        CheckConstraint("returned_at IS NULL OR taken_at IS NOT NULL", name="taken_first"),
    )


class ProposalState(LabelledEnum):
    """What became of a proposed time."""

    OPEN = "open", N_("Waits for the advisor")
    CONFIRMED = "confirmed", N_("Confirmed")
    REFUSED = "refused", N_("Refused")
    WITHDRAWN = "withdrawn", N_("Withdrawn")

    @property
    def tone(self) -> str:
        """The colour of its badge."""
        tones = {
            ProposalState.CONFIRMED: "good",
            ProposalState.REFUSED: "bad",
            ProposalState.OPEN: "warn",
        }
        return tones.get(self, "neutral")


class TimeChange(Model):
    """A time that the controller proposes for a planned job; only the advisor makes it true."""

    id: Mapped[intpk]
    allocation_id: Mapped[int] = mapped_column(ForeignKey("allocation.id"), index=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"), index=True)
    # The version of the allocation that the proposer saw.
    seen_version: Mapped[int]
    technician_id: Mapped[int] = mapped_column(ForeignKey("technician.id"))
    bay_id: Mapped[int | None] = mapped_column(ForeignKey("bay.id"))
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    across: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(200))
    state: Mapped[ProposalState] = mapped_column(default=ProposalState.OPEN)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    proposed_at: Mapped[datetime]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    answered_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(String(200), default="")
    allocation: Mapped[Allocation] = relationship()
    job: Mapped[Job] = relationship()
    technician: Mapped[Technician] = relationship()
    bay: Mapped[Bay | None] = relationship()
    proposed_by: Mapped[User] = relationship(foreign_keys=[proposed_by_id])

    __table_args__ = (
        CheckConstraint("minutes > 0", name="minutes"),
        partial_index("uq_time_change_open", "allocation_id", where="state = 'open'"),
    )


class PinPart(LabelledEnum):
    """What of a card's place can be fixed."""

    TECHNICIAN = "technician", N_("Technician")
    BAY = "bay", N_("Bay")
    START = "start", N_("Start")


class PlacePin(Model):
    """A card that a person has fixed against re-planning: technician, bay, start, or some of them.

    It holds what its allocation says of them, so whoever moves the card by hand takes it along;
    it ends with the allocation, or when somebody releases it.
    """

    id: Mapped[intpk]
    allocation_id: Mapped[int] = mapped_column(ForeignKey("allocation.id"), index=True)
    keeps_technician: Mapped[bool]
    keeps_bay: Mapped[bool]
    keeps_start: Mapped[bool]
    fixed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    fixed_at: Mapped[datetime]
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    released_at: Mapped[datetime | None]
    allocation: Mapped[Allocation] = relationship()
    fixed_by: Mapped[User] = relationship(lazy="joined", foreign_keys=[fixed_by_id])

    __table_args__ = (
        CheckConstraint("keeps_technician OR keeps_bay OR keeps_start", name="a_part"),
        CheckConstraint("(released_at IS NULL) = (released_by_id IS NULL)", name="released"),
        partial_index("uq_place_pin_live", "allocation_id", where="released_at IS NULL"),
    )

    @property
    def parts(self) -> list[PinPart]:
        """What is fixed."""
        kept = (self.keeps_technician, self.keeps_bay, self.keeps_start)
        return [part for part, is_kept in zip(PinPart, kept, strict=True) if is_kept]


class MoreTime(Model):
    """A technician's word that a job takes longer; the plan changes only when somebody moves it."""

    id: Mapped[intpk]
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"), index=True)
    minutes: Mapped[int]
    reason: Mapped[MoreTimeReason]
    asked_at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    state: Mapped[MoreTimeState] = mapped_column(default=MoreTimeState.OPEN)
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    job: Mapped[Job] = relationship()
    by: Mapped[User] = relationship(lazy="joined", foreign_keys=[by_id])
    answered_by: Mapped[User | None] = relationship(foreign_keys=[answered_by_id])

    @property
    def waits(self) -> bool:
        """Whether an answer is still of use: nobody gave one, and the job goes on."""
        return self.state.is_open and self.job.state.is_begun

    __table_args__ = (
        CheckConstraint("minutes > 0", name="minutes"),
        CheckConstraint("(state = 'open') = (answered_at IS NULL)", name="answered"),
        # The newest word counts; a job waits for one answer at most.
        partial_index("uq_more_time_open", "job_id", where="state = 'open'"),
    )


class DayConsent(Model):
    """The customer's agreement that a job goes to another day: how, when, who. Append-only."""

    id: Mapped[intpk]
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), index=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"), index=True)
    from_day: Mapped[date]
    to_day: Mapped[date]
    channel: Mapped[Channel]
    agreed_by: Mapped[str] = mapped_column(String(80))
    agreed_at: Mapped[datetime]
    noted_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    noted_at: Mapped[datetime]
    noted_by: Mapped[User] = relationship()

    __table_args__ = (CheckConstraint("from_day <> to_day", name="another_day"),)
