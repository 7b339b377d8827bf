"""The handover of a car: what was told, checked and given back, who took it, and its gate pass."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.catalogue.checklists.models import ChecklistItem
from workshop.customers.models import Channel
from workshop.db import Model, intpk, partial_index, present
from workshop.orders.models import RepairOrder
from workshop.staff.models import User
from workshop.steps.handover.rules import Collector, Proof


class Wash(Model):
    """A wash that was finished."""

    id: Mapped[intpk]
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), index=True)
    finished_at: Mapped[datetime] = mapped_column(index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    by: Mapped[User] = relationship()


class ReadyNotice(Model):
    """The customer was told that the car is ready, or could not be reached."""

    id: Mapped[intpk]
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), index=True)
    at: Mapped[datetime]
    channel: Mapped[Channel]
    reached: Mapped[bool]
    note: Mapped[str] = mapped_column(String(200), default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    by: Mapped[User] = relationship()


class HandoverCheck(Model):
    """One line of the checklist, ticked at its own time; a slip is taken back, never deleted."""

    id: Mapped[intpk]
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), index=True)
    item: Mapped[str] = mapped_column(String(40))
    checked_at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    taken_back_at: Mapped[datetime | None]
    taken_back_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    # The line of the list that was answered, in the words of its version.
    asked_id: Mapped[int | None] = mapped_column(ForeignKey("checklist_item.id"))
    by: Mapped[User] = relationship(foreign_keys=[by_id])
    asked: Mapped[ChecklistItem | None] = relationship()

    __table_args__ = (
        partial_index("uq_handover_check_live", "order_id", "item", where="taken_back_at IS NULL"),
    )

    def title_in(self, locale: str) -> str:
        """What was ticked, in `locale`, in the words that stood there."""
        return self.asked.title_in(locale) if self.asked else self.item


class Handover(Model):
    """The delivery record of one order; frozen once the car is handed over.

    Each part is recorded at its own time: the second walk-round, the next service, who collects,
    the follow-up wish.
    """

    id: Mapped[intpk]
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), unique=True)
    # The second walk-round against the first: None until it is done.
    new_damage: Mapped[bool | None]
    damage_note: Mapped[str] = mapped_column(sa.Text, default="")
    walked_at: Mapped[datetime | None]
    walked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    mileage_km: Mapped[int | None]
    next_due_on: Mapped[date | None]
    next_due_km: Mapped[int | None]
    reminders: Mapped[str] = mapped_column(sa.Text, default="")
    next_told_at: Mapped[datetime | None]
    collector: Mapped[Collector | None]
    collector_name: Mapped[str] = mapped_column(String(80), default="")
    collector_phone: Mapped[str] = mapped_column(String(32), default="")
    proof: Mapped[Proof | None]
    # How and by whom the customer confirmed it, in words.
    proof_note: Mapped[str] = mapped_column(String(200), default="")
    collector_at: Mapped[datetime | None]
    followup_wished_at: Mapped[datetime | None]
    followup_channel: Mapped[Channel | None]
    followup_refused: Mapped[str] = mapped_column(String(200), default="")
    followup_asked_at: Mapped[datetime | None]
    signature_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"))
    signer_name: Mapped[str] = mapped_column(String(80), default="")
    delivered_at: Mapped[datetime | None]
    delivered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    version: Mapped[int] = mapped_column(default=1)
    delivered_by: Mapped[User | None] = relationship(foreign_keys=[delivered_by_id])

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        CheckConstraint("new_damage IS NOT TRUE OR damage_note <> ''", name="damage_note"),
        CheckConstraint("mileage_km >= 0 AND next_due_km >= 0", name="km"),
        CheckConstraint("collector <> 'other' OR proof IS NOT NULL", name="other_proof"),
    )


class GatePass(Model):
    """The paper with which a car may leave the premises; one for each order."""

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    no: Mapped[str] = mapped_column(String(32), unique=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), unique=True)
    issued_at: Mapped[datetime] = mapped_column(index=True)
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    left_at: Mapped[datetime | None]
    left_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    order: Mapped[RepairOrder] = relationship(lazy="joined")
    issued_by: Mapped[User] = relationship(foreign_keys=[issued_by_id])
    left_by: Mapped[User | None] = relationship(foreign_keys=[left_by_id])

    __table_args__ = (
        CheckConstraint("left_at IS NULL OR left_by_id IS NOT NULL", name="left"),
        present("ix_gate_pass_here", "branch_id", "issued_at", where="left_at IS NULL"),
        sa.Index("ix_gate_pass_left", "branch_id", "left_at"),
    )
