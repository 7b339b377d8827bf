"""Lines for work that is known already: deferred at an earlier visit, asked for at booking."""

from __future__ import annotations

from datetime import datetime

from workshop.catalogue import queries as catalogue
from workshop.errors import N_, NotFound, RuleBroken, Way
from workshop.orders import history
from workshop.steps.booking import queries as booking
from workshop.steps.quotation import lines, queries
from workshop.steps.quotation.models import Quotation, QuotationLine


def add_deferred(quotation: Quotation, deferred_id: int, *, at: datetime) -> QuotationLine:
    """Offer again what the customer declined at an earlier visit, at today's price.

    Raises NotFound when it is not open for this vehicle any more, RuleBroken when it names no
    operation of the catalogue.
    """
    open_now = {each.id: each for each in history.list_deferred(quotation.order.vehicle)}
    deferred = open_now.get(deferred_id)
    if deferred is None:
        raise NotFound(N_("This work is not open for the vehicle any more."))
    if deferred.operation_id is None:
        raise RuleBroken(
            N_("“%(title)s” is no operation of the catalogue. Look for it in the menu."),
            code="no_operation",
            way=Way("quotation.show", N_("Open the quotation"), {"no": quotation.order.no}),
            title=deferred.title,
        )
    operation = catalogue.get_operation(deferred.operation_id)
    return lines.add_operation(
        quotation, operation, at=at, urgency=deferred.urgency, deferred_id=deferred.id
    )


def take_over_appointment(quotation: Quotation, *, at: datetime) -> list[QuotationLine]:
    """Add what was asked for at booking and is not in the quotation yet."""
    appointment = booking.find_by_order(quotation.order)
    wanted = booking.list_operations(appointment) if appointment else []
    known = {line.operation_id for line in queries.list_lines(quotation)}
    return [
        lines.add_operation(quotation, operation, at=at, agreed=True)
        for operation in wanted
        if operation.id not in known
    ]
