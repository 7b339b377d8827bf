"""What each act of the audit trail is called; the part before the dot is its group."""

from __future__ import annotations

from workshop.errors import N_
from workshop.trail.order_acts import ORDER_ACTS
from workshop.trail.shop_acts import SHOP_ACTS

GROUPS = {
    "catalogue": N_("Catalogue"),
    "desk": N_("Desk"),
    "duties": N_("Duties"),
    "setup": N_("Set-up"),
    "booking": N_("Booking"),
    "cases": N_("Cases"),
    "customers": N_("Customers"),
    "followup": N_("Follow-up"),
    "handover": N_("Handover"),
    "inspections": N_("Inspections"),
    "lounge": N_("Lounge"),
    "orders": N_("Repair orders"),
    "parts": N_("Parts"),
    "quotation": N_("Quotation"),
    "reception": N_("Reception"),
    "repair": N_("Repair"),
    "scheduling": N_("Planning"),
    "screen": N_("Lounge screens"),
    "settlement": N_("Settlement"),
    "shop": N_("Shop, people and time clock"),
    "staff": N_("Sign-in and roles"),
    "stock": N_("Stock"),
    "touched": N_("Call list"),
    "thread": N_("Messages"),
    "track": N_("Customer's link"),
    "trail": N_("Audit trail"),
}
"""The groups of acts, by the package that writes them."""

ACTIONS = {**ORDER_ACTS, **SHOP_ACTS}
"""Every act, in words."""


def label_of(action: str) -> str:
    """The msgid of an act; one that has no words shows its own name."""
    return ACTIONS.get(action, action)
