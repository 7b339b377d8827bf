"""The answer to a concern of the customer."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.db import Model, intpk, partial_index
from workshop.orders.models import Job
from workshop.staff.models import User
from workshop.steps.repair.concerns.rules import Outcome


class ConcernAnswer(Model):
    """How a concern ended, in the words in which it stood; a wrong one is taken back and stays."""

    id: Mapped[intpk]
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), index=True)
    words: Mapped[str] = mapped_column(sa.Text)
    outcome: Mapped[Outcome]
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    note: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    taken_back_at: Mapped[datetime | None]
    taken_back_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    by: Mapped[User] = relationship(foreign_keys=[by_id])
    job: Mapped[Job | None] = relationship()

    __table_args__ = (
        CheckConstraint("(outcome = 'job') = (job_id IS NOT NULL)", name="job"),
        CheckConstraint("outcome = 'job' OR note <> ''", name="note"),
        partial_index("uq_concern_answer_live", "order_id", "words", where="taken_back_at IS NULL"),
    )
