"""What suppliers hold of our money for old parts, and what is on its way back to them."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import select

from workshop import money
from workshop.db import session
from workshop.errors import N_, NotFound
from workshop.stock.cores.models import CoreShipment
from workshop.stock.models import Part
from workshop.stock.receipts.models import GoodsReceipt
from workshop.stock.suppliers.models import Supplier


@dataclass(frozen=True)
class Held:
    """Pieces of a part, in thousandths, whose old ones the supplier has not got yet."""

    supplier: Supplier
    part: Part
    milli: int
    fen: int

    def due_fen(self, milli: int) -> int:
        """The deposit that stands for so many of them."""
        return money.round_half_up(self.fen * milli, self.milli)


def list_held(branch_id: int) -> list[Held]:
    """What was paid at goods-in and whose old parts were not sent back, by supplier and part."""
    pieces, paid = sa.func.sum(GoodsReceipt.quantity_milli), GoodsReceipt.core_fen
    query = (
        select(
            GoodsReceipt.supplier_id,
            GoodsReceipt.part_id,
            pieces,
            sa.func.sum(GoodsReceipt.quantity_milli * paid),
        )
        .where(
            GoodsReceipt.branch_id == branch_id,
            GoodsReceipt.supplier_id.is_not(None),
            paid.is_not(None),
        )
        .group_by(GoodsReceipt.supplier_id, GoodsReceipt.part_id)
    )
    sent = _sent(branch_id)
    found, rows = [], session.execute(query).all()
    ids = [row[0] for row in rows], [row[1] for row in rows]
    suppliers = session.scalars(select(Supplier).where(Supplier.id.in_(ids[0])))
    parts = session.scalars(select(Part).where(Part.id.in_(ids[1])))
    known = {each.id: each for each in suppliers}, {each.id: each for each in parts}
    for supplier_id, part_id, milli, fen_milli in rows:
        gone, due = sent.get((supplier_id or 0, part_id), (0, 0))
        if int(milli) > gone:
            supplier, part = known[0][supplier_id or 0], known[1][part_id]
            fen = money.round_half_up(int(fen_milli), 1000) - due
            found.append(Held(supplier, part, int(milli) - gone, max(fen, 0)))
    return sorted(found, key=lambda each: (each.supplier.name, each.part.no))


def _sent(branch_id: int) -> dict[tuple[int, int], tuple[int, int]]:
    query = (
        select(
            CoreShipment.supplier_id,
            CoreShipment.part_id,
            sa.func.sum(CoreShipment.quantity_milli),
            sa.func.sum(CoreShipment.due_fen),
        )
        .where(CoreShipment.branch_id == branch_id, CoreShipment.withdrawn_at.is_(None))
        .group_by(CoreShipment.supplier_id, CoreShipment.part_id)
    )
    return {(row[0], row[1]): (int(row[2]), int(row[3])) for row in session.execute(query)}


def find_held(branch_id: int, supplier: Supplier, part: Part) -> Held | None:
    """What this supplier holds for this part; None for nothing."""
    found = (each for each in list_held(branch_id) if each.part is part)
    return next((each for each in found if each.supplier is supplier), None)


def list_shipments(branch_id: int, limit: int | None = 60) -> list[CoreShipment]:
    """What was sent back: those without an answer first, then the newest."""
    query = select(CoreShipment).where(
        CoreShipment.branch_id == branch_id, CoreShipment.withdrawn_at.is_(None)
    )
    answered = CoreShipment.credited_at.is_not(None)
    return list(session.scalars(query.order_by(answered, CoreShipment.id.desc()).limit(limit)))


def get_shipment(branch_id: int, shipment_id: int) -> CoreShipment:
    """A shipment of this branch; raises NotFound."""
    found = session.get(CoreShipment, shipment_id)
    if found is None or found.branch_id != branch_id:
        raise NotFound(N_("There is no such return to a supplier."))
    return found
