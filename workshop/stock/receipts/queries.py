"""What came in, from whom, and what of it was corrected."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import select

from workshop import together
from workshop.db import session
from workshop.errors import N_, NotFound
from workshop.search import queries as search_words
from workshop.search.models import Kind
from workshop.stock.receipts.models import GoodsReceipt
from workshop.stock.search import queries as part_search


def get_receipt(branch_id: int, receipt_id: int) -> GoodsReceipt:
    """A receipt of this branch; raises NotFound."""
    receipt = session.get(GoodsReceipt, receipt_id)
    if receipt is None or receipt.branch_id != branch_id:
        raise NotFound(N_("There is no such receipt."))
    return receipt


def search(branch_id: int, text: str = "") -> sa.Select[GoodsReceipt]:
    """The branch's receipts and corrections, newest first; found by part or document."""
    query = select(GoodsReceipt).where(GoodsReceipt.branch_id == branch_id)
    for word in text.split():
        of_part = GoodsReceipt.part_id.in_(sa.union(*part_search.ids(word)))
        by_document = search_words.having(Kind.DOCUMENT, word)
        found = sa.union(select(GoodsReceipt.id).where(of_part), by_document)
        query = query.where(GoodsReceipt.id.in_(found))
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
