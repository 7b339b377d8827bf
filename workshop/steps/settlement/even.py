"""Orders whose money is even leave the list of those that may owe (`RepairOrder.may_owe`)."""

from __future__ import annotations

from sqlalchemy import Select, select, update

from workshop.db import session
from workshop.orders.models import RepairOrder
from workshop.steps.settlement import balances

# So many orders are looked at in one statement.
_AT_ONCE = 500


def forget_even() -> int:
    """Lower the mark of every order of which no balance is open; says of how many."""
    last, lowered = 0, 0
    while marked := _lock_marked(last):
        last = marked[-1]
        open_ids = {row.order.id for row in balances.list_open(_among(marked))}
        even = [key for key in marked if key not in open_ids]
        session.execute(
            update(RepairOrder)
            .where(RepairOrder.id.in_(even))
            .values(may_owe=False)
            .execution_options(synchronize_session=False)
        )
        lowered += len(even)
    return lowered


def _lock_marked(after: int) -> list[int]:
    """The next marked orders. A payment raises the mark of a locked one only after this commits.

    Whoever is at work on an order keeps it; it is looked at the next time.
    """
    query = (
        select(RepairOrder.id)
        .where(RepairOrder.may_owe.is_(True), RepairOrder.id > after)
        .order_by(RepairOrder.id)
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    return list(session.scalars(query))


def _among(keys: list[int]) -> Select[int]:
    return select(RepairOrder.id).where(RepairOrder.id.in_(keys))
