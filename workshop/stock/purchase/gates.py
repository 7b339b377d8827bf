"""What an order to a supplier still needs before it is closed."""

from __future__ import annotations

from workshop.errors import N_, Missing
from workshop.stock.purchase import queries
from workshop.stock.purchase.models import Purchase, PurchaseLine
from workshop.stock.purchase.rules import Billed
from workshop.stock.rules import plain


def missing_to_close(purchase: Purchase) -> list[Missing]:
    """Where delivery, invoice and order do not say the same."""
    if not purchase.is_open:
        return [Missing(N_("This order is over."), "over")]
    bills = queries.bill(purchase)
    return [
        fact for line in queries.list_lines(purchase) for fact in _differences(line, bills[line.id])
    ]


def _differences(line: PurchaseLine, bill: Billed) -> list[Missing]:
    found = []
    values = {"part": line.part.no, "unit": line.part.unit}
    if bill.outstanding:
        words = N_("%(part)s: %(milli)s %(unit)s are still to come.")
        amount = {"milli": plain(bill.outstanding)}
        found.append(Missing(words, "outstanding", values | amount))
    if bill.quantity_differs:
        words = N_("%(part)s: %(invoiced)s %(unit)s are billed, %(received)s came.")
        amount = {
            "invoiced": plain(bill.invoiced),
            "received": plain(bill.received),
        }
        found.append(Missing(words, "quantity_differs", values | amount))
    if bill.cost_differs:
        found.append(
            Missing(N_("%(part)s is billed at another cost than ordered."), "cost_differs", values)
        )
    return found


def is_delivered(purchase: Purchase) -> bool:
    """Whether nothing of the order is still to come."""
    return not any(bill.outstanding for bill in queries.bill(purchase).values())
