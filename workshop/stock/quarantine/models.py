"""Defective pieces, from their return to what became of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.db import Model, intpk
from workshop.enums import LabelledEnum
from workshop.errors import N_
from workshop.staff.models import User
from workshop.stock.models import Part
from workshop.stock.suppliers.models import Supplier


class QuarantineEnd(LabelledEnum):
    """What became of defective pieces."""

    REPLACED = "replaced", N_("The supplier replaced them")
    CREDITED = "credited", N_("The supplier credited them")
    SCRAPPED = "scrapped", N_("Scrapped")
    FOUND_GOOD = "found_good", N_("Found good: back on the shelf")


class Quarantine(Model):
    """Pieces that nobody may sell, in thousandths. They are in no level of the shelf."""

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), index=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"), index=True)
    # The order that they came back from.
    order_id: Mapped[int | None] = mapped_column(ForeignKey("repair_order.id"), index=True)
    quantity_milli: Mapped[int]
    note: Mapped[str] = mapped_column(String(200), default="")
    put_at: Mapped[datetime]
    put_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("supplier.id"), index=True)
    claim_no: Mapped[str] = mapped_column(String(40), default="")
    claimed_at: Mapped[datetime | None]
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    outcome: Mapped[QuarantineEnd | None]
    end_note: Mapped[str] = mapped_column(String(200), default="")
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    part: Mapped[Part] = relationship(lazy="joined")
    supplier: Mapped[Supplier | None] = relationship()
    put_by: Mapped[User] = relationship(foreign_keys=[put_by_id])

    __table_args__ = (
        CheckConstraint("quantity_milli > 0", name="quantity"),
        CheckConstraint("(claimed_at IS NULL) = (claimed_by_id IS NULL)", name="claimed_by"),
        CheckConstraint("(ended_at IS NULL) = (outcome IS NULL)", name="ended"),
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_by"),
    )

    @property
    def is_over(self) -> bool:
        """Whether it is decided what became of them."""
        return self.ended_at is not None

    @property
    def is_claimed(self) -> bool:
        """Whether a supplier was asked to make them good."""
        return self.claimed_at is not None
