"""What came in, from whom, and what of it was corrected."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import select

from workshop import together
from workshop.db import session
from workshop.errors import N_, NotFound
from workshop.stock.models import Part
from workshop.stock.receipts.models import GoodsReceipt


def get_receipt(branch_id: int, receipt_id: int) -> GoodsReceipt:
    """A receipt of this branch; raises NotFound."""
    receipt = session.get(GoodsReceipt, receipt_id)
    if receipt is None or receipt.branch_id != branch_id:
        raise NotFound(N_("There is no such receipt."))
    return receipt


def search(branch_id: int, text: str = "") -> sa.Select[GoodsReceipt]:
    """The branch's receipts and corrections, newest first; found by part or document."""
    query = select(GoodsReceipt).join(Part, Part.id == GoodsReceipt.part_id)
    query = query.where(GoodsReceipt.branch_id == branch_id)
    for word in text.split():
        columns = (Part.no, Part.name_zh, Part.name_en, GoodsReceipt.document)
        query = query.where(
            sa.or_(*(sa.func.lower(c).contains(word.lower(), autoescape=True) for c in columns))
        )
    return query.order_by(GoodsReceipt.id.desc())


def left_milli(receipt: GoodsReceipt) -> int:
    """What the receipt counts after its corrections, in thousandths."""
    corrected = together.list_of(
        receipt.id,
        "corrected",
        lambda: select(GoodsReceipt.quantity_milli),
        GoodsReceipt.corrects_id,
    )
    return receipt.quantity_milli + sum(corrected)
