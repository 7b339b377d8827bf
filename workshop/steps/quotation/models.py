"""Quotations with their versions and lines; what is signed is frozen, in the database too."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.catalogue.models import GuaranteeClass
from workshop.db import Model, enum_type, intpk
from workshop.errors import N_
from workshop.orders.models import RepairOrder, Urgency
from workshop.staff.models import User
from workshop.stock.models import Part, PartClass


class QuotationKind(Enum):
    """The contract itself, or work that was found later and is asked for apart."""

    MAIN = "main"
    ADDITION = "addition"


class QuotationState(Enum):
    """How far a quotation is; only a draft can be edited."""

    DRAFT = "draft"
    OFFERED = "offered"
    SIGNED = "signed"
    DECLINED = "declined"
    SUPERSEDED = "superseded"

    @property
    def label(self) -> str:
        return QUOTATION_STATE_LABELS[self]


QUOTATION_STATE_LABELS = {
    QuotationState.DRAFT: N_("Draft"),
    QuotationState.OFFERED: N_("Offered"),
    QuotationState.SIGNED: N_("Signed"),
    QuotationState.DECLINED: N_("Declined"),
    QuotationState.SUPERSEDED: N_("Superseded"),
}


class LineKind(Enum):
    """What a line charges."""

    LABOUR = "labour"
    PART = "part"
    SUBLET = "sublet"
    DIAGNOSIS = "diagnosis"
    OTHER = "other"

    @property
    def label(self) -> str:
        return LINE_KIND_LABELS[self]


# What has a title of its own instead of a place in a catalogue.
CHARGES = (LineKind.SUBLET, LineKind.DIAGNOSIS, LineKind.OTHER)

LINE_KIND_LABELS = {
    LineKind.LABOUR: N_("Labour"),
    LineKind.PART: N_("Part"),
    LineKind.SUBLET: N_("Sublet"),
    LineKind.DIAGNOSIS: N_("Diagnosis charge"),
    LineKind.OTHER: N_("Other charge"),
}


class Payer(Enum):
    """Who pays a line."""

    CUSTOMER = "customer"
    WARRANTY = "warranty"
    STATUTORY = "statutory"
    INSURANCE = "insurance"
    INTERNAL = "internal"
    GOODWILL = "goodwill"

    @property
    def label(self) -> str:
        return PAYER_LABELS[self]


PAYER_LABELS = {
    Payer.CUSTOMER: N_("Customer pay"),
    Payer.WARRANTY: N_("Warranty"),
    Payer.STATUTORY: N_("Statutory warranty"),
    Payer.INSURANCE: N_("Insurance"),
    Payer.INTERNAL: N_("Internal"),
    Payer.GOODWILL: N_("Goodwill"),
}


class Decision(Enum):
    """What the customer said to a line."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"

    @property
    def label(self) -> str:
        return DECISION_LABELS[self]


DECISION_LABELS = {
    Decision.PENDING: N_("Not decided"),
    Decision.ACCEPTED: N_("Accepted"),
    Decision.DECLINED: N_("Declined"),
}


class ConsentChannel(Enum):
    """How the customer's answer reached us."""

    IN_PERSON = "in_person"
    PHONE = "phone"
    LINK = "link"

    @property
    def label(self) -> str:
        return CONSENT_CHANNEL_LABELS[self]


CONSENT_CHANNEL_LABELS = {
    ConsentChannel.IN_PERSON: N_("In person, signed"),
    ConsentChannel.PHONE: N_("By phone"),
    ConsentChannel.LINK: N_("By the customer's link"),
}

_LIVE = "kind = 'main' AND state IN ('draft', 'offered', 'signed')"


