"""What the time clock writes down: who came and went when, and the breaks between.

A row is never rewritten: an open one is ended once, and a wrong one is replaced by a correction
that says why. The guards of the database hold to it (migrations/versions/0002_guards.*.sql).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop import events
from workshop.db import Model, intpk, partial_index
from workshop.shop.models import Technician
from workshop.staff.models import User


@dataclass(frozen=True)
class PresenceChanged(events.Event):
    """A technician came, went, or is on a break."""

    technician_id: int
    branch_id: int
    at: datetime


class Attendance(Model):
    """One stay of a technician in the shop; open while `ended_at` is empty.

    `is_end_assumed`: nobody clocked out, and the end is what the rule takes it to be. A
    correction names in `corrects_id` what it replaces (nothing, for a stay that was never
    clocked) and says why; what it replaces has `replaced_at` and counts no more.
    """

    id: Mapped[intpk]
    technician_id: Mapped[int] = mapped_column(ForeignKey("technician.id"))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    is_end_assumed: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("attendance.id"), unique=True)
    reason: Mapped[str] = mapped_column(String(200), default="")
    replaced_at: Mapped[datetime | None]
    technician: Mapped[Technician] = relationship()
    made_by: Mapped[User] = relationship(foreign_keys=[made_by_id])
    breaks: Mapped[list[AttendanceBreak]] = relationship(
        lazy="selectin", order_by="AttendanceBreak.started_at, AttendanceBreak.id"
    )

    __table_args__ = (
        CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name="order"),
        CheckConstraint("corrects_id IS NULL OR reason <> ''", name="reason"),
        # Nobody ends what a rule ends, and the rule's end is marked.
        CheckConstraint(
            "(ended_at IS NULL) = (ended_by_id IS NULL) "
            "OR (is_end_assumed AND ended_at IS NOT NULL)",
            name="ended_by",
        ),
        sa.Index("ix_attendance_technician_start", "technician_id", "started_at"),
        # Nobody is here twice.
        partial_index(
            "uq_attendance_open", "technician_id", where="ended_at IS NULL AND replaced_at IS NULL"
        ),
    )


class AttendanceBreak(Model):
    """A break within a stay; it is no working time. Open while `ended_at` is empty."""

    id: Mapped[intpk]
    attendance_id: Mapped[int] = mapped_column(ForeignKey("attendance.id"), index=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name="order"),
        partial_index("uq_attendance_break_open", "attendance_id", where="ended_at IS NULL"),
    )
