"""What the shop knows of a car before its work is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workshop.catalogue import queries as catalogue
from workshop.catalogue.models import Package
from workshop.customers import particulars
from workshop.customers import queries as customer_queries
from workshop.customers.contacts import queries as contacts
from workshop.customers.models import CustomerContact, Vehicle
from workshop.customers.particulars import Due
from workshop.orders import history
from workshop.orders.history import RepeatFinding
from workshop.orders.models import DeferredWork, RepairOrder
from workshop.orders.past.models import PastVisit
from workshop.orders.past.queries import list_past
from workshop.shop import calendar
from workshop.shop.models import Branch
from workshop.steps.booking import queries
from workshop.steps.booking.models import Appointment


@dataclass(frozen=True)
class Known:
    """What the shop knows of the car, to be told to the caller."""

    vehicle: Vehicle
    # Of a company: who may come with the car, its driver first.
    contacts: list[CustomerContact]
    deferred: list[DeferredWork]
    visits: list[RepairOrder]
    # The newest of an old system.
    past: list[PastVisit]
    booked: Appointment | None
    open_order: RepairOrder | None
    repeat: RepeatFinding | None
    is_due: bool
    due_packages: list[Package]
    # Papers that end soon: the caller is told, and the check before the inspection offered.
    due_papers: list[Due]


def look_up(vehicle: Vehicle, branch: Branch, at: datetime) -> Known:
    """Gather what the shop knows of a car."""
    today = calendar.local_day(branch, at)
    is_due = customer_queries.is_service_due(vehicle, today)
    return Known(
        vehicle=vehicle,
        contacts=contacts.list_offered(vehicle.customer, vehicle),
        deferred=history.list_deferred(vehicle),
        visits=history.list_visits(vehicle, 4),
        past=list_past(vehicle, 4),
        booked=queries.find_next(vehicle, at),
        open_order=queries.find_open_order(vehicle),
        repeat=history.find_repeat(vehicle, at, branch.repeat_days),
        is_due=is_due,
        due_packages=_due_packages(vehicle, today.month) if is_due else [],
        due_papers=particulars.list_due(vehicle, today),
    )


def _due_packages(vehicle: Vehicle, month: int) -> list[Package]:
    """The packages that are due again by an interval and are work for this car."""
    return [
        each
        for each in catalogue.list_packages()
        if (each.interval_km or each.interval_months)
        and each.suits(vehicle.energy.value)
        and each.is_in_season(month)
    ]
