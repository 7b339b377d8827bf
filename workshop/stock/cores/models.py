"""What of old parts was sent to a supplier, and what it credited of the deposits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.db import Model, intpk
from workshop.stock.models import Part
from workshop.stock.suppliers.models import Supplier


class CoreShipment(Model):
    """Old parts of one number on their way back; `due_fen` is the deposit that stands for them.

    A shipment that was typed wrong is withdrawn; a credit that was typed wrong is taken back.
    """

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), index=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("supplier.id"), index=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"), index=True)
    quantity_milli: Mapped[int]
    due_fen: Mapped[int]
    # The number of the return note.
    document: Mapped[str] = mapped_column(String(50), default="")
    sent_at: Mapped[datetime]
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    withdrawn_at: Mapped[datetime | None]
    # What the supplier gave back; less than the deposit has a reason.
    credited_fen: Mapped[int | None]
    credited_at: Mapped[datetime | None]
    credited_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    credit_no: Mapped[str] = mapped_column(String(50), default="")
    reason: Mapped[str] = mapped_column(String(200), default="")
    part: Mapped[Part] = relationship(lazy="joined")
    supplier: Mapped[Supplier] = relationship(lazy="joined")

    __table_args__ = (
        CheckConstraint("quantity_milli > 0", name="quantity"),
        CheckConstraint("due_fen >= 0", name="due"),
        CheckConstraint("credited_fen BETWEEN 0 AND due_fen", name="credited"),
        CheckConstraint("(credited_fen IS NULL) = (credited_at IS NULL)", name="credited_at"),
        CheckConstraint(
            "credited_fen IS NULL OR credited_fen = due_fen OR reason <> ''", name="short_reason"
        ),
        CheckConstraint("withdrawn_at IS NULL OR credited_at IS NULL", name="one_end"),
    )

    @property
    def is_waiting(self) -> bool:
        """Whether the supplier has not answered yet."""
        return self.withdrawn_at is None and self.credited_at is None
