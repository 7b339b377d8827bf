"""A car's past: what its visits left behind, and the visits that an old system kept.

Those are written once, by an import, and nobody works on them.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.catalogue.models import GuaranteeClass
from workshop.customers.models import Vehicle
from workshop.db import Model, intpk
from workshop.orders.job_states import Urgency


class PastVisit(Model):
    """A visit as the old system knew it; what it called things stays as it was."""

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicle.id"), index=True)
    no: Mapped[str] = mapped_column(String(60))
    arrived_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    mileage_km: Mapped[int | None]
    # Maintenance, repair, accident: the old system's own word.
    kind: Mapped[str] = mapped_column(String(40), default="")
    vehicle: Mapped[Vehicle] = relationship(lazy="joined")
    lines: Mapped[list[PastLine]] = relationship(order_by="PastLine.id", viewonly=True)

    __table_args__ = (
        UniqueConstraint("branch_id", "no"),
        CheckConstraint("mileage_km >= 0", name="mileage"),
    )

    @property
    def done(self) -> list[PastLine]:
        """What was done or fitted."""
        return [line for line in self.lines if line.title]

    @property
    def advised(self) -> list[str]:
        """What the shop advised, each once."""
        return list(dict.fromkeys(line.advice for line in self.lines if line.advice))

    @property
    def titles(self) -> list[str]:
        """What the visit was about, to tell it from others."""
        return [line.title for line in self.done] or ([self.kind] if self.kind else [])

    @property
    def total_fen(self) -> int | None:
        """The sum of what its lines cost; None when none of them says."""
        known = [line.total_fen for line in self.lines if line.total_fen is not None]
        return sum(known) if known else None


class PastLine(Model):
    """A job or a part of such a visit, with what was advised beside it; money in fen."""

    id: Mapped[intpk]
    visit_id: Mapped[int] = mapped_column(ForeignKey("past_visit.id"), index=True)
    code: Mapped[str] = mapped_column(String(60), default="")
    title: Mapped[str] = mapped_column(String(200), default="")
    quantity_milli: Mapped[int | None]
    unit_fen: Mapped[int | None]
    total_fen: Mapped[int | None]
    payer: Mapped[str] = mapped_column(String(40), default="")
    technician: Mapped[str] = mapped_column(String(80), default="")
    advice: Mapped[str] = mapped_column(String(200), default="")

    @property
    def counted(self) -> bool:
        """Whether it says how many at what price; of one piece the amount says it all."""
        return self.unit_fen is not None and self.quantity_milli not in (None, 1000)


class DeferredWork(Model):
    """Work that was recommended and declined, here or in an old system; offered again later."""

    id: Mapped[intpk]
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicle.id"), index=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("repair_order.id"), index=True)
    past_visit_id: Mapped[int | None] = mapped_column(ForeignKey("past_visit.id"), index=True)
    operation_id: Mapped[int | None] = mapped_column(ForeignKey("operation.id"))
    title: Mapped[str] = mapped_column(String(200))
    urgency: Mapped[Urgency] = mapped_column(default=Urgency.YELLOW)
    reason: Mapped[str] = mapped_column(String(200), default="")
    # None when an old system said what it advised, but not at what price.
    price_fen: Mapped[int | None]
    noted_at: Mapped[datetime]
    sold_order_id: Mapped[int | None] = mapped_column(ForeignKey("repair_order.id"))
    told_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("(order_id IS NULL) <> (past_visit_id IS NULL)", name="from_a_visit"),
    )


class Guarantee(Model):
    """What we answer for after delivery: by km or days, whichever ends first (R1–R5)."""

    id: Mapped[intpk]
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicle.id"), index=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("repair_order.id"), index=True)
    past_visit_id: Mapped[int | None] = mapped_column(ForeignKey("past_visit.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    guarantee_class: Mapped[GuaranteeClass]
    starts_on: Mapped[date]
    start_km: Mapped[int]
    ends_on: Mapped[date]
    end_km: Mapped[int]

    __table_args__ = (
        CheckConstraint("(order_id IS NULL) <> (past_visit_id IS NULL)", name="from_a_visit"),
    )
