"""A package in a draft: its operations with their parts, at its fixed price if it has one."""

from __future__ import annotations

from datetime import datetime

from workshop.catalogue import queries as catalogue
from workshop.catalogue.models import Package, Payer
from workshop.db import session
from workshop.errors import N_, RuleBroken
from workshop.shop import calendar
from workshop.steps.quotation import draft, lines, queries
from workshop.steps.quotation.models import Quotation, QuotationLine
from workshop.steps.quotation.pricing import line_prices


def add_package(quotation: Quotation, package: Package, *, at: datetime) -> list[QuotationLine]:
    """Add the package's operations that are not in the quotation yet.

    At a fixed price the whole package makes it together, those included that stood there before.
    Raises RuleBroken when all of it is there already, or when it is off the menu.
    """
    draft.require_draft(quotation)
    if not package.active:
        raise RuleBroken(N_("This package is not on the menu any more."), code="retired")
    known = {line.operation_id for line in queries.list_lines(quotation)}
    wanted = [each for each in package.operations if each.id not in known]
    fixed_fen = _fixed_fen(quotation, package, at)
    if not wanted and (fixed_fen is None or line_prices.of_package(quotation, package.id)):
        raise RuleBroken(
            N_("All of %(package)s is in the quotation already."),
            code="twice",
            package=package.code,
        )
    added = [lines.add_operation(quotation, operation, at=at) for operation in wanted]
    session.flush()
    whole = _lines_of(quotation, package)
    if fixed_fen is not None and all(_may_join(line) for line in whole):
        line_prices.fix(whole, package, fixed_fen)
    draft.touch(quotation)
    return added


def _fixed_fen(quotation: Quotation, package: Package, at: datetime) -> int | None:
    branch = quotation.order.branch
    prices = catalogue.price_list(branch.id, calendar.local_day(branch, at))
    return prices.package_fen(package.id)


def find_unfixed(quotation: Quotation, package: Package, at: datetime) -> Package | None:
    """The package, when it has a fixed price that its lines in the quotation do not make."""
    has_price = _fixed_fen(quotation, package, at) is not None
    return package if has_price and not line_prices.of_package(quotation, package.id) else None


def _lines_of(quotation: Quotation, package: Package) -> list[QuotationLine]:
    """The lines of the package's operations with the parts that hang on them; no deposits."""
    ids = {operation.id for operation in package.operations}
    return [
        line
        for group in queries.list_groups(quotation)
        if group.head.operation_id in ids
        for line in group.lines
        if not line.is_core
    ]


def _may_join(line: QuotationLine) -> bool:
    """The fixed price is what the customer pays; a discount or another package stays its own."""
    return line.payer is Payer.CUSTOMER and line.package_id is None and not line.discount_fen
