"""A day that was closed: nothing is planned into it until somebody opens it again.

Who closes it, and what must be true before, is scheduling's; here stands only the fact, so that
everybody who looks for time passes the day over.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop import db
from workshop.db import Model, intpk, session
from workshop.shop.models import Branch
from workshop.staff.models import User


class DayClose(Model):
    """The day was closed: everything in it was finished, carried over or held.

    `begins_at` and `ends_at` are the shop's midnights around it, for the guard of the database.
    Nothing of it is rewritten; that it was opened again is added once.
    """

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    day: Mapped[date]
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    finished: Mapped[int]
    carried: Mapped[int]
    held: Mapped[int]
    closed_at: Mapped[datetime]
    closed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    reopened_at: Mapped[datetime | None]
    reopened_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reopen_reason: Mapped[str] = mapped_column(String(200), default="")
    closed_by: Mapped[User] = relationship(foreign_keys=[closed_by_id])
    reopened_by: Mapped[User | None] = relationship(foreign_keys=[reopened_by_id])

    __table_args__ = (
        CheckConstraint("begins_at < ends_at", name="order"),
        CheckConstraint("(reopened_at IS NULL) = (reopened_by_id IS NULL)", name="reopened"),
        CheckConstraint("(reopened_at IS NULL) = (reopen_reason = '')", name="reopened_why"),
        sa.Index(
            "uq_day_close_standing",
            "branch_id",
            "day",
            unique=True,
            sqlite_where=sa.text("reopened_at IS NULL"),
            postgresql_where=sa.text("reopened_at IS NULL"),
        ),
    )


def find(branch: Branch, day: date) -> DayClose | None:
    """The closing of the day that stands."""
    query = select(DayClose).where(
        DayClose.branch_id == branch.id, DayClose.day == day, DayClose.reopened_at.is_(None)
    )
    return session.scalars(query).one_or_none()


def closed_days(branch: Branch, since: date) -> Collection[date]:
    """The days from `since` on into which nothing can be planned any more."""
    query = select(DayClose.day).where(
        DayClose.branch_id == branch.id, DayClose.day >= since, DayClose.reopened_at.is_(None)
    )
    key = ("closed days", branch.id, since)
    return db.remember(key, {DayClose}, lambda: frozenset(session.scalars(query)))
