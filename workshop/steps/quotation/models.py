"""Quotations with their versions and lines; what is signed is frozen, in the database too."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.catalogue.models import GuaranteeClass, Payer
from workshop.db import Model, intpk, partial_index, present
from workshop.enums import LabelledEnum
from workshop.errors import N_
from workshop.orders.models import RepairOrder, Urgency
from workshop.staff.models import User
from workshop.stock.models import Part, PartClass
from workshop.storage.conditions import one_of


class QuotationKind(Enum):
    """The contract itself, or work that was found later and is asked for apart."""

    MAIN = "main"
    ADDITION = "addition"


class QuotationState(LabelledEnum):
    """How far a quotation is; only a draft can be edited."""

    DRAFT = "draft", N_("Draft")
    OFFERED = "offered", N_("Offered")
    SIGNED = "signed", N_("Signed")
    DECLINED = "declined", N_("Declined")
    SUPERSEDED = "superseded", N_("Superseded")

    @property
    def is_answered(self) -> bool:
        """Whether the customer has said yes or no."""
        return self in (QuotationState.SIGNED, QuotationState.DECLINED)


STILL_OPEN = (QuotationState.DRAFT, QuotationState.OFFERED)
"""What is still to be made or to be decided."""


class LineKind(LabelledEnum):
    """What a line charges."""

    LABOUR = "labour", N_("Labour")
    PART = "part", N_("Part")
    SUBLET = "sublet", N_("Sublet")
    DIAGNOSIS = "diagnosis", N_("Diagnosis charge")
    OTHER = "other", N_("Other charge")
    # It is the customer's money: they get it back with the old part.
    CORE = "core", N_("Core deposit")


# What has a title of its own instead of a place in a catalogue.
CHARGES = (LineKind.SUBLET, LineKind.DIAGNOSIS, LineKind.OTHER)


class Decision(LabelledEnum):
    """What the customer said to a line."""

    PENDING = "pending", N_("Not decided")
    ACCEPTED = "accepted", N_("Accepted")
    DECLINED = "declined", N_("Declined")


class ConsentChannel(LabelledEnum):
    """How the customer's answer reached us."""

    IN_PERSON = "in_person", N_("In person, signed")
    PHONE = "phone", N_("By phone")
    LINK = "link", N_("By the customer's link")


_OPEN = one_of("state", STILL_OPEN)
# Old parts that a customer brings back, or owes; few, and asked for over all years.
_DEPOSIT = "kind = 'core' AND decision = 'accepted'"
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
    state: Mapped[QuotationState] = mapped_column(default=QuotationState.DRAFT)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("quotation.id"))
    # An addition says what was found, how urgent it is, and shows it.
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    urgency: Mapped[Urgency | None]
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"))
    total_fen: Mapped[int] = mapped_column(default=0)
    offered_at: Mapped[datetime | None]
    offered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    offered_promise_at: Mapped[datetime | None]
    # How the promise was computed, kept so that the page can say why.
    promise_why: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    signed_at: Mapped[datetime | None]
    signer_name: Mapped[str] = mapped_column(String(80), default="")
    signature_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"))
    channel: Mapped[ConsentChannel | None]
    # Who said yes or no on the phone, and when; empty where there is a signature.
    evidence: Mapped[str] = mapped_column(String(200), default="")
    # Why somebody agreed whom the company has not named for it.
    authority: Mapped[str] = mapped_column(String(200), default="")
    device: Mapped[str] = mapped_column(String(300), default="")
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decline_reason: Mapped[str] = mapped_column(String(200), default="")
    # Why it was offered although something does not fit the car or stands there twice.
    despite: Mapped[str] = mapped_column(String(200), default="")
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
        partial_index("uq_quotation_live_main", "order_id", where=_LIVE),
        present("ix_quotation_open", "state", "order_id", where=_OPEN),
        sa.Index("ix_quotation_signed", "signed_at"),
    )

    @property
    def is_main(self) -> bool:
        return self.kind is QuotationKind.MAIN

    @property
    def is_draft(self) -> bool:
        return self.state is QuotationState.DRAFT

    @property
    def is_offered(self) -> bool:
        return self.state is QuotationState.OFFERED

    @property
    def is_signed(self) -> bool:
        return self.state is QuotationState.SIGNED

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
    and its share of a package's fixed price, `package_fen`, less `discount_fen`.
    """

    id: Mapped[intpk]
    quotation_id: Mapped[int] = mapped_column(ForeignKey("quotation.id"), index=True)
    position: Mapped[int]
    kind: Mapped[LineKind]
    operation_id: Mapped[int | None] = mapped_column(ForeignKey("operation.id"))
    part_id: Mapped[int | None] = mapped_column(ForeignKey("part.id"))
    part_class: Mapped[PartClass | None]
    # The number that was asked for, when another part is delivered in its place.
    ordered_no: Mapped[str] = mapped_column(String(40), default="")
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
    urgency: Mapped[Urgency | None]
    deferred_id: Mapped[int | None] = mapped_column(ForeignKey("deferred_work.id"))
    # Lines of a package at its fixed price: what this line bears of the difference, either way.
    package_id: Mapped[int | None] = mapped_column(ForeignKey("package.id"))
    package_fen: Mapped[int] = mapped_column(default=0)
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
        CheckConstraint("package_fen = 0 OR package_id IS NOT NULL", name="package"),
        present("ix_quotation_line_core", "quotation_id", where=_DEPOSIT),
    )

    @property
    def is_labour(self) -> bool:
        return self.kind is LineKind.LABOUR

    @property
    def is_part(self) -> bool:
        return self.kind is LineKind.PART

    @property
    def is_core(self) -> bool:
        return self.kind is LineKind.CORE

    @property
    def is_declined(self) -> bool:
        return self.decision is Decision.DECLINED

    @property
    def other_payer(self) -> Payer | None:
        """Who pays in the customer's place; None when the customer does."""
        return None if self.payer is Payer.CUSTOMER else self.payer

    def title_in(self, locale: str) -> str:
        """What is charged, in `locale` ("zh_CN" or "en")."""
        return self.title_zh if locale.startswith("zh") else self.title_en
