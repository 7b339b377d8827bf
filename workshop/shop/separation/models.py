"""What was done by one person though it is for two, with the reason."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.db import Model, intpk
from workshop.shop.separation.rules import Apart
from workshop.staff.models import User


class NamedException(Model):
    """A rule of two persons that was not kept for one record, by whom and why. Append-only."""

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    rule: Mapped[Apart]
    subject: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    reason: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    by: Mapped[User] = relationship()

    __table_args__ = (
        sa.Index("ix_named_exception_subject", "subject", "subject_id"),
        CheckConstraint("reason <> ''", name="reason"),
    )
