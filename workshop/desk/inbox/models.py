"""What somebody has taken out of everybody's inbox."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.db import Model, intpk, partial_index
from workshop.staff.models import User


class Taken(Model):
    """Somebody sees to all that waited about one thing at that moment, until it is done."""

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    # As `rules.Item` names what it is about.
    subject: Mapped[str] = mapped_column(String(80))
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    by: Mapped[User] = relationship(lazy="joined")

    __table_args__ = (
        partial_index("uq_taken_open", "branch_id", "subject", where="ended_at IS NULL"),
    )
