"""Notes on an order, and the people whom they name."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.db import Model, intpk, present
from workshop.orders.models import RepairOrder
from workshop.staff.models import User


class OrderNote(Model):
    """What somebody wrote about an order, for colleagues only."""

    id: Mapped[intpk]
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), index=True)
    text: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    corrected_at: Mapped[datetime | None]
    order: Mapped[RepairOrder] = relationship()
    by: Mapped[User] = relationship(lazy="joined")
    mentions: Mapped[list[NoteMention]] = relationship(
        order_by="NoteMention.id", lazy="selectin", back_populates="note"
    )

    __table_args__ = (CheckConstraint("text <> ''", name="text"),)


class NoteMention(Model):
    """Somebody whom a note names: it waits for them until they open the order or answer."""

    id: Mapped[intpk]
    note_id: Mapped[int] = mapped_column(ForeignKey("order_note.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    seen_at: Mapped[datetime | None]
    note: Mapped[OrderNote] = relationship(back_populates="mentions")
    user: Mapped[User] = relationship(lazy="joined")

    __table_args__ = (
        UniqueConstraint("note_id", "user_id"),
        present("ix_note_mention_open", "user_id", where="seen_at IS NULL"),
    )
