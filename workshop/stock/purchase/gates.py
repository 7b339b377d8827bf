"""What an order to a supplier still needs before it is closed."""

from __future__ import annotations

from collections.abc import Sequence

from workshop.errors import N_, Missing
from workshop.staff.models import User
from workshop.stock.purchase import queries
from workshop.stock.purchase.models import Purchase, PurchaseLine
from workshop.stock.purchase.rules import Billed
from workshop.stock.rules import plain
from workshop.stock.suppliers.models import Supplier


def is_below_minimum(supplier: Supplier, costs: Sequence[int | None]) -> bool:
    """Whether an order of lines at these costs, in fen, is less than the supplier asks for.

    Nobody is stopped by what is not known: with a line without a cost it is not said.
    """
    known = [fen for fen in costs if fen is not None]
    return len(known) == len(costs) and sum(known) < supplier.minimum_order_fen


def missing_to_close(purchase: Purchase, by: User) -> list[Missing]:
    """Where delivery, invoice and order do not say the same, and who did all of it alone."""
    if not purchase.is_open:
        return [Missing(N_("This order is over."), "over")]
    bills = queries.bill(purchase)
    found = [
        fact for line in queries.list_lines(purchase) for fact in _differences(line, bills[line.id])
    ]
    return found + ([_alone(by)] if is_alone(purchase, by) else [])


def is_alone(purchase: Purchase, by: User) -> bool:
    """Whether one person has ordered, taken in and now checks the bill."""
    took_in = {each.by_id for each in queries.list_deliveries(purchase)}
    return bool(took_in) and {purchase.made_by_id, *took_in} == {by.id}


def _alone(by: User) -> Missing:
    words = N_("%(name)s has ordered it, taken it in and checks the bill alone.")
    return Missing(words, "alone", {"name": by.display_name})


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
