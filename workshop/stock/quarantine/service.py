"""Put defective pieces aside, claim them from the supplier, and say what became of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from workshop import db
from workshop.db import session
from workshop.errors import N_, NotFound, RuleBroken
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.stock import service as stock
from workshop.stock import shelf
from workshop.stock.models import Part, StockMove
from workshop.stock.quarantine.models import Quarantine, QuarantineEnd
from workshop.stock.suppliers.models import Supplier


def put_aside(
    part: Part, order: shelf.Order, quantity_milli: int, note: str, *, by: User, at: datetime
) -> Quarantine:
    """Take defective pieces, in thousandths, that have just come back off the shelf again.

    The act that takes them back writes its own line of the audit trail.
    """
    level = shelf.locked_level(order.branch_id, part)
    level.on_hand_milli -= quantity_milli
    shelf.write_entry(level, StockMove.QUARANTINE, -quantity_milli, by, at, origin=note[:120])
    row = Quarantine(
        branch_id=order.branch_id,
        part_id=part.id,
        order_id=order.id,
        quantity_milli=quantity_milli,
        note=note.strip()[:200],
        put_at=at,
        put_by_id=by.id,
    )
    session.add(row)
    session.flush()
    return row


def get_row(branch_id: int, row_id: int) -> Quarantine:
    """Pieces in this branch's quarantine; raises NotFound."""
    row = session.get(Quarantine, row_id)
    if row is None or row.branch_id != branch_id:
        raise NotFound(N_("There are no such pieces in quarantine."))
    return row


def list_open(branch_id: int) -> list[Quarantine]:
    """What is still undecided, the longest waiting first."""
    query = select(Quarantine).where(
        Quarantine.branch_id == branch_id, Quarantine.ended_at.is_(None)
    )
    return list(session.scalars(query.order_by(Quarantine.id)))


def list_over(branch_id: int, limit: int | None = 30) -> list[Quarantine]:
    """What was decided last, the newest first; without a limit all of it."""
    query = select(Quarantine).where(
        Quarantine.branch_id == branch_id, Quarantine.ended_at.is_not(None)
    )
    return list(session.scalars(query.order_by(Quarantine.ended_at.desc()).limit(limit)))


def claim(row: Quarantine, supplier: Supplier, claim_no: str, *, by: User, at: datetime) -> None:
    """Note that the supplier was asked to make them good; a further claim replaces the last."""
    staff.require_permission(by, Permission.PICK_PARTS)
    _require_open(row)
    row.supplier_id, row.claim_no = supplier.id, claim_no.strip()[:40]
    row.claimed_at, row.claimed_by_id = at, by.id
    told = {"supplier": supplier.name, "no": row.claim_no}
    audit.write(by, "stock.claim_defective", row, at, **told)
    session.flush()


def end(row: Quarantine, how: QuarantineEnd, note: str, *, by: User, at: datetime) -> None:
    """Say what became of them; what was found good goes back on the shelf, to who waits first.

    A replacement comes in as goods like any other. Raises RuleBroken when it was decided before.
    """
    staff.require_permission(by, Permission.PICK_PARTS)
    _require_open(row)
    row.outcome, row.end_note = how, note.strip()[:200]
    row.ended_at, row.ended_by_id = at, by.id
    audit.write(by, "stock.end_quarantine", row, at, result=how.value, note=row.end_note)
    session.flush()
    if how is QuarantineEnd.FOUND_GOOD:
        level = shelf.locked_level(row.branch_id, row.part)
        level.on_hand_milli += row.quantity_milli
        shelf.write_entry(
            level, StockMove.QUARANTINE, row.quantity_milli, by, at, origin=row.end_note[:120]
        )
        stock.serve_waiting(row.part, row.branch_id, by=by, at=at)


def _require_open(row: Quarantine) -> None:
    db.lock("quarantine", row.id)
    db.reread(row)
    if row.is_over:
        raise RuleBroken(N_("It was decided before what became of these pieces."), code="decided")
