"""Which steps of set-up somebody has put away."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workshop.db import Model, intpk
from workshop.setup.rules import SetupStep


class PutAway(Model):
    """A step of set-up that this shop does without; the list shows it folded away."""

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    step: Mapped[SetupStep]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("branch_id", "step"),)
