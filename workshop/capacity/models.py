"""Minutes of a day that are promised before anybody is named for them."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from workshop.db import Model, intpk, present


class TakeSource(Enum):
    """What takes time of a day before it has a technician."""

    APPOINTMENT = "appointment"
    JOB = "job"
    ONLINE = "online"


_UNUSED = "released_at IS NULL AND used_at IS NULL"


class CapacityTake(Model):
    """Minutes of a skill and of a bay that are promised on a day; cancelling releases them.

    `bay_kinds` are the kinds that would do (none: no bay); `not_before_at` is the arrival before
    which the work cannot begin. What is done was used and stays counted on its day.
    """

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    day: Mapped[date]
    skill_id: Mapped[int | None] = mapped_column(ForeignKey("skill.id"))
    bay_kinds: Mapped[list[str]] = mapped_column(default=list)
    minutes: Mapped[int]
    source: Mapped[TakeSource]
    source_id: Mapped[int]
    not_before_at: Mapped[datetime | None]
    taken_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]

    __table_args__ = (
        sa.Index("ix_capacity_take_day", "branch_id", "day"),
        present("ix_capacity_take_unused", "branch_id", "source", "day", where=_UNUSED),
        sa.Index("ix_capacity_take_source", "source", "source_id"),
        CheckConstraint("minutes > 0", name="minutes"),
    )
