"""Settlements with their lines, the money received, and credit. Nothing here is ever deleted."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.catalogue.models import GuaranteeClass, Payer
from workshop.db import Model, intpk, partial_index, present
from workshop.orders.models import RepairOrder
from workshop.staff.models import User
from workshop.steps.quotation.models import LineKind
from workshop.steps.settlement.rules import (
    Account,
    InvoiceKind,
    SettlementKind,
    SettlementState,
    Tender,
)
from workshop.stock.models import PartClass

_LIVE = "kind = 'normal' AND state <> 'reversed'"


class Settlement(Model):
    """One version of an order's bill; it is locked once paid, credited or reversed.

    `total_fen` is the sum of all lines whoever pays, `customer_fen` what the customer pays of it,
    tax included both. Labour, parts and other add up to the total before `discount_fen`. A red
    letter repeats the version that it reverses with all figures negative.
    """

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), index=True)
    no: Mapped[str] = mapped_column(String(32), unique=True)
    version_no: Mapped[int]
    kind: Mapped[SettlementKind] = mapped_column(default=SettlementKind.NORMAL)
    state: Mapped[SettlementState] = mapped_column(default=SettlementState.OPEN)
    authorised_fen: Mapped[int]
    total_fen: Mapped[int] = mapped_column(default=0)
    customer_fen: Mapped[int] = mapped_column(default=0)
    labour_fen: Mapped[int] = mapped_column(default=0)
    parts_fen: Mapped[int] = mapped_column(default=0)
    other_fen: Mapped[int] = mapped_column(default=0)
    discount_fen: Mapped[int] = mapped_column(default=0)
    tax_fen: Mapped[int] = mapped_column(default=0)
    discount_reason: Mapped[str] = mapped_column(String(200), default="")
    discount_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    invoice_kind: Mapped[InvoiceKind | None]
    invoice_no: Mapped[str] = mapped_column(String(40), default="")
    # Why the same invoice is for another order, too.
    invoice_repeat_reason: Mapped[str] = mapped_column(String(200), default="")
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    settled_at: Mapped[datetime | None]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("settlement.id"), unique=True)
    reversed_at: Mapped[datetime | None]
    reversed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reverse_reason: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column(default=1)
    order: Mapped[RepairOrder] = relationship(lazy="joined")
    made_by: Mapped[User] = relationship(foreign_keys=[made_by_id])
    discount_by: Mapped[User | None] = relationship(foreign_keys=[discount_by_id])
    reversed_by: Mapped[User | None] = relationship(foreign_keys=[reversed_by_id])

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        UniqueConstraint("order_id", "version_no"),
        CheckConstraint("kind = 'red' OR customer_fen <= authorised_fen", name="authorised"),
        CheckConstraint("(kind = 'red') = (reverses_id IS NOT NULL)", name="red_letter"),
        CheckConstraint("discount_fen = 0 OR discount_by_id IS NOT NULL", name="discount"),
        partial_index("uq_settlement_live", "order_id", where=_LIVE),
        present("ix_settlement_open", "branch_id", where="state = 'open'"),
        present("ix_settlement_reversed", "branch_id", where="state = 'reversed'"),
        sa.Index("ix_settlement_settled", "branch_id", "settled_at"),
    )

    @property
    def is_red(self) -> bool:
        return self.kind is SettlementKind.RED

    @property
    def is_open(self) -> bool:
        return self.state is SettlementState.OPEN

    @property
    def is_credited(self) -> bool:
        return self.state is SettlementState.CREDITED


class SettlementLine(Model):
    """One billed line, tax included.

    `agreed_fen` is what was authorised of the quantity that was used; `total_fen` is that less
    `discount_fen`, which was given at the settlement. The value of lines that somebody else pays
    is kept under their payer; the customer pays nothing for them.
    """

    id: Mapped[intpk]
    settlement_id: Mapped[int] = mapped_column(ForeignKey("settlement.id"), index=True)
    quotation_line_id: Mapped[int | None] = mapped_column(
        ForeignKey("quotation_line.id"), index=True
    )
    # Work done again at our cost hangs on no quotation.
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    position: Mapped[int]
    kind: Mapped[LineKind]
    payer: Mapped[Payer]
    code: Mapped[str] = mapped_column(String(40), default="")
    title_zh: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200))
    brand: Mapped[str] = mapped_column(String(40), default="")
    part_class: Mapped[PartClass | None]
    unit: Mapped[str] = mapped_column(String(10), default="")
    quantity_milli: Mapped[int]
    book_minutes: Mapped[int] = mapped_column(default=0)
    unit_fen: Mapped[int]
    agreed_fen: Mapped[int]
    discount_fen: Mapped[int] = mapped_column(default=0)
    total_fen: Mapped[int]
    tax_basis_points: Mapped[int]
    tax_fen: Mapped[int]
    guarantee: Mapped[GuaranteeClass | None]

    __table_args__ = (
        UniqueConstraint("settlement_id", "position"),
        CheckConstraint("total_fen = agreed_fen - discount_fen", name="total"),
    )

    @property
    def is_customers(self) -> bool:
        """Whether the customer pays it."""
        return self.payer is Payer.CUSTOMER

    def title_in(self, locale: str) -> str:
        """What is charged, in `locale` ("zh_CN" or "en")."""
        return self.title_zh if locale.startswith("zh") else self.title_en


class Payment(Model):
    """Money received for an order, or given back as a negative entry. Append-only.

    Without a settlement it is a deposit. Whatever an order has received counts for its live
    settlement. `client_id` is the id of the form, so that a second click pays nothing.
    """

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), index=True)
    settlement_id: Mapped[int | None] = mapped_column(ForeignKey("settlement.id"), index=True)
    account: Mapped[Account]
    tender: Mapped[Tender]
    amount_fen: Mapped[int]
    reference: Mapped[str] = mapped_column(String(60), default="")
    reason: Mapped[str] = mapped_column(String(200), default="")
    # Why a reference that was written down before is right again.
    repeat_reason: Mapped[str] = mapped_column(String(200), default="")
    client_id: Mapped[str] = mapped_column(String(64), unique=True)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    order: Mapped[RepairOrder] = relationship()
    by: Mapped[User] = relationship()

    __table_args__ = (
        CheckConstraint("amount_fen <> 0", name="amount"),
        CheckConstraint("amount_fen > 0 OR reason <> ''", name="refund_reason"),
        sa.Index("ix_payment_day", "branch_id", "at"),
    )

    @property
    def is_refund(self) -> bool:
        return self.amount_fen < 0

    @property
    def is_deposit(self) -> bool:
        return self.settlement_id is None


class CreditRequest(Model):
    """The wish to let a customer pay later; somebody else than who asks decides."""

    id: Mapped[intpk]
    settlement_id: Mapped[int] = mapped_column(ForeignKey("settlement.id"), index=True)
    amount_fen: Mapped[int]
    due_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    approved: Mapped[bool | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    remark: Mapped[str] = mapped_column(String(200), default="")
    settlement: Mapped[Settlement] = relationship(lazy="joined")
    asked_by: Mapped[User] = relationship(foreign_keys=[asked_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])

    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint("(approved IS NULL) = (decided_at IS NULL)", name="decided"),
        # Nobody refuses it when the bill is paid after all.
        CheckConstraint("NOT approved OR decided_by_id IS NOT NULL", name="approved_by"),
        partial_index("uq_credit_request_open", "settlement_id", where="approved IS NULL"),
    )

    @property
    def is_undecided(self) -> bool:
        """Whether nobody has said yes or no yet."""
        return self.approved is None
