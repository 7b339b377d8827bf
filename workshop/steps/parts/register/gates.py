"""What a part still needs before it can be retired."""

from __future__ import annotations

from sqlalchemy import select

from workshop.catalogue.models import Operation, OperationPart
from workshop.db import session
from workshop.errors import N_, Missing, Way
from workshop.stock.models import Part


def missing_to_retire(part: Part) -> list[Missing]:
    """What forbids retiring the part: operations need it, and nothing replaces it."""
    if part.successor_id is not None:
        return []
    query = select(Operation.code).join(OperationPart, OperationPart.operation_id == Operation.id)
    query = query.where(OperationPart.part_id == part.id, Operation.active.is_(True))
    codes = list(session.scalars(query.distinct().order_by(Operation.code)))
    if not codes:
        return []
    words = N_("Operations usually need it: %(codes)s. Say what replaces it, or change them first.")
    way = Way("catalogue.index", N_("Open the operations"), {"q": codes[0]})
    return [Missing(words, "needed", {"codes": ", ".join(codes)}, way)]
