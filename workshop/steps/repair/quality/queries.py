"""What of an order's work needs a paper of its own."""

from __future__ import annotations

from workshop.catalogue.models import GuaranteeClass
from workshop.orders.models import RepairOrder
from workshop.steps.quotation import queries as quotation
from workshop.steps.quotation.models import LineKind, QuotationLine

# Overhaul, assembly repair and level-2 maintenance leave with a certificate (domain.md step 7).
_CERTIFIED = (GuaranteeClass.OVERHAUL, GuaranteeClass.LEVEL_2_MAINTENANCE)


def list_certified(order: RepairOrder) -> list[QuotationLine]:
    """The authorised work of the order that needs a completion certificate."""
    return [
        line
        for line in quotation.list_authorised_lines(order)
        if line.kind is LineKind.LABOUR and line.guarantee in _CERTIFIED
    ]
