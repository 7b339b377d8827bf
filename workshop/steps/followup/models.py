"""The follow-up of a delivered order: attempts and answers."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.catalogue.checklists.models import ChecklistItem
from workshop.customers.models import Channel
from workshop.db import Model, intpk, present
from workshop.enums import LabelledEnum
from workshop.errors import N_
from workshop.orders.models import RepairOrder
from workshop.staff.models import User
from workshop.steps.followup.rules import LOW_SCORE, Outcome


class FollowUpState(LabelledEnum):
    """Every delivered order ends with a documented result (N18)."""

    PLANNED = "planned", N_("Planned")
    ANSWERED = "answered", N_("Answered")
    UNREACHED = "unreached", N_("Not reached")
    REFUSED = "refused", N_("Does not want to be called")


class FollowUp(Model):
    """The planned call after one delivery, by somebody who did not serve the customer."""

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), unique=True)
    state: Mapped[FollowUpState] = mapped_column(default=FollowUpState.PLANNED)
    channel: Mapped[Channel]
    planned_at: Mapped[datetime]
    # What the customer wished at the handover; a re-planned call keeps it.
    wished_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    order: Mapped[RepairOrder] = relationship(lazy="joined")

    __table_args__ = (
        present("ix_follow_up_planned", "branch_id", "planned_at", where="state = 'planned'"),
        sa.Index("ix_follow_up_closed", "branch_id", "closed_at"),
    )

    @property
    def is_planned(self) -> bool:
        """Whether the call is still to be made."""
        return self.state is FollowUpState.PLANNED

    @property
    def is_answered(self) -> bool:
        """Whether the customer was reached and said something."""
        return self.state is FollowUpState.ANSWERED

    @property
    def is_refused(self) -> bool:
        """Whether the customer wishes no call."""
        return self.state is FollowUpState.REFUSED


class FollowUpAttempt(Model):
    """One try to reach the customer."""

    id: Mapped[intpk]
    follow_up_id: Mapped[int] = mapped_column(ForeignKey("follow_up.id"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    channel: Mapped[Channel]
    outcome: Mapped[Outcome]
    note: Mapped[str] = mapped_column(sa.Text, default="")
    by: Mapped[User] = relationship()


class FollowUpResult(Model):
    """What the customer said, once."""

    id: Mapped[intpk]
    follow_up_id: Mapped[int] = mapped_column(ForeignKey("follow_up.id"), unique=True)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    is_fixed: Mapped[bool]
    recommendation: Mapped[int | None]
    words: Mapped[str] = mapped_column(sa.Text, default="")
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))

    __table_args__ = (CheckConstraint("recommendation BETWEEN 0 AND 10", name="recommendation"),)


class FollowUpAnswer(Model):
    """One answer, from 1 to 5."""

    id: Mapped[intpk]
    result_id: Mapped[int] = mapped_column(ForeignKey("follow_up_result.id"), index=True)
    question: Mapped[str] = mapped_column(String(40))
    score: Mapped[int]
    # The line of the list that was answered, in the words of its version.
    asked_id: Mapped[int | None] = mapped_column(ForeignKey("checklist_item.id"))
    asked: Mapped[ChecklistItem | None] = relationship(lazy="joined")

    __table_args__ = (
        UniqueConstraint("result_id", "question"),
        CheckConstraint("score BETWEEN 1 AND 5", name="score"),
    )

    def title_in(self, locale: str) -> str:
        """What was asked, in `locale`, in the words of the call."""
        return self.asked.title_in(locale) if self.asked else self.question

    @property
    def is_low(self) -> bool:
        """Whether this answer alone opens a case."""
        return self.score <= LOW_SCORE
