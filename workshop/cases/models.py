"""What any step may open: a complaint, an inquiry, a call-back, with one owner at any time."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.customers.models import Customer
from workshop.db import Model, intpk
from workshop.errors import N_
from workshop.orders.models import RepairOrder
from workshop.staff.models import User


class CaseKind(Enum):
    """What somebody wants of us."""

    COMPLAINT = "complaint"
    INQUIRY = "inquiry"
    CALL_BACK = "call_back"

    @property
    def label(self) -> str:
        return CASE_KIND_LABELS[self]


CASE_KIND_LABELS = {
    CaseKind.COMPLAINT: N_("Complaint"),
    CaseKind.INQUIRY: N_("Inquiry"),
    CaseKind.CALL_BACK: N_("Call-back"),
}


class CaseTopic(Enum):
    """What a complaint is about (domain.md, step 11)."""

    QUALITY = "quality"
    ATTITUDE = "attitude"
    PRICE = "price"
    WAITING = "waiting"
    PARTS = "parts"
    FACILITIES = "facilities"
    BROKEN_PROMISE = "broken_promise"
    PERSONAL_DATA = "personal_data"
    OTHER = "other"

    @property
    def label(self) -> str:
        return CASE_TOPIC_LABELS[self]


CASE_TOPIC_LABELS = {
    CaseTopic.QUALITY: N_("Repair quality"),
    CaseTopic.ATTITUDE: N_("Attitude"),
    CaseTopic.PRICE: N_("Price"),
    CaseTopic.WAITING: N_("Time and waiting"),
    CaseTopic.PARTS: N_("Parts"),
    CaseTopic.FACILITIES: N_("Facilities"),
    CaseTopic.BROKEN_PROMISE: N_("Broken promise"),
    CaseTopic.PERSONAL_DATA: N_("Personal data"),
    CaseTopic.OTHER: N_("Other"),
}


class CaseState(Enum):
    """How far a case is; closing needs the second call by a supervisor."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    PLANNED = "planned"
    RESOLVED = "resolved"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        return CASE_STATE_LABELS[self]


CASE_STATE_LABELS = {
    CaseState.OPEN: N_("Case received"),
    CaseState.ACKNOWLEDGED: N_("Acknowledged"),
    CaseState.PLANNED: N_("Planned"),
    CaseState.RESOLVED: N_("Resolved, second call open"),
    CaseState.CLOSED: N_("Closed"),
}


class Verdict(Enum):
    """What the customer says of the solution at the second call."""

    SATISFIED = "satisfied"
    MOSTLY = "mostly"
    DISSATISFIED = "dissatisfied"

    @property
    def label(self) -> str:
        return VERDICT_LABELS[self]


VERDICT_LABELS = {
    Verdict.SATISFIED: N_("Satisfied"),
    Verdict.MOSTLY: N_("Mostly satisfied"),
    Verdict.DISSATISFIED: N_("Not satisfied"),
}


class Case(Model):
    """One matter of one customer. The first person asked owns it until another accepts it."""

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), index=True)
    no: Mapped[str] = mapped_column(String(32), unique=True)
    kind: Mapped[CaseKind]
    topic: Mapped[CaseTopic]
    state: Mapped[CaseState] = mapped_column(default=CaseState.OPEN, index=True)
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
    )


class CaseEntry(Model):
    """One line of a case's log. Append-only."""

    id: Mapped[intpk]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    words: Mapped[str] = mapped_column(sa.Text)
    by: Mapped[User] = relationship()
