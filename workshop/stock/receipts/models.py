"""What a line of the ledger that came in says of its origin."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.db import Model, intpk
from workshop.stock.models import Part, StockEntry
from workshop.stock.suppliers.models import Supplier


class GoodsReceipt(Model):
    """Goods of one part that came in, or the counter-entry that corrects them. Append-only.

    The quantity is that of its ledger line: a correction's is negative.
    """

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), index=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("stock_entry.id"), unique=True)
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("supplier.id"), index=True)
    document: Mapped[str] = mapped_column(String(50), default="")
    quantity_milli: Mapped[int]
    # What a unit cost, tax included; None when nobody knew.
    cost_fen: Mapped[int | None]
    # The deposit that the supplier holds for a unit until the old part is back; None for none.
    core_fen: Mapped[int | None]
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("goods_receipt.id"), index=True)
    reason: Mapped[str] = mapped_column(String(120), default="")
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    # What of an order it brings; a correction names the same line.
    purchase_line_id: Mapped[int | None] = mapped_column(ForeignKey("purchase_line.id"), index=True)
    part: Mapped[Part] = relationship(lazy="joined")
    supplier: Mapped[Supplier | None] = relationship(lazy="joined")
    entry: Mapped[StockEntry] = relationship()

    __table_args__ = (
        CheckConstraint(
            "(quantity_milli > 0 AND corrects_id IS NULL) "
            "OR (quantity_milli < 0 AND corrects_id IS NOT NULL AND reason <> '')",
            name="quantity",
        ),
        CheckConstraint("cost_fen >= 0", name="cost_fen"),
        CheckConstraint("core_fen > 0", name="core_fen"),
    )
