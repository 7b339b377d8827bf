"""What any step may open: a complaint, an inquiry, a call-back, with one owner at any time."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.customers.contacts import queries as contacts
from workshop.customers.contacts.queries import Reach
from workshop.customers.models import Customer
from workshop.db import Model, intpk, present
from workshop.enums import LabelledEnum
from workshop.errors import N_
from workshop.orders.models import RepairOrder
from workshop.staff.models import User


class CaseKind(LabelledEnum):
    """What somebody wants of us."""

    COMPLAINT = "complaint", N_("Complaint")
    INQUIRY = "inquiry", N_("Inquiry")
    CALL_BACK = "call_back", N_("Call-back")


class CaseTopic(LabelledEnum):
    """What a complaint is about (domain.md, step 11)."""

    QUALITY = "quality", N_("Repair quality")
    ATTITUDE = "attitude", N_("Attitude")
    PRICE = "price", N_("Price")
    WAITING = "waiting", N_("Time and waiting")
    PARTS = "parts", N_("Parts")
    FACILITIES = "facilities", N_("Facilities")
    BROKEN_PROMISE = "broken_promise", N_("Broken promise")
    PERSONAL_DATA = "personal_data", N_("Personal data")
    OTHER = "other", N_("Other")


class CaseState(LabelledEnum):
    """How far a case is; closing needs the second call by a supervisor."""

    OPEN = "open", N_("Case received")
    ACKNOWLEDGED = "acknowledged", N_("Acknowledged")
    PLANNED = "planned", N_("Planned")
    RESOLVED = "resolved", N_("Resolved, second call open")
    CLOSED = "closed", N_("Closed")


class Verdict(LabelledEnum):
    """What the customer says of the solution at the second call."""

    SATISFIED = "satisfied", N_("Satisfied")
    MOSTLY = "mostly", N_("Mostly satisfied")
    DISSATISFIED = "dissatisfied", N_("Not satisfied")


class Case(Model):
    """One matter of one customer. The first person asked owns it until another accepts it."""

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    no: Mapped[str] = mapped_column(String(32), unique=True)
    kind: Mapped[CaseKind]
    topic: Mapped[CaseTopic]
    state: Mapped[CaseState] = mapped_column(default=CaseState.OPEN)
    owner_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    offered_to_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("repair_order.id"), index=True)
    summary: Mapped[str] = mapped_column(sa.Text)
    plan: Mapped[str] = mapped_column(sa.Text, default="")
    cause: Mapped[str] = mapped_column(sa.Text, default="")
    remedy: Mapped[str] = mapped_column(sa.Text, default="")
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    due_ack_at: Mapped[datetime]
    due_plan_at: Mapped[datetime]
    due_resolve_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    planned_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    second_call_at: Mapped[datetime | None]
    second_call_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    verdict: Mapped[Verdict | None]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    owner: Mapped[User] = relationship(foreign_keys=[owner_id], lazy="joined")
    offered_to: Mapped[User | None] = relationship(foreign_keys=[offered_to_id])
    customer: Mapped[Customer] = relationship(lazy="joined")
    order: Mapped[RepairOrder | None] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        # The second call is a fact, not a button: the table refuses a case closed without it.
        sa.CheckConstraint("closed_at IS NULL OR second_call_at IS NOT NULL", name="second_call"),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        present("ix_case_open", "branch_id", where="state != 'closed'"),
        present("ix_case_open_owner", "owner_id", where="state != 'closed'"),
        present("ix_case_open_offered", "offered_to_id", where="state != 'closed'"),
        sa.Index("ix_case_closed", "branch_id", "closed_at"),
    )

    @property
    def reach(self) -> Reach:
        """Whom to call about it: who brought the car, or whom the company has named."""
        return self.order.reach if self.order is not None else contacts.reach(self.customer)

    @property
    def is_new(self) -> bool:
        """Whether the customer does not know yet that somebody cares."""
        return self.state is CaseState.OPEN

    @property
    def takes_plan(self) -> bool:
        """Whether it can be said now what will be done."""
        return self.state in (CaseState.OPEN, CaseState.ACKNOWLEDGED)

    @property
    def takes_solution(self) -> bool:
        """Whether cause and remedy can be written down now."""
        return self.state in (CaseState.ACKNOWLEDGED, CaseState.PLANNED)

    @property
    def waits_for_second_call(self) -> bool:
        """Whether the supervisor has to call the customer."""
        return self.state is CaseState.RESOLVED

    @property
    def is_closed(self) -> bool:
        """Whether all is done."""
        return self.state is CaseState.CLOSED

    @property
    def due_at(self) -> datetime:
        """When the next thing about the case is due."""
        return {
            CaseState.OPEN: self.due_ack_at,
            CaseState.ACKNOWLEDGED: self.due_plan_at,
        }.get(self.state, self.due_resolve_at)

    def is_offered_to(self, user: User) -> bool:
        """Whether this person is asked to take the case over."""
        return self.offered_to_id == user.id and not self.is_closed

    def is_late(self, at: datetime) -> bool:
        """Whether what was due is not done at `at`, or was resolved too late."""
        return self.due_at < (self.resolved_at or at)


class CaseEntry(Model):
    """One line of a case's log. Append-only."""

    id: Mapped[intpk]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    words: Mapped[str] = mapped_column(sa.Text)
    by: Mapped[User] = relationship()