class Quotation(Model):
    """One version of what is offered to the customer: prices tax-included, with a promise.

    `total_fen` is the sum of all lines whoever pays; what the customer accepted is asked of the
    lines. `signed_at` is when the answer was given; from then on the database freezes the lines.
    """

    id: Mapped[intpk]
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), index=True)
    no: Mapped[str] = mapped_column(String(32))
    version_no: Mapped[int] = mapped_column(default=1)
    kind: Mapped[QuotationKind] = mapped_column(default=QuotationKind.MAIN)
    state: Mapped[QuotationState] = mapped_column(default=QuotationState.DRAFT, index=True)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("quotation.id"))
    # An addition says what was found, how urgent it is, and shows it.
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    urgency: Mapped[Urgency | None] = mapped_column(enum_type(Urgency, "quotation_urgency"))
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"))
    total_fen: Mapped[int] = mapped_column(default=0)
    offered_at: Mapped[datetime | None]
    offered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    offered_promise_at: Mapped[datetime | None]
    # How the promise was reckoned, kept so that the page can say why.
    promise_why: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    signed_at: Mapped[datetime | None]
    signer_name: Mapped[str] = mapped_column(String(80), default="")
    signature_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"))
    channel: Mapped[ConsentChannel | None]
    # Who said yes or no on the phone, and when; empty where there is a signature.
    evidence: Mapped[str] = mapped_column(String(200), default="")
    device: Mapped[str] = mapped_column(String(300), default="")
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decline_reason: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    version: Mapped[int] = mapped_column(default=1)
    order: Mapped[RepairOrder] = relationship(lazy="joined")
    created_by: Mapped[User] = relationship(foreign_keys=[created_by_id])
    taken_by: Mapped[User | None] = relationship(foreign_keys=[taken_by_id])

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        UniqueConstraint("no", "version_no"),
        CheckConstraint("state <> 'signed' OR signed_at IS NOT NULL", name="signed_at"),
        # One contract at a time is being made or holds; older versions are superseded.
        sa.Index(
            "uq_quotation_live_main",
            "order_id",
            unique=True,
            sqlite_where=sa.text(_LIVE),
            postgresql_where=sa.text(_LIVE),
        ),
    )

    @property
    def is_main(self) -> bool:
        return self.kind is QuotationKind.MAIN

    @property
    def is_draft(self) -> bool:
        return self.state is QuotationState.DRAFT

    @property
    def is_open(self) -> bool:
        """Whether it is still written or waits for its answer."""
        return self.state in (QuotationState.DRAFT, QuotationState.OFFERED)

    @property
    def is_replaced(self) -> bool:
        return self.state is QuotationState.SUPERSEDED


class QuotationLine(Model):
    """One price of a quotation, tax included. Part lines hang on their labour line.

    `quantity_milli` is in thousandths of the unit; a labour line has 1000 and its `book_minutes`.
    `unit_fen` is the price of one unit, for labour of one hour. `total_fen` is the rounded price
    less `discount_fen`.
    """

    id: Mapped[intpk]
    quotation_id: Mapped[int] = mapped_column(ForeignKey("quotation.id"), index=True)
    position: Mapped[int]
    kind: Mapped[LineKind]
    operation_id: Mapped[int | None] = mapped_column(ForeignKey("operation.id"))
    part_id: Mapped[int | None] = mapped_column(ForeignKey("part.id"))
    part_class: Mapped[PartClass | None]
    parent_line_id: Mapped[int | None] = mapped_column(ForeignKey("quotation_line.id"), index=True)
    title_zh: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200))
    unit: Mapped[str] = mapped_column(String(10), default="")
    quantity_milli: Mapped[int] = mapped_column(default=1000)
    book_minutes: Mapped[int] = mapped_column(default=0)
    unit_fen: Mapped[int]
    discount_fen: Mapped[int] = mapped_column(default=0)
    discount_reason: Mapped[str] = mapped_column(String(200), default="")
    discount_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    total_fen: Mapped[int]
    tax_basis_points: Mapped[int]
    payer: Mapped[Payer] = mapped_column(default=Payer.CUSTOMER)
    guarantee: Mapped[GuaranteeClass | None]
    urgency: Mapped[Urgency | None] = mapped_column(enum_type(Urgency, "line_urgency"))
    deferred_id: Mapped[int | None] = mapped_column(ForeignKey("deferred_work.id"))
    decision: Mapped[Decision] = mapped_column(default=Decision.PENDING)
    decline_reason: Mapped[str] = mapped_column(String(200), default="")
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"), index=True)
    part: Mapped[Part | None] = relationship(lazy="joined")

    __table_args__ = (
        CheckConstraint("quantity_milli > 0", name="quantity"),
        CheckConstraint("discount_fen >= 0 AND total_fen >= 0", name="amounts"),
        CheckConstraint("kind <> 'labour' OR book_minutes > 0", name="book_minutes"),
        CheckConstraint("kind <> 'part' OR part_id IS NOT NULL", name="part"),
        CheckConstraint("discount_fen = 0 OR discount_by_id IS NOT NULL", name="discount"),
    )

    def title_in(self, locale: str) -> str:
        """What is charged, in `locale` ("zh_CN" or "en")."""
        return self.title_zh if locale.startswith("zh") else self.title_en
