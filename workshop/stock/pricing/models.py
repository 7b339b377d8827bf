"""The history of a part's price, and the shop's mark-up on its cost."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.db import Model, intpk
from workshop.staff.models import User


class PartPrice(Model):
    """A price from a day on, tax included. Append-only: what is taken back has a row that says so.

    Of two rows of one day the later written counts.
    """

    id: Mapped[intpk]
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"), index=True)
    # A day of the shop's calendar.
    valid_from: Mapped[date]
    price_fen: Mapped[int]
    reason: Mapped[str] = mapped_column(String(200), default="")
    takes_back_id: Mapped[int | None] = mapped_column(ForeignKey("part_price.id"), unique=True)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    by: Mapped[User] = relationship()

    __table_args__ = (
        CheckConstraint("price_fen >= 0", name="price_fen"),
        CheckConstraint("takes_back_id <> id", name="takes_back"),
    )


class MarkupTier(Model):
    """One step of a branch's mark-up: from this cost on, the price is so many hundredths of it."""

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    from_fen: Mapped[int]
    percent: Mapped[int]

    __table_args__ = (
        UniqueConstraint("branch_id", "from_fen"),
        CheckConstraint("from_fen >= 0", name="from_fen"),
        CheckConstraint("percent BETWEEN 1 AND 10000", name="percent"),
    )
