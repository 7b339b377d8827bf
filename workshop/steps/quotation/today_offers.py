"""What is free of today, and the work it could be sold for: to cars that are here or still come.

Deferred work and due services that fit in today's hours (domain.md step 5: sell spare capacity).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from workshop.capacity.ledger import Ledger
from workshop.catalogue import queries as catalogue
from workshop.catalogue.models import Operation, Package
from workshop.customers import queries as customers
from workshop.customers.models import Customer, EnergyType, Vehicle
from workshop.db import session
from workshop.errors import Missing
from workshop.orders.flow import PERMITS, Action
from workshop.orders.models import DeferredWork, RepairOrder, Urgency
from workshop.shop import calendar
from workshop.shop import queries as shop
from workshop.shop.models import Branch
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.booking import estimates, slots
from workshop.steps.booking import queries as booking
from workshop.steps.booking.models import Appointment
from workshop.steps.booking.slots import Load
from workshop.steps.quotation import gates, queries
from workshop.steps.quotation.models import Quotation, QuotationLine, QuotationState

# Cars whose quotation can still grow; later the work is over, or the customer has said no.
_OPEN = PERMITS[Action.EDIT_QUOTATION] | PERMITS[Action.SCHEDULE]
_STANDS = (QuotationState.DRAFT, QuotationState.OFFERED, QuotationState.SIGNED)


@dataclass(frozen=True)
class Choice:
    """What one click adds: an operation or a package, with its minutes and today's price in fen."""

    record: Operation | Package
    minutes: int
    price_fen: int


@dataclass(frozen=True)
class Offer:
    """One thing to offer: deferred work, or the due service as one of the packages that fit."""

    deferred: DeferredWork | None
    choices: list[Choice]

    @property
    def is_red(self) -> bool:
        return self.deferred is not None and self.deferred.urgency is Urgency.RED

    @property
    def price_fen(self) -> int:
        """What it brings at least."""
        return min(choice.price_fen for choice in self.choices)


@dataclass(frozen=True)
class Car:
    """A car that is here (`order`) or comes today (`appointment`), with what it could take."""

    vehicle: Vehicle
    customer: Customer
    name: str
    phone: str
    order: RepairOrder | None
    appointment: Appointment | None
    offers: list[Offer]
    missing: list[Missing]
    seen: int

    def phone_for(self, user: User) -> str:
        """The number, for who may see customers; else nothing."""
        return self.phone if user.may(Permission.VIEW_CUSTOMERS) else ""

    @property
    def is_red(self) -> bool:
        return any(offer.is_red for offer in self.offers)


@dataclass(frozen=True)
class TodayOffers:
    """Today's free hours and who could use them; how many offers do not fit any more."""

    loads: list[Load]
    cars: list[Car]
    too_long: int

    @property
    def free_minutes(self) -> int:
        """What all technicians together may still sell of today."""
        return self.loads[0].free_minutes

    @property
    def total_fen(self) -> int:
        """What all offers together would bring at least."""
        return sum(offer.price_fen for car in self.cars for offer in car.offers)


def find(branch: Branch, at: datetime) -> TodayOffers:
    """What may still be sold of today, urgent work first, then who is here."""
    return _Finder(branch, at).find()


