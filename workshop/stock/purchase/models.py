"""Orders to suppliers with their lines, and the suppliers' invoices."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.db import Model, intpk, partial_index
from workshop.stock.models import Part
from workshop.stock.suppliers.models import Supplier


class Purchase(Model):
    """One order to a supplier. What came of it is asked of the receipts."""

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), index=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("supplier.id"), index=True)
    no: Mapped[str] = mapped_column(String(32), unique=True)
    expected_on: Mapped[date]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    cancelled_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    # Why it was closed although delivery and invoice differ; or why it was cancelled.
    reason: Mapped[str] = mapped_column(String(200), default="")
    # Why it was ordered although it is below what the supplier asks for at least.
    small_reason: Mapped[str] = mapped_column(String(200), default="")
    supplier: Mapped[Supplier] = relationship(lazy="joined")

    __table_args__ = (
        CheckConstraint("(closed_at IS NULL) = (closed_by_id IS NULL)", name="closed_by"),
        CheckConstraint("closed_at IS NULL OR cancelled_at IS NULL", name="one_end"),
    )

    @property
    def is_open(self) -> bool:
        """Whether something can still come or be billed."""
        return self.closed_at is None and self.cancelled_at is None


class PurchaseLine(Model):
    """One part of an order, in thousandths of its unit, at the cost of a unit that was agreed."""

    id: Mapped[intpk]
    purchase_id: Mapped[int] = mapped_column(ForeignKey("purchase.id"))
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"), index=True)
    quantity_milli: Mapped[int]
    cost_fen: Mapped[int | None]
    # What will not come any more.
    cancelled_milli: Mapped[int] = mapped_column(default=0)
    part: Mapped[Part] = relationship(lazy="joined")
    purchase: Mapped[Purchase] = relationship(lazy="joined")

    __table_args__ = (
        UniqueConstraint("purchase_id", "part_id"),
        CheckConstraint("quantity_milli > 0", name="quantity"),
        CheckConstraint("cost_fen >= 0", name="cost_fen"),
        CheckConstraint("cancelled_milli BETWEEN 0 AND quantity_milli", name="cancelled"),
    )


class SupplierInvoice(Model):
    """What the supplier bills of an order. A wrong one is withdrawn, not changed."""

    id: Mapped[intpk]
    purchase_id: Mapped[int] = mapped_column(ForeignKey("purchase.id"))
    no: Mapped[str] = mapped_column(String(50))
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    withdrawn_at: Mapped[datetime | None]
    purchase: Mapped[Purchase] = relationship(lazy="joined")

    __table_args__ = (
        partial_index(
            "uq_supplier_invoice_live", "purchase_id", "no", where="withdrawn_at IS NULL"
        ),
    )


class InvoiceLine(Model):
    """How much of a line is billed, at which cost of a unit, tax included."""

    id: Mapped[intpk]
    invoice_id: Mapped[int] = mapped_column(ForeignKey("supplier_invoice.id"))
    purchase_line_id: Mapped[int] = mapped_column(ForeignKey("purchase_line.id"), index=True)
    quantity_milli: Mapped[int]
    cost_fen: Mapped[int]

    __table_args__ = (
        UniqueConstraint("invoice_id", "purchase_line_id"),
        CheckConstraint("quantity_milli > 0", name="quantity"),
        CheckConstraint("cost_fen >= 0", name="cost_fen"),
    )
