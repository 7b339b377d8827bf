"""What a customer and the shop write to each other about one order."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.db import Model, intpk, present
from workshop.orders.models import RepairOrder
from workshop.staff.models import User
from workshop.thread.rules import Wish


class OrderThread(Model):
    """How far the thread of one order is: whether the customer waits, and who answers."""

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), unique=True)
    # The first message that nobody has answered, and until when it is to be.
    waits_since: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    # Who has said that they answer; nobody else need begin.
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    claimed_at: Mapped[datetime | None]
    # Wrong ends of the phone number that were typed on the link, and the last of them.
    wrong_tries: Mapped[int] = mapped_column(default=0)
    wrong_at: Mapped[datetime | None]
    order: Mapped[RepairOrder] = relationship(lazy="joined")
    claimed_by: Mapped[User | None] = relationship(lazy="joined")

    __table_args__ = (
        CheckConstraint("(waits_since IS NULL) = (due_at IS NULL)", name="due"),
        CheckConstraint("(claimed_by_id IS NULL) = (claimed_at IS NULL)", name="claimed"),
        present("ix_order_thread_waits", "branch_id", "due_at", where="waits_since IS NOT NULL"),
    )


class ThreadMessage(Model):
    """One message; without a person of the shop it is the customer's. Append-only."""

    id: Mapped[intpk]
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    wish: Mapped[Wish]
    words: Mapped[str] = mapped_column(sa.Text, default="")
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"))
    by: Mapped[User | None] = relationship(lazy="joined")

    __table_args__ = (
        CheckConstraint("words <> '' OR photo_id IS NOT NULL OR wish <> 'words'", name="says"),
    )

    @property
    def is_customers(self) -> bool:
        """Whether the customer wrote it."""
        return self.by_id is None
