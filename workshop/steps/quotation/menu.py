"""The menu beside the quotation: fixed prices, what is on the shelf, and what to suggest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from workshop.catalogue import queries as catalogue
from workshop.catalogue.models import Operation, Package
from workshop.orders import history
from workshop.orders.models import DeferredWork, RepairOrder
from workshop.shop import calendar
from workshop.steps.booking import queries as booking
from workshop.steps.quotation import queries
from workshop.steps.quotation.models import Quotation
from workshop.steps.quotation.queries import Availability
from workshop.stock.models import Part
from workshop.stock.pricing import queries as pricing


@dataclass(frozen=True)
class MenuEntry:
    """One line of the menu: an operation or a package with its price in fen and its parts' arrival.

    `price_fen` is None while a labour rate is not set; `arrives_on` is None when the shelf has
    all parts; `is_chosen` says that the quotation holds it already.
    """

    record: Operation | Package
    minutes: int
    price_fen: int | None
    arrives_on: date | None
    is_chosen: bool


@dataclass(frozen=True)
class PartEntry:
    """A part on the menu with what the shelf can give and its price of today in fen."""

    part: Part
    shelf: Availability
    price_fen: int


@dataclass(frozen=True)
class DeferredEntry:
    """Work that was declined before, with the operation's price of today."""

    work: DeferredWork
    entry: MenuEntry


class Menu:
    """The menu for one order; prices and shelf are read once."""

    def __init__(self, order: RepairOrder, draft: Quotation | None, at: datetime) -> None:
        self._order = order
        self._at = at
        self._day = calendar.local_day(order.branch, at)
        self._rates = catalogue.list_rates(order.branch_id)
        lines = queries.list_lines(draft) if draft else []
        self._chosen = {line.operation_id for line in lines} - {None}

    def packages(self) -> list[MenuEntry]:
        """The packages with their fixed prices."""
        packages = catalogue.list_packages()
        operations = [item.operation for package in packages for item in package.items]
        parts = queries.list_usual_parts(operations)
        shelf = queries.list_availability(self._order.branch, parts.values(), self._at)
        prices = pricing.prices_on(parts.values(), self._day)
        return [
            MenuEntry(
                package,
                sum(item.operation.book_minutes for item in package.items),
                queries.price_package(package, prices, self._rates),
                _arrival([item.operation for item in package.items], shelf),
                {item.operation_id for item in package.items} <= self._chosen,
            )
            for package in packages
        ]

    def operations(self, operations: Sequence[Operation]) -> list[MenuEntry]:
        """The operations with their fixed prices."""
        parts = queries.list_usual_parts(operations)
        shelf = queries.list_availability(self._order.branch, parts.values(), self._at)
        prices = pricing.prices_on(parts.values(), self._day)
        return [
            MenuEntry(
                operation,
                operation.book_minutes,
                queries.price_operation(operation, prices, self._rates),
                _arrival([operation], shelf),
                operation.id in self._chosen,
            )
            for operation in operations
        ]

    def search(self, text: str) -> list[MenuEntry]:
        """The operations that the words find."""
        return self.operations(catalogue.search_operations(text, limit=12))

    def search_parts(self, text: str) -> list[PartEntry]:
        """The parts that the words find, with what the shelf can give."""
        parts = queries.search_parts(text, limit=6)
        shelf = queries.list_availability(self._order.branch, parts, self._at)
        prices = pricing.prices_on(parts, self._day)
        return [PartEntry(part, shelf[part.id], prices[part.id]) for part in parts]

    def asked_at_booking(self) -> list[MenuEntry]:
        """What was asked for at booking and is not in the quotation yet."""
        appointment = booking.find_by_order(self._order)
        wanted = booking.list_operations(appointment) if appointment else []
        return self.operations([each for each in wanted if each.id not in self._chosen])

    def deferred(self) -> list[DeferredEntry]:
        """What the customer declined before and the quotation does not hold: urgent first."""
        found = [
            each
            for each in history.list_deferred(self._order.vehicle)
            if each.operation_id is not None and each.operation_id not in self._chosen
        ]
        operations = catalogue.list_operations({each.operation_id or 0 for each in found})
        entries = {entry.record.id: entry for entry in self.operations(operations)}
        return [DeferredEntry(each, entries[each.operation_id or 0]) for each in found]


def _arrival(operations: Sequence[Operation], shelf: dict[int, Availability]) -> date | None:
    late = [
        shelf[usual.part_id].eta
        for operation in operations
        for usual in operation.parts
        if not shelf[usual.part_id].is_enough(usual.quantity_milli)
    ]
    return max((day for day in late if day is not None), default=None)
