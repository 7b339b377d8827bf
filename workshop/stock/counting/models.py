"""A count of the bins of a range, and what was counted of each part."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.db import Model, intpk, partial_index
from workshop.stock.models import Part


class Stocktake(Model):
    """One count of the bins from `bin_from` to `bin_to`; several people count on it."""

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), index=True)
    no: Mapped[str] = mapped_column(String(32), unique=True)
    bin_from: Mapped[str] = mapped_column(String(20))
    bin_to: Mapped[str] = mapped_column(String(20))
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    booked_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reason: Mapped[str] = mapped_column(String(110), default="")

    __table_args__ = (CheckConstraint("booked_at IS NULL OR dropped_at IS NULL", name="one_end"),)

    @property
    def is_open(self) -> bool:
        """Whether people still count on it."""
        return self.booked_at is None and self.dropped_at is None


class StocktakeLine(Model):
    """What somebody counted of a part. Counted again, the line before is replaced.

    `expected_milli` is what had to lie on the shelf at that moment: the ledger's sum without what
    stood in baskets. So what moves between the count and its booking changes no difference.
    """

    id: Mapped[intpk]
    stocktake_id: Mapped[int] = mapped_column(ForeignKey("stocktake.id"))
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"), index=True)
    bin: Mapped[str] = mapped_column(String(20), default="")
    counted_milli: Mapped[int]
    expected_milli: Mapped[int]
    counted_at: Mapped[datetime]
    counted_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    replaced_at: Mapped[datetime | None]
    part: Mapped[Part] = relationship(lazy="joined")

    __table_args__ = (
        CheckConstraint("counted_milli >= 0", name="counted"),
        partial_index(
            "uq_stocktake_line_live", "stocktake_id", "part_id", where="replaced_at IS NULL"
        ),
    )

    @property
    def difference_milli(self) -> int:
        """What is more on the shelf than there should be; negative for less."""
        return self.counted_milli - self.expected_milli
