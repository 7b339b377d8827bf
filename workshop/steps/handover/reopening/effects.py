"""What a finished car leaves behind when it goes back to work: said before, and taken back."""

from __future__ import annotations

from datetime import datetime

from workshop import money
from workshop.db import session
from workshop.errors import N_
from workshop.orders.effects import Effect
from workshop.orders.models import RepairOrder
from workshop.staff.models import User
from workshop.steps.handover import queries
from workshop.steps.handover.reopening import gates
from workshop.steps.settlement import queries as settlements
from workshop.steps.settlement import service as settlement
from workshop.steps.settlement.models import Settlement


def list_effects(order: RepairOrder, reason: str) -> list[Effect]:
    """The bill, its money, the readiness, and what was prepared for the handover."""
    bill = settlements.find_live(order)
    found = [_bill(bill, reason)] if bill is not None else []
    received = settlements.received_fen(order)
    if received:
        words = N_(
            "%(amount)s received stays with the order. What the new list does not need is owed to "
            "the customer, and stays under open money until it is given back."
        )
        found.append(Effect(words, {"amount": money.format_fen(received)}, _nothing))
    found.append(_readiness(order))
    found += _prepared(order)
    if any(each.reached for each in queries.list_notices(order)):
        found.append(Effect(N_("The customer was told that the car is ready: call them.")))
    return found


def _bill(bill: Settlement, reason: str) -> Effect:
    def reverse(by: User, at: datetime) -> None:
        settlement.reverse_settlement(bill, reason, by=by, at=at)

    words = N_("The settlement list %(no)s over %(amount)s is taken back by a red letter.")
    return Effect(words, {"no": bill.no, "amount": money.format_fen(bill.customer_fen)}, reverse)


def _readiness(order: RepairOrder) -> Effect:
    def end(_by: User, _at: datetime) -> None:
        order.ready_at = None

    if gates.find_declined(order) is None:
        return Effect(
            N_("The car does not count as ready any more; it gets a final check."), {}, end
        )
    words = N_(
        "The car does not count as ready any more. What was declined stands in a new version of "
        "the quotation; nothing is done before the customer has signed it."
    )
    return Effect(words, {}, end)


def _prepared(order: RepairOrder) -> list[Effect]:
    checks, record = queries.list_checks(order), queries.find_handover(order)
    walked = record is not None and record.walked_at is not None
    if not checks and not walked:
        return []

    def begin_again(by: User, at: datetime) -> None:
        for check in checks.values():
            check.taken_back_at, check.taken_back_by_id = at, by.id
        if record is not None:
            record.walked_at = record.walked_by_id = record.new_damage = None
            record.damage_note = ""
        session.flush()

    words = N_("The handover begins again: %(count)s ticks and the walk round the car.")
    return [Effect(words, {"count": len(checks)}, begin_again)]


def _nothing(_by: User, _at: datetime) -> None:
    """The money stays where it is."""