class _Finder:
    """Reads the day once and tries each offer against what is left of it."""

    def __init__(self, branch: Branch, at: datetime) -> None:
        self._branch, self._at = branch, at
        self._today = calendar.local_day(branch, at)
        self._ledger = Ledger(branch, self._today, self._today, at=at)
        self._due = [
            each for each in catalogue.list_packages() if each.interval_km or each.interval_months
        ]
        skills = shop.list_skills()
        self._high_voltage = {each.id for each in skills if each.code == shop.HIGH_VOLTAGE}
        self._prices = catalogue.price_list(branch.id, self._today)
        self._too_long = 0

    def find(self) -> TodayOffers:
        orders = _list_orders(self._branch)
        appointments = _list_appointments(self._branch, self._today)
        cars_here = {each.vehicle_id for each in orders}
        deferred = _deferred_of(cars_here | {each.vehicle_id for each in appointments})
        chosen, wished = _chosen_of(orders), booking.list_operations_of(appointments)
        self._works = _operations_of(deferred)
        due = [item.operation for each in self._due for item in each.items]
        operations = [*self._works.values(), *due]
        self._estimator = estimates.Estimator(self._branch, operations, day=self._today)
        cars = [self._of_order(each, deferred, chosen[each.id]) for each in orders]
        cars += [
            self._of_appointment(each, deferred, {wish.id for wish in wished.get(each.id, [])})
            for each in appointments
        ]
        return TodayOffers(
            loads=slots.day_loads(self._branch, self._today, self._at),
            cars=sorted((car for car in cars if car.offers), key=_most_promising_first),
            too_long=self._too_long,
        )

    def _of_order(
        self, order: RepairOrder, deferred: dict[int, list[DeferredWork]], chosen: Collection[int]
    ) -> Car:
        # A car that is here may use the reserve: that is what it is kept for (P9).
        draft = queries.find_draft(order)
        return Car(
            vehicle=order.vehicle,
            customer=order.customer,
            name=order.reach.name,
            phone=order.reach.phone,
            order=order,
            appointment=None,
            offers=self._fitting(order.vehicle, deferred, chosen, self._at, with_reserve=True),
            missing=gates.missing_to_write(order),
            seen=draft.version if draft else 0,
        )

    def _of_appointment(
        self,
        appointment: Appointment,
        deferred: dict[int, list[DeferredWork]],
        chosen: Collection[int],
    ) -> Car:
        since = max(self._at, appointment.slot_at)
        return Car(
            vehicle=appointment.vehicle,
            customer=appointment.customer,
            name=appointment.contact_name,
            phone=appointment.contact_phone,
            order=None,
            appointment=appointment,
            offers=self._fitting(appointment.vehicle, deferred, chosen, since, with_reserve=False),
            missing=[],
            seen=appointment.version,
        )

    def _fitting(
        self,
        vehicle: Vehicle,
        deferred: dict[int, list[DeferredWork]],
        chosen: Collection[int],
        since: datetime,
        *,
        with_reserve: bool,
    ) -> list[Offer]:
        works = [each for each in deferred[vehicle.id] if each.operation_id not in chosen]
        offers = []
        for work in works:
            operation = self._works.get(work.operation_id or 0)
            if operation is not None and operation.active:
                wanted = [(operation, [operation])]
                offers.append(Offer(work, self._choices(vehicle, wanted, since, with_reserve)))
        due = self._due_of(vehicle, chosen)
        offers.append(Offer(None, self._choices(vehicle, due, since, with_reserve)))
        return [offer for offer in offers if offer.choices]

    def _due_of(
        self, vehicle: Vehicle, chosen: Collection[int]
    ) -> list[tuple[Operation | Package, list[Operation]]]:
        """The packages that would do the due service; none when it is under way already."""
        if not customers.is_service_due(vehicle, self._today):
            return []
        found = [(each, [item.operation for item in each.items]) for each in self._due]
        if any(operation.id in chosen for _, operations in found for operation in operations):
            return []
        return [(each, found_in) for each, found_in in found if self._suits(vehicle, found_in)]

    def _suits(self, vehicle: Vehicle, operations: Sequence[Operation]) -> bool:
        """Work for other cars is nothing; nor is high voltage for a car that burns fuel only."""
        is_fuel = vehicle.energy in (EnergyType.FUEL, EnergyType.DIESEL)
        high = any(operation.skill_id in self._high_voltage for operation in operations)
        fits = all(operation.suits(vehicle.energy.value) for operation in operations)
        return bool(operations) and fits and not (is_fuel and high)

    def _choices(
        self,
        vehicle: Vehicle,
        wanted: Sequence[tuple[Operation | Package, list[Operation]]],
        since: datetime,
        with_reserve: bool,
    ) -> list[Choice]:
        """Those of them that fit in what is left of today; the others are counted."""
        choices = []
        for record, operations in wanted:
            estimate = self._estimator.estimate(operations, vehicle.size)
            full = self._ledger.list_full(
                self._today, estimate.needs, since, with_reserve=with_reserve
            )
            if full:
                self._too_long += 1
            else:
                fen = self._fixed_fen(record)
                fen = estimate.fen if fen is None else fen
                choices.append(Choice(record, estimate.minutes, fen))
        return sorted(choices, key=lambda choice: choice.price_fen)

    def _fixed_fen(self, record: Operation | Package) -> int | None:
        return self._prices.package_fen(record.id) if isinstance(record, Package) else None


def _most_promising_first(car: Car) -> tuple[bool, bool, bool]:
    """Urgent work first, then what can be added now, then who is here before who still comes."""
    return not car.is_red, bool(car.missing), car.order is None


def _operations_of(deferred: dict[int, list[DeferredWork]]) -> dict[int, Operation]:
    """The operations that would do the deferred works, by id."""
    ids = {each.operation_id or 0 for works in deferred.values() for each in works}
    return {each.id: each for each in catalogue.list_operations(ids)}


def _list_orders(branch: Branch) -> list[RepairOrder]:
    query = select(RepairOrder).where(RepairOrder.here(branch.id, _OPEN))
    return list(session.scalars(query.order_by(RepairOrder.arrived_at, RepairOrder.id)))


def _list_appointments(branch: Branch, day: date) -> list[Appointment]:
    """Who is still to come, and who is here and not yet received."""
    return [each for each in booking.list_day(branch, day) if each.is_open]


def _deferred_of(vehicle_ids: Collection[int]) -> dict[int, list[DeferredWork]]:
    query = select(DeferredWork).where(
        DeferredWork.vehicle_id.in_(vehicle_ids),
        DeferredWork.sold_order_id.is_(None),
    )
    found: dict[int, list[DeferredWork]] = defaultdict(list)
    for each in session.scalars(query.order_by(DeferredWork.noted_at, DeferredWork.id)):
        found[each.vehicle_id].append(each)
    for works in found.values():
        works.sort(key=lambda work: work.urgency is not Urgency.RED)
    return found


def _chosen_of(orders: Sequence[RepairOrder]) -> dict[int, set[int]]:
    """By order: the operations that stand in a quotation of it already."""
    query = (
        select(Quotation.order_id, QuotationLine.operation_id)
        .join(QuotationLine, QuotationLine.quotation_id == Quotation.id)
        .where(
            Quotation.order_id.in_([each.id for each in orders]),
            Quotation.state.in_(_STANDS),
            QuotationLine.operation_id.is_not(None),
        )
    )
    chosen: dict[int, set[int]] = defaultdict(set)
    for order_id, operation_id in session.execute(query):
        chosen[order_id].add(operation_id or 0)
    return chosen
