"""Suppliers, and which parts they sell under which number."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.db import Model, intpk
from workshop.enums import LabelledEnum
from workshop.errors import N_
from workshop.stock.models import Part


class SupplierKind(LabelledEnum):
    """What kind of house sells to us."""

    MANUFACTURER = "manufacturer", N_("Manufacturer")
    DEALER = "dealer", N_("Parts dealer")
    MARKET = "market", N_("Parts market")
    PLATFORM = "platform", N_("Online platform")


class Supplier(Model):
    """Somebody who sells us parts; all branches share them. Retired, never deleted."""

    id: Mapped[intpk]
    name: Mapped[str] = mapped_column(String(60), unique=True)
    kind: Mapped[SupplierKind] = mapped_column(default=SupplierKind.DEALER)
    contact: Mapped[str] = mapped_column(String(40), default="")
    phone: Mapped[str] = mapped_column(String(32), default="")
    tax_no: Mapped[str] = mapped_column(String(32), default="")
    lead_days: Mapped[int] = mapped_column(default=1)
    # What is ordered later than this comes a day later.
    cut_off: Mapped[time | None]
    minimum_order_fen: Mapped[int] = mapped_column(default=0)
    # Days until the bill is paid; 0 is paid at once.
    terms_days: Mapped[int] = mapped_column(default=0)
    returns_days: Mapped[int] = mapped_column(default=0)
    # The tax on its invoices; None gives no tax invoice.
    invoice_basis_points: Mapped[int | None]
    active: Mapped[bool] = mapped_column(default=True)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    __table_args__ = (
        CheckConstraint("lead_days BETWEEN 0 AND 365", name="lead_days"),
        CheckConstraint("minimum_order_fen >= 0", name="minimum_order"),
        CheckConstraint("terms_days BETWEEN 0 AND 365", name="terms_days"),
        CheckConstraint("returns_days BETWEEN 0 AND 365", name="returns_days"),
        CheckConstraint("invoice_basis_points BETWEEN 0 AND 10000", name="invoice_tax"),
    )


class PartSupplier(Model):
    """A part as a supplier sells it: their number, their cost of a unit, how long they need."""

    id: Mapped[intpk]
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"))
    supplier_id: Mapped[int] = mapped_column(ForeignKey("supplier.id"), index=True)
    their_no: Mapped[str] = mapped_column(String(40), default="")
    cost_fen: Mapped[int | None]
    # None is the supplier's own.
    lead_days: Mapped[int | None]
    part: Mapped[Part] = relationship(lazy="joined")
    supplier: Mapped[Supplier] = relationship(lazy="joined")

    __table_args__ = (
        UniqueConstraint("part_id", "supplier_id"),
        CheckConstraint("cost_fen >= 0", name="cost_fen"),
        CheckConstraint("lead_days BETWEEN 0 AND 365", name="lead_days"),
    )
