"""The menu beside the quotation: fixed prices, what is on the shelf, and what to suggest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from workshop import money
from workshop.catalogue import queries as catalogue
from workshop.catalogue.models import Operation, Package, PartKind, Payer
from workshop.orders import history
from workshop.orders.kits import Kits, Piece
from workshop.orders.models import DeferredWork, RepairOrder
from workshop.shop import calendar
from workshop.steps.booking import queries as booking
from workshop.steps.quotation import queries
from workshop.steps.quotation.fit import queries as fit_queries
from workshop.steps.quotation.fit import rules as fit
from workshop.steps.quotation.models import Quotation
from workshop.steps.quotation.pricing import line_prices
from workshop.steps.quotation.queries import Availability
from workshop.stock.models import Part
from workshop.stock.pricing import queries as pricing


@dataclass(frozen=True)
class MenuEntry:
    """One line of the menu: an operation or a package with its price in fen and its parts' arrival.

    `price_fen` is None while a labour rate is not set; `arrives_on` is None when the shelf has
    all parts; `partless` are the kinds of which there is no part yet, so not in the price;
    `is_chosen` says that the quotation holds it already, `suits` that it is work for such a car,
    `is_for_others` that its words name other models.
    """

    record: Operation | Package
    minutes: int
    price_fen: int | None
    arrives_on: date | None
    is_chosen: bool
    partless: list[PartKind]
    suits: bool
    is_for_others: bool

    @property
    def models(self) -> str:
        """The models in words that an operation is for only; empty for all."""
        return self.record.models if isinstance(self.record, Operation) else ""


@dataclass(frozen=True)
class PartEntry:
    """A part on the menu with what the shelf can give and its price of today in fen."""

    part: Part
    shelf: Availability
    price_fen: int
    is_for_others: bool


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
        self._prices = catalogue.price_list(order.branch_id, self._day)
        self._payer = line_prices.usual_payer(order)
        self._car = fit_queries.car_of(order)
        found = queries.list_lines(draft) if draft else []
        self._chosen = {line.operation_id for line in found} - {None}
        self._packages = {line.package_id for line in found} - {None}

    @property
    def has_no_rate(self) -> bool:
        """Whether no hour has a price yet, so that nothing can be quoted."""
        return self._prices.is_empty

    def packages(self) -> list[MenuEntry]:
        """The packages of the season with their prices: those that suit the car first."""
        month = self._day.month
        packages = [each for each in catalogue.list_packages() if each.is_in_season(month)]
        shelf = self._shelf([each for package in packages for each in package.operations])
        entries = [
            self._entry(
                package,
                package.operations,
                shelf,
                fixed_fen=self._fixed_fen(package),
                is_chosen=self._holds(package),
            )
            for package in packages
        ]
        return sorted(entries, key=lambda entry: not entry.suits)

    def _fixed_fen(self, package: Package) -> int | None:
        is_customer = self._payer is Payer.CUSTOMER
        return self._prices.package_fen(package.id) if is_customer else None

    def _holds(self, package: Package) -> bool:
        has_all = {item.operation_id for item in package.items} <= self._chosen
        return package.id in self._packages or (has_all and self._fixed_fen(package) is None)

    def operations(self, operations: Sequence[Operation]) -> list[MenuEntry]:
        """The operations with their prices."""
        shelf = self._shelf(operations)
        return [
            self._entry(each, [each], shelf, is_chosen=each.id in self._chosen)
            for each in operations
        ]

    def _shelf(self, operations: Sequence[Operation]) -> _Shelf:
        kits = Kits(operations)
        return _Shelf(
            kits,
            self._order.vehicle.size,
            queries.list_availability(self._order.branch, kits.parts, self._at),
            pricing.prices_on(kits.parts, self._day),
        )

    def _entry(
        self,
        record: Operation | Package,
        operations: Sequence[Operation],
        shelf: _Shelf,
        *,
        is_chosen: bool,
        fixed_fen: int | None = None,
    ) -> MenuEntry:
        size = self._order.vehicle.size
        pieces = [piece for each in operations for piece in shelf.kits.of(each, size)]
        price_fen = self._sum_fen(operations, shelf) if fixed_fen is None else fixed_fen
        return MenuEntry(
            record,
            sum(each.minutes_of(size) for each in operations),
            price_fen,
            shelf.arrival(pieces),
            is_chosen,
            [piece.kind for piece in pieces if piece.part is None and piece.kind is not None],
            all(each.suits(self._order.vehicle.energy.value) for each in operations),
            any(fit.suits(each.models, self._car) is False for each in operations),
        )

    def _sum_fen(self, operations: Sequence[Operation], shelf: _Shelf) -> int | None:
        size, total = self._order.vehicle.size, 0
        for operation in operations:
            hour_fen = self._prices.hour_fen(operation.rate_code, self._payer.value)
            if hour_fen is None:
                return None
            total += money.labour_fen(operation.minutes_of(size), hour_fen)
            total += shelf.parts_fen(operation)
        return total

    def search(self, text: str) -> list[MenuEntry]:
        """The operations that the words find."""
        return self.operations(catalogue.search_operations(text, limit=12))

    def search_parts(self, text: str) -> list[PartEntry]:
        """The parts that the words find, with what the shelf can give."""
        parts = queries.search_parts(text, limit=6)
        shelf = queries.list_availability(self._order.branch, parts, self._at)
        prices = pricing.prices_on(parts, self._day)
        return [
            PartEntry(
                part,
                shelf[part.id],
                prices[part.id],
                fit.suits(part.fits, self._car) is False,
            )
            for part in parts
        ]

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


@dataclass(frozen=True)
class _Shelf:
    """What operations take, what the shelf can give of it, and today's prices in fen."""

    kits: Kits
    size: str | None
    free: dict[int, Availability]
    prices: dict[int, int]

    def parts_fen(self, operation: Operation) -> int:
        """What the parts of the operation cost that there are."""
        pieces = self.kits.of(operation, self.size)
        found = [(each.part, each.quantity_milli) for each in pieces if each.part]
        return sum(money.parts_fen(self.prices[part.id], milli) for part, milli in found)

    def arrival(self, pieces: Sequence[Piece]) -> date | None:
        """The day on which the last part that is short arrives; None when none is."""
        late = [
            self.free[piece.part.id].eta
            for piece in pieces
            if piece.part and not self.free[piece.part.id].is_enough(piece.quantity_milli)
        ]
        return max((day for day in late if day is not None), default=None)
