"""Prices that changed after a line was made: an open quotation says so, and can take today's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from workshop.catalogue import queries as catalogue
from workshop.catalogue.models import Operation, Package
from workshop.catalogue.rules import PriceList
from workshop.errors import N_, RuleBroken
from workshop.shop import calendar
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.quotation import draft, queries, rules, versions
from workshop.steps.quotation.models import Quotation, QuotationLine
from workshop.steps.quotation.pricing import line_prices
from workshop.stock.pricing import queries as parts


@dataclass(frozen=True)
class PriceChange:
    """What a line, or a package at its fixed price, was offered at and would cost today, in fen."""

    record: QuotationLine | Package
    was_fen: int
    now_fen: int


@dataclass(frozen=True)
class _Price:
    """What a line costs today: its unit in fen, and its book minutes."""

    unit_fen: int
    minutes: int


def list_changes(quotation: Quotation | None, at: datetime) -> list[PriceChange]:
    """What of an open quotation would have another price today; nothing of any other."""
    if quotation is None or not quotation.is_open:
        return []
    found = queries.list_lines(quotation)
    today = _Today(quotation, found, at)
    singles = [line for line in found if line.package_id is None]
    return [
        *(change for line in singles if (change := _of_line(line, today.price(line)))),
        *(change for each in _packages(found) if (change := _of_package(each, found, today))),
    ]


class _Today:
    """The prices of the day for the lines of one quotation, read once."""

    def __init__(self, quotation: Quotation, found: Sequence[QuotationLine], at: datetime) -> None:
        branch = quotation.order.branch
        day = calendar.local_day(branch, at)
        self.prices: PriceList = catalogue.price_list(branch.id, day)
        self._parts = parts.prices_on((line.part for line in found if line.part), day)
        self._size = quotation.order.vehicle.size
        ids = {line.operation_id for line in found if line.operation_id is not None}
        self._operations = {each.id: each for each in catalogue.list_operations(ids)}

    def price(self, line: QuotationLine) -> _Price:
        """What the line costs today; a charge keeps what was typed."""
        operation = self._operations.get(line.operation_id or 0)
        if line.is_labour and operation is not None:
            return _Price(self._hour_fen(line, operation), operation.minutes_of(self._size))
        if line.part is not None and line.is_core:
            return _Price(line.part.core_deposit_fen or 0, 0)
        if line.part is not None:
            return _Price(self._parts[line.part.id], 0)
        return _Price(line.unit_fen, line.book_minutes)

    def _hour_fen(self, line: QuotationLine, operation: Operation) -> int:
        hour_fen = self.prices.hour_fen(operation.rate_code, line.payer.value)
        return line.unit_fen if hour_fen is None else hour_fen

    def package_fen(self, package: Package, found: Iterable[QuotationLine]) -> int:
        """What a package costs today: its fixed price, or what its lines cost by themselves."""
        fixed = self.prices.package_fen(package.id)
        if fixed is not None:
            return fixed
        return sum(
            _gross(line, self.price(line)) for line in found if line.package_id == package.id
        )


def _gross(line: QuotationLine, price: _Price) -> int:
    return rules.gross_fen(line.kind.value, price.unit_fen, line.quantity_milli, price.minutes)


def _of_line(line: QuotationLine, price: _Price) -> PriceChange | None:
    was, now = line_prices.gross_fen(line), _gross(line, price)
    return PriceChange(line, was, now) if was != now else None


def _packages(found: Iterable[QuotationLine]) -> list[Package]:
    ids = dict.fromkeys(line.package_id for line in found if line.package_id is not None)
    return [catalogue.get_package(each) for each in ids]


def _of_package(package: Package, found: list[QuotationLine], today: _Today) -> PriceChange | None:
    mine = [line for line in found if line.package_id == package.id]
    was = sum(line.total_fen + line.discount_fen for line in mine)
    now = today.package_fen(package, found)
    return PriceChange(package, was, now) if was != now else None


def take(
    quotation: Quotation, *, by: User, at: datetime, seen_version: int | None = None
) -> Quotation:
    """Let the lines cost what they cost today; discounts stay, and an offer gets a new version.

    Raises RuleBroken when no price of an open quotation has changed, Conflict on a stale page.
    """
    staff.require_permission(by, Permission.QUOTE)
    draft.check_version(quotation, seen_version)
    changes = list_changes(quotation, at)
    if not changes:
        raise RuleBroken(N_("The prices are those of today."), code="nothing")
    if quotation.is_offered:
        quotation = versions.revise(quotation, by=by, at=at)
    was_fen, found = quotation.total_fen, queries.list_lines(quotation)
    today = _Today(quotation, found, at)
    packages = _packages(found)
    for line in found:
        price = today.price(line)
        line.unit_fen, line.package_fen = price.unit_fen, 0
        line.book_minutes = price.minutes
    for line in found:
        line_prices.priced(line)
    for package in packages:
        _fix_again(quotation, package, today)
    draft.touch(quotation)
    total_fen = quotation.total_fen
    audit.write(by, "quotation.take_prices", quotation, at, was_fen=was_fen, total_fen=total_fen)
    return quotation


def _fix_again(quotation: Quotation, package: Package, today: _Today) -> None:
    fixed_fen = today.prices.package_fen(package.id)
    if fixed_fen is None:
        line_prices.loosen(quotation, package.id)
    else:
        line_prices.fix(line_prices.of_package(quotation, package.id), package, fixed_fen)
