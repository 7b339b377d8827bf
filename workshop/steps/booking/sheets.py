"""Appointments, calls and customers as lists that may be taken along."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from workshop import paging
from workshop.customers import queries as customers
from workshop.customers import shown
from workshop.customers.models import Customer, Vehicle
from workshop.errors import N_
from workshop.listing import Asked, Column, ListSheet, money, within
from workshop.shop import calendar
from workshop.staff.permissions import Permission
from workshop.steps.booking import calls, queries
from workshop.steps.booking.forms import DayForm
from workshop.steps.booking.models import Appointment

_MOST_DAYS = 3700


def day_of(asked: Asked) -> date:
    """The day whose appointments are asked for; today while none is."""
    return DayForm(asked.args).chosen(calendar.local_day(asked.branch, asked.at))


def _appointments(asked: Asked) -> Iterator[Appointment]:
    """Those of the day that the page shows; of more days up to `last`, where that is named."""
    first = day_of(asked)
    last = asked.day("last") or first
    for number in range(min((last - first).days + 1, _MOST_DAYS)):
        yield from queries.list_day(asked.branch, first + timedelta(days=number))


@dataclass(frozen=True)
class _Owned:
    """A customer with one of the cars; without one while there is none."""

    customer: Customer
    vehicle: Vehicle | None


def _customers(asked: Asked) -> Iterator[_Owned]:
    for chunk in paging.read_chunks(customers.find_customers_by(asked.text)):
        cars = customers.list_vehicles_of(chunk)
        for each in chunk:
            owned: Sequence[Vehicle | None] = cars[each.id] or [None]
            yield from (_Owned(each, vehicle) for vehicle in owned)


_VISIT = (
    Column(N_("Appointment no."), lambda row: row.no),
    Column(N_("Time"), lambda row: row.slot_at),
    Column(N_("Plate"), lambda row: row.vehicle.called),
    Column(N_("Vehicle"), lambda row: row.vehicle.title),
    Column(N_("Contact"), lambda row: row.contact_name),
    Column(N_("Phone"), lambda row: shown.phone(row.contact_phone)),
)

SHEETS = (
    ListSheet(
        "appointments",
        N_("Appointments"),
        "booking.index",
        (
            *_VISIT,
            Column(N_("Customer"), lambda row: row.customer.name),
            Column(N_("State"), lambda row: row.status),
            Column(N_("Kind"), lambda row: row.kind),
            Column(N_("Booked through"), lambda row: row.source),
            Column(N_("Wish"), lambda row: row.concern),
            Column(N_("Waits here"), lambda row: row.stays),
            Column(N_("Service advisor"), lambda row: row.advisor.display_name),
            Column(N_("Estimated minutes"), lambda row: row.estimated_minutes),
            money(N_("Estimated price"), lambda row: row.estimated_fen),
            Column(N_("Arrived"), lambda row: row.arrived_at),
            Column(N_("Reason"), lambda row: row.reason),
        ),
        _appointments,
    ),
    ListSheet(
        "calls",
        N_("Calls due"),
        "booking.index",
        (
            Column(N_("Why"), lambda row: row.reason),
            *within(lambda row: row.appointment, _VISIT),
            Column(N_("How"), lambda row: row.appointment.channel),
            Column(N_("Tried"), lambda row: row.tries),
        ),
        lambda asked: calls.list_due(asked.branch, asked.at),
        frozenset({Permission.BOOK}),
    ),
    ListSheet(
        "customers",
        N_("Customers"),
        "booking.list_customers",
        (
            Column(N_("Customer"), lambda row: row.customer.name),
            Column(N_("A company"), lambda row: row.customer.is_company),
            Column(N_("Phone"), lambda row: shown.phone(row.customer.phone)),
            Column(N_("Wrong number"), lambda row: row.customer.phone_invalid),
            Column(N_("Reached by"), lambda row: row.customer.channel),
            Column(N_("Address"), lambda row: row.customer.address),
            Column(N_("Birthday"), lambda row: row.customer.birthday),
            Column(N_("How they came here"), lambda row: row.customer.source),
            Column(N_("Tier"), lambda row: row.customer.tier),
            Column(N_("Plate"), lambda row: row.vehicle and row.vehicle.called),
            Column(N_("VIN"), lambda row: row.vehicle and row.vehicle.vin),
            Column(N_("Make"), lambda row: row.vehicle and row.vehicle.make),
            Column(N_("Model"), lambda row: row.vehicle and row.vehicle.model),
            Column(N_("Colour"), lambda row: row.vehicle and row.vehicle.colour),
            Column(N_("Energy"), lambda row: row.vehicle and row.vehicle.energy),
            Column(N_("Mileage (km)"), lambda row: row.vehicle and row.vehicle.mileage_km),
            Column(
                N_("First registered"), lambda row: row.vehicle and row.vehicle.first_registered_on
            ),
            Column(N_("Model year"), lambda row: row.vehicle and row.vehicle.model_year),
            Column(N_("Inspection due"), lambda row: row.vehicle and row.vehicle.inspection_due_on),
            Column(N_("Insurance ends"), lambda row: row.vehicle and row.vehicle.insurance_due_on),
            Column(N_("Due on"), lambda row: row.vehicle and row.vehicle.next_due_on),
            Column(N_("Due at km"), lambda row: row.vehicle and row.vehicle.next_due_km),
            Column(N_("On record since"), lambda row: row.customer.created_at),
        ),
        _customers,
    ),
)
