"""What a line costs: its own price, its share of a package's fixed price, less its discount."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from workshop import money
from workshop.catalogue import queries as catalogue
from workshop.catalogue import rules as catalogue_rules
from workshop.catalogue.models import Operation, Package, Payer
from workshop.errors import N_, Invalid, RuleBroken, Way
from workshop.orders.models import OrderKind, RepairOrder
from workshop.shop import calendar
from workshop.steps.quotation import queries, rules
from workshop.steps.quotation.models import Quotation, QuotationLine

_PAYER_OF = {
    OrderKind.REPAIR: Payer.CUSTOMER,
    OrderKind.COMEBACK: Payer.INTERNAL,
    OrderKind.WARRANTY: Payer.WARRANTY,
    OrderKind.RECALL: Payer.WARRANTY,
}


def usual_payer(order: RepairOrder) -> Payer:
    """Who pays the lines of an order of this kind, until somebody says otherwise."""
    return _PAYER_OF[order.kind]


def hour_fen(quotation: Quotation, operation: Operation, payer: Payer, at: datetime) -> int:
    """What an hour of the operation costs a payer on the day; RuleBroken without a rate."""
    branch = quotation.order.branch
    prices = catalogue.price_list(branch.id, calendar.local_day(branch, at))
    found = prices.hour_fen(operation.rate_code, payer.value)
    if found is None:
        raise RuleBroken(
            N_("The labour rate “%(rate)s” is not set for this branch. Set it first."),
            code="no_rate",
            way=Way("catalogue.rates", N_("Open the labour rates")),
            rate=operation.rate_code,
        )
    return found


def gross_fen(line: QuotationLine) -> int:
    """What the line costs by itself, before any discount."""
    return rules.gross_fen(line.kind.value, line.unit_fen, line.quantity_milli, line.book_minutes)


def priced(line: QuotationLine) -> QuotationLine:
    """Compute the line's total; raises Invalid when the discount is larger than the price."""
    price = gross_fen(line) + (line.package_fen or 0)
    if line.discount_fen > price:
        raise Invalid(
            N_("The discount is larger than the price %(price)s."),
            field="discount",
            price=money.format_fen(price),
        )
    line.total_fen = price - line.discount_fen
    return line


def fix(lines: Sequence[QuotationLine], package: Package, fixed_fen: int) -> None:
    """Let these lines together cost the package's fixed price, each by its share of the sum.

    Labour and parts stay separately charged (R10); the last line takes what rounding leaves.
    """
    shares = catalogue_rules.spread(fixed_fen, [gross_fen(line) for line in lines])
    for line, share in zip(lines, shares, strict=True):
        line.package_id, line.package_fen = package.id, share
        priced(line)


def loosen(quotation: Quotation, package_id: int | None) -> Package | None:
    """Let the lines of a package cost what they cost by themselves; the package that was, if any.

    The fixed price is for the whole package as it is, and no part of it.
    """
    if package_id is None:
        return None
    for line in of_package(quotation, package_id):
        line.package_id, line.package_fen = None, 0
        priced(line)
    return catalogue.get_package(package_id)


def of_package(quotation: Quotation, package_id: int) -> list[QuotationLine]:
    """The lines that make a package's fixed price together, in their order."""
    return [line for line in queries.list_lines(quotation) if line.package_id == package_id]
