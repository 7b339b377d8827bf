"""New versions of a signed authorisation from which work was taken off. Nothing is deleted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.db import Model, intpk, partial_index
from workshop.orders.models import RepairOrder
from workshop.staff.models import User
from workshop.steps.quotation.models import ConsentChannel, QuotationLine
from workshop.steps.quotation.taking_off.rules import TakeOffState


class TakeOff(Model):
    """One new version of an order's authorisation, with less work than the one before.

    `wanted` is what was put to the customer, line by line; it becomes true when they agree.
    `after_fen` is what the customer then pays at most, tax included. With `stops` the whole rest of
    the order ends; `no_check_reason` says why what was done then needs no check.
    """

    id: Mapped[intpk]
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), index=True)
    version_no: Mapped[int]
    state: Mapped[TakeOffState] = mapped_column(default=TakeOffState.ASKED, index=True)
    stops: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(200))
    no_check_reason: Mapped[str] = mapped_column(String(200), default="")
    wanted: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    before_fen: Mapped[int]
    after_fen: Mapped[int]
    promise_at: Mapped[datetime | None]
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    agreed_at: Mapped[datetime | None]
    signer_name: Mapped[str] = mapped_column(String(80), default="")
    signature_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"))
    channel: Mapped[ConsentChannel | None]
    # Who said yes on the phone, and when; empty where there is a signature.
    evidence: Mapped[str] = mapped_column(String(200), default="")
    # Why somebody agreed whom the company has not named for it.
    authority: Mapped[str] = mapped_column(String(200), default="")
    device: Mapped[str] = mapped_column(String(300), default="")
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    version: Mapped[int] = mapped_column(default=1)
    order: Mapped[RepairOrder] = relationship(lazy="joined")
    asked_by: Mapped[User] = relationship(foreign_keys=[asked_by_id])
    taken_by: Mapped[User | None] = relationship(foreign_keys=[taken_by_id])

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        UniqueConstraint("order_id", "version_no"),
        CheckConstraint("reason <> ''", name="reason"),
        CheckConstraint("state <> 'agreed' OR agreed_at IS NOT NULL", name="agreed_at"),
        CheckConstraint("state <> 'agreed' OR signer_name <> ''", name="signer"),
        CheckConstraint("state <> 'agreed' OR channel IS NOT NULL", name="channel"),
        CheckConstraint("channel <> 'phone' OR evidence <> ''", name="evidence"),
        # The customer is asked one thing at a time.
        partial_index("uq_take_off_asked", "order_id", where="state = 'asked'"),
    )

    @property
    def is_asked(self) -> bool:
        """Whether the customer has not answered yet."""
        return self.state is TakeOffState.ASKED

    @property
    def is_agreed(self) -> bool:
        """Whether the customer has agreed."""
        return self.state is TakeOffState.AGREED


class TakeOffLine(Model):
    """One signed line that is carried out no more, and what becomes of what was done of it.

    `done` is in minutes for labour and in thousandths for parts; `done_fen` is its price. It is
    billed, or waived by a named person with a reason.
    """

    id: Mapped[intpk]
    take_off_id: Mapped[int] = mapped_column(ForeignKey("take_off.id"), index=True)
    # A signed line is taken off once.
    quotation_line_id: Mapped[int] = mapped_column(ForeignKey("quotation_line.id"), unique=True)
    done: Mapped[int] = mapped_column(default=0)
    done_fen: Mapped[int] = mapped_column(default=0)
    billed_fen: Mapped[int] = mapped_column(default=0)
    waived_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    waive_reason: Mapped[str] = mapped_column(String(200), default="")
    take_off: Mapped[TakeOff] = relationship()
    line: Mapped[QuotationLine] = relationship(lazy="joined")
    waived_by: Mapped[User | None] = relationship()

    __table_args__ = (
        CheckConstraint("done >= 0 AND billed_fen BETWEEN 0 AND done_fen", name="billed"),
        CheckConstraint(
            "billed_fen = done_fen OR (waived_by_id IS NOT NULL AND waive_reason <> '')",
            name="waived",
        ),
    )

    @property
    def waived_fen(self) -> int:
        """What was done and is not billed."""
        return self.done_fen - self.billed_fen
