"""What people can overwrite of a bill, as they see it: to notice that a page was stale."""

from __future__ import annotations

from workshop.errors import N_
from workshop.steps.settlement.models import Settlement
from workshop.steps.settlement.rules import InvoiceKind
from workshop.web.versions import State, Unit, quantity


def discount(fen: int, reason: str) -> State:
    """What is taken off the customer's bill."""
    return {N_("Discount"): quantity(fen, Unit.FEN), N_("Reason"): reason.strip() if fen else ""}


def discount_now(bill: Settlement) -> State:
    """The discount as it is given."""
    return discount(bill.discount_fen, bill.discount_reason)


def invoice(kind: InvoiceKind | None, no: str) -> State:
    """Which invoice the customer got."""
    return {N_("Invoice"): kind, N_("Invoice number"): no.strip()}


def invoice_now(bill: Settlement) -> State:
    """The invoice as it is noted."""
    return invoice(bill.invoice_kind, bill.invoice_no)
