"""Taking back a part of a bill: a red letter, and at once a new list without these lines."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from workshop.db import session
from workshop.errors import N_, Invalid
from workshop.staff import audit
from workshop.staff.models import User
from workshop.steps.settlement import lines, queries, service
from workshop.steps.settlement.models import Settlement, SettlementLine


def reverse_lines(
    settlement: Settlement, line_ids: Collection[int], reason: str, *, by: User, at: datetime
) -> Settlement:
    """Take these lines off the bill: the list is reversed, and a new one stands without them.

    What each line that stays cost, its discount included, stays to the fen; money stays received,
    so what was paid too much is owed to the customer. Who may do it is as for the whole list.
    Returns the new list. Raises Invalid for no line, or for all of them: that is the whole list.
    """
    found = queries.list_lines(settlement)
    left = [line for line in found if line.id not in line_ids]
    if len(left) == len(found):
        raise Invalid(N_("Choose the lines that are taken back."), field="reason")
    if not left:
        raise Invalid(N_("These are all lines. Reverse the whole list."), field="reason")
    service.reverse_settlement(settlement, reason, by=by, at=at)
    corrected = service.add_document(settlement.order, by, at)
    for position, line in enumerate(left, start=1):
        session.add(_copy(line, corrected, position))
    if any(line.discount_fen for line in left):
        corrected.discount_reason = settlement.discount_reason
        corrected.discount_by_id = settlement.discount_by_id
    session.flush()
    lines.sum_up(corrected)
    session.flush()
    told = {"total_fen": corrected.total_fen, "reason": reason.strip()}
    audit.write(by, "settlement.make", corrected, at, **told)
    return corrected


def _copy(line: SettlementLine, corrected: Settlement, position: int) -> SettlementLine:
    kept = {
        column.key: getattr(line, column.key)
        for column in sa.inspect(SettlementLine).column_attrs
        if column.key not in ("id", "settlement_id", "position")
    }
    return SettlementLine(settlement_id=corrected.id, position=position, **kept)
