"""Parts, what is on the shelf, and the ledger of each piece that came or went."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from workshop.db import BilingualName, Model, intpk, present
from workshop.enums import LabelledEnum
from workshop.errors import N_
from workshop.stock import rules


class PartClass(LabelledEnum):
    """Where a part comes from; each is priced openly and the customer chooses (R12)."""

    OEM = "oem", N_("OEM part")
    EQUIVALENT = "equivalent", N_("Equivalent-quality part")
    AFTERMARKET = "aftermarket", N_("Aftermarket part")
    RECONDITIONED = "reconditioned", N_("Reconditioned part")


class Part(Model, BilingualName):
    """A part as the catalogue knows it; prices and costs are per unit, tax included.

    `price_fen` is the price that it was made with. What it costs on a day is asked of
    `stock.pricing.queries.price_on`, which knows the changes since.
    """

    id: Mapped[intpk]
    no: Mapped[str] = mapped_column(String(40), unique=True)
    part_class: Mapped[PartClass]
    # Parts of different classes that serve the same purpose share a group.
    choice_group: Mapped[str | None] = mapped_column(String(40), index=True)
    brand: Mapped[str] = mapped_column(String(40), default="")
    unit: Mapped[str] = mapped_column(String(10), default="件")
    price_fen: Mapped[int]
    lead_days: Mapped[int] = mapped_column(default=1)
    active: Mapped[bool] = mapped_column(default=True)
    # The number as it is looked for: large letters, no blanks and hyphens.
    search_no: Mapped[str] = mapped_column(String(40), default="", index=True)
    oe_no: Mapped[str] = mapped_column(String(40), default="")
    barcode: Mapped[str] = mapped_column(String(40), default="", index=True)
    # How much of the unit one package holds: stocked in litres, bought in drums of four.
    pack_milli: Mapped[int] = mapped_column(default=1000)
    # What the last unit cost us; None while nobody knows.
    cost_fen: Mapped[int | None]
    # What the customer leaves for a unit until the old part is back; None asks for nothing.
    core_deposit_fen: Mapped[int | None]
    # Whether the price follows the cost, by the mark-up table.
    is_marked_up: Mapped[bool] = mapped_column(default=False)
    # None is the shop's own rate.
    tax_basis_points: Mapped[int | None]
    fits: Mapped[str] = mapped_column(String(200), default="")
    # The part that is sold once this one is used up.
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("part.id"), index=True)

    __table_args__ = (
        CheckConstraint("price_fen >= 0", name="price_fen"),
        CheckConstraint("pack_milli > 0", name="pack"),
        CheckConstraint("cost_fen >= 0", name="cost_fen"),
        CheckConstraint("core_deposit_fen > 0", name="core_deposit"),
        CheckConstraint("tax_basis_points BETWEEN 0 AND 10000", name="tax"),
        CheckConstraint("successor_id <> id", name="successor"),
    )

    @validates("no")
    def _keep_search_no(self, _key: str, no: str) -> str:
        self.search_no = rules.plain_no(no)
        return no


class StockLevel(Model):
    """What a branch has of a part, in thousandths of its unit. Never negative."""

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"))
    bin: Mapped[str] = mapped_column(String(20), default="")
    on_hand_milli: Mapped[int] = mapped_column(default=0)
    reserved_milli: Mapped[int] = mapped_column(default=0)
    # Below this it is bought again; 0 is bought only when an order needs it.
    minimum_milli: Mapped[int] = mapped_column(default=0)
    part: Mapped[Part] = relationship(lazy="joined")

    __table_args__ = (
        UniqueConstraint("branch_id", "part_id"),
        CheckConstraint("minimum_milli >= 0", name="minimum"),
        CheckConstraint("on_hand_milli >= 0", name="on_hand"),
        CheckConstraint("reserved_milli >= 0", name="reserved"),
        # The last piece goes to one order: what is reserved is there.
        CheckConstraint("reserved_milli <= on_hand_milli", name="reserved_on_hand"),
    )

    @property
    def free_milli(self) -> int:
        return self.on_hand_milli - self.reserved_milli

    @property
    def is_low(self) -> bool:
        """Whether less is free than the shop wants to have."""
        return self.free_milli < self.minimum_milli


class StockMove(LabelledEnum):
    """Why the shelf changed."""

    RECEIPT = "receipt", N_("Goods receipt")
    ISSUE = "issue", N_("Issue")
    RETURN = "return", N_("Return")
    COUNT = "count", N_("Stock count")
    CORRECTION = "correction", N_("Correction of a receipt")
    QUARANTINE = "quarantine", N_("Defective pieces put aside or found good")


class StockEntry(Model):
    """One line of the stock ledger. Append-only; the level is its sum."""

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"), index=True)
    move: Mapped[StockMove]
    quantity_milli: Mapped[int]
    order_id: Mapped[int | None] = mapped_column(ForeignKey("repair_order.id"), index=True)
    # Origin of a receipt (supplier, document): parts must be traceable (R11).
    origin: Mapped[str] = mapped_column(String(120), default="")
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    __table_args__ = (
        CheckConstraint("quantity_milli <> 0", name="quantity"),
        sa.Index("ix_stock_entry_move", "branch_id", "move"),
        sa.Index("ix_stock_entry_part", "branch_id", "part_id"),
    )


class ReservationState(Enum):
    """A reservation holds pieces until they are issued or given back."""

    HELD = "held"
    ISSUED = "issued"
    RELEASED = "released"


class Reservation(Model):
    """Pieces that are kept for one order."""

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"), index=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), index=True)
    quantity_milli: Mapped[int]
    state: Mapped[ReservationState] = mapped_column(default=ReservationState.HELD)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    part: Mapped[Part] = relationship(lazy="joined")

    __table_args__ = (
        CheckConstraint("quantity_milli > 0", name="quantity"),
        present("ix_reservation_held", "branch_id", "part_id", where="state = 'held'"),
    )


class Backorder(Model):
    """A shortage that was ordered: how many, for whom, and when it is expected."""

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"), index=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), index=True)
    quantity_milli: Mapped[int]
    purchase_no: Mapped[str] = mapped_column(String(40), default="")
    expected_at: Mapped[datetime | None]
    arrived_at: Mapped[datetime | None]
    customer_told_at: Mapped[datetime | None]
    # Nobody waits any more: the order was cancelled.
    cancelled_at: Mapped[datetime | None]
    noted_at: Mapped[datetime]
    noted_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    part: Mapped[Part] = relationship(lazy="joined")

    __table_args__ = (
        CheckConstraint("quantity_milli > 0", name="quantity"),
        sa.Index("ix_backorder_open", "branch_id", "arrived_at"),
    )
