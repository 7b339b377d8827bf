"""Duties that pass from one person to another, and what somebody asks of who may do it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop import events
from workshop.db import Model, intpk, partial_index
from workshop.enums import LabelledEnum
from workshop.errors import N_
from workshop.staff.models import User


@dataclass(frozen=True)
class DutiesChanged(events.Event):
    """Something was asked, offered or answered between people of a branch."""

    branch_id: int
    at: datetime


class HandOverState(LabelledEnum):
    """What became of a hand-over."""

    OFFERED = "offered", N_("Waits for an answer")
    ACCEPTED = "accepted", N_("Accepted")
    SET = "set", N_("Set by the manager")
    DECLINED = "declined", N_("Declined")
    TAKEN_BACK = "taken_back", N_("Taken back")

    @property
    def tone(self) -> str:
        """The colour of its badge."""
        return {"offered": "warn", "accepted": "good", "set": "good"}.get(self.value, "neutral")


class HandOver(Model):
    """Duties of one person that another takes over: all or some, with a reason."""

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), index=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    to_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    reason: Mapped[str] = mapped_column(String(300))
    state: Mapped[HandOverState] = mapped_column(default=HandOverState.OFFERED)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    answer: Mapped[str] = mapped_column(String(300), default="")
    version: Mapped[int] = mapped_column(default=1)
    giver: Mapped[User] = relationship(foreign_keys=[from_id], lazy="joined")
    taker: Mapped[User] = relationship(foreign_keys=[to_id], lazy="joined")
    items: Mapped[list[HandOverItem]] = relationship(order_by="HandOverItem.id", lazy="selectin")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        CheckConstraint("from_id <> to_id", name="two_persons"),
        CheckConstraint("reason <> ''", name="reason"),
        CheckConstraint("(state = 'offered') = (answered_at IS NULL)", name="answered"),
        CheckConstraint("(answered_at IS NULL) = (answered_by_id IS NULL)", name="answered_by"),
    )

    @property
    def is_offered(self) -> bool:
        """Whether the answer is still to come."""
        return self.state is HandOverState.OFFERED


class HandOverItem(Model):
    """One duty of a hand-over; while it is open no other hand-over may name it."""

    id: Mapped[intpk]
    hand_over_id: Mapped[int] = mapped_column(ForeignKey("hand_over.id"), index=True)
    duty: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    is_open: Mapped[bool] = mapped_column(default=True)
    is_handed: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        partial_index("uq_hand_over_item_open", "duty", "record_id", where="is_open"),
        CheckConstraint("NOT (is_open AND is_handed)", name="one_state"),
    )


class RequestState(LabelledEnum):
    """What became of a request."""

    OPEN = "open", N_("Open")
    DONE = "done", N_("Done")
    DECLINED = "declined", N_("Declined")
    TAKEN_BACK = "taken_back", N_("Taken back")

    @property
    def tone(self) -> str:
        """The colour of its badge."""
        return {"open": "warn", "done": "good", "declined": "bad"}.get(self.value, "neutral")


class PermissionRequest(Model):
    """Somebody may not do a thing and asks who may: one person, or whoever comes first."""

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), index=True)
    # The rights of which one is enough, as their names with commas between.
    rights: Mapped[str] = mapped_column(String(300))
    path: Mapped[str] = mapped_column(String(300))
    words: Mapped[str] = mapped_column(String(300), default="")
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    asked_of_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    state: Mapped[RequestState] = mapped_column(default=RequestState.OPEN)
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    answer: Mapped[str] = mapped_column(String(300), default="")
    asked_by: Mapped[User] = relationship(foreign_keys=[asked_by_id], lazy="joined")
    asked_of: Mapped[User | None] = relationship(foreign_keys=[asked_of_id], lazy="joined")
    answered_by: Mapped[User | None] = relationship(foreign_keys=[answered_by_id])

    __table_args__ = (
        # The same is asked once as long as it is open, whoever is asked.
        partial_index(
            "uq_permission_request_open", "asked_by_id", "rights", "path", where="state = 'open'"
        ),
        CheckConstraint("(state = 'open') = (answered_at IS NULL)", name="answered"),
        CheckConstraint("(answered_at IS NULL) = (answered_by_id IS NULL)", name="answered_by"),
        sa.Index("ix_permission_request_branch_state", "branch_id", "state"),
    )

    @property
    def is_open(self) -> bool:
        """Whether nobody has answered yet."""
        return self.state is RequestState.OPEN
