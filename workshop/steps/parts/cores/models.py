"""Old parts that came back for their deposit, and deposits that the shop keeps."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.db import Model, intpk
from workshop.orders.models import RepairOrder
from workshop.staff.models import User
from workshop.steps.parts.cores.rules import Outcome
from workshop.steps.quotation.models import QuotationLine


class CoreReturn(Model):
    """What became of old parts of one deposit line; a wrong entry is withdrawn, not changed.

    The database refuses more pieces than the line charged.
    """

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), index=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), index=True)
    quotation_line_id: Mapped[int] = mapped_column(ForeignKey("quotation_line.id"), index=True)
    outcome: Mapped[Outcome]
    quantity_milli: Mapped[int]
    # In which state it came back, or why the deposit is kept.
    note: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    withdrawn_reason: Mapped[str] = mapped_column(String(200), default="")
    order: Mapped[RepairOrder] = relationship()
    line: Mapped[QuotationLine] = relationship()
    by: Mapped[User] = relationship(foreign_keys=[by_id])

    __table_args__ = (
        CheckConstraint("quantity_milli > 0", name="quantity"),
        CheckConstraint("outcome <> 'kept' OR note <> ''", name="kept_reason"),
        CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL) "
            "AND (withdrawn_at IS NULL OR withdrawn_reason <> '')",
            name="withdrawn",
        ),
    )

    @property
    def is_back(self) -> bool:
        """Whether the old part is here."""
        return self.outcome is Outcome.BACK
