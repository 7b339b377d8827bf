"""An order to a supplier gets its number and its day; what comes of it goes to who waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from workshop.errors import N_, Invalid
from workshop.shop import calendar, numbers
from workshop.shop.models import Branch
from workshop.staff.models import User
from workshop.steps.parts import service
from workshop.steps.parts.models import PickLine
from workshop.stock.purchase import queries
from workshop.stock.purchase import service as purchasing
from workshop.stock.purchase.models import Purchase
from workshop.stock.purchase.service import Wish
from workshop.stock.receipts import service as receipts
from workshop.stock.receipts.service import Delivery
from workshop.stock.suppliers.models import Supplier


@dataclass(frozen=True)
class Came:
    """How much of a line came, in thousandths, and what a unit cost in fen if it is known."""

    quantity_milli: int
    cost_fen: int | None


def expected_day(branch: Branch, supplier: Supplier | None, at: datetime) -> date:
    """The open day on which an order of now should be here; after the cut-off one day later."""
    today = calendar.local_day(branch, at)
    days = supplier.lead_days if supplier else 1
    here = at.astimezone(ZoneInfo(branch.zone)).time()
    if supplier and supplier.cut_off and here > supplier.cut_off:
        days += 1
    day = today + timedelta(days=days)
    return day if calendar.is_open(branch, day) else calendar.next_open_day(branch, day)


def order(
    branch: Branch,
    supplier: Supplier,
    wishes: Sequence[Wish],
    expected_on: date,
    *,
    small_reason: str = "",
    by: User,
    at: datetime,
) -> Purchase:
    """Order from a supplier. Raises what `purchasing.order` raises."""
    today = calendar.local_day(branch, at)
    if expected_on < today:
        raise Invalid(N_("The parts cannot be expected in the past."), field="expected_on")
    opened = calendar.opening(branch, expected_on) or calendar.opening(
        branch, calendar.next_open_day(branch, expected_on)
    )
    expected_at = opened[0][0] if expected_on > today else max(opened[-1][1], at)
    no = numbers.next_number(branch.id, "PO", today)
    return purchasing.order(
        branch,
        supplier,
        wishes,
        no,
        expected_on,
        expected_at=expected_at,
        small_reason=small_reason,
        by=by,
        at=at,
    )


def receive(
    purchase: Purchase,
    branch: Branch,
    document: str,
    came: Mapping[int, Came],
    *,
    is_meant: bool = False,
    by: User,
    at: datetime,
) -> list[PickLine]:
    """Take in a delivery of the order, all of it or a part; gives the waiting lines it went to.

    Raises Invalid when nothing came, RuleBroken once the order is over, and what
    `receipts.take_in` raises.
    """
    if not came:
        raise Invalid(N_("Say how much came of one line at least."), field="document")
    purchasing.lock(purchase)
    purchasing.require_open(purchase)
    served = []
    lines = [queries.get_line(purchase, line_id) for line_id in came]
    for line in sorted(lines, key=lambda line: line.part_id):
        arrived = came[line.id]
        cost_fen = arrived.cost_fen if arrived.cost_fen is not None else line.cost_fen
        receipts.take_in(
            line.part,
            branch,
            arrived.quantity_milli,
            Delivery(purchase.supplier.name, document, cost_fen, is_meant),
            today=calendar.local_day(branch, at),
            by=by,
            at=at,
            purchase_line_id=line.id,
        )
        served += service.take_arrivals(line.part, branch.id, at)
    return served
