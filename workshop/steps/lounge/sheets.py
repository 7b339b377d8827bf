"""Who waits here, who is away and which reports are due, as lists that may be taken along."""

from __future__ import annotations

from dataclasses import dataclass

from workshop.customers import shown
from workshop.errors import N_
from workshop.listing import Asked, Column, ListSheet
from workshop.orders import columns
from workshop.orders.models import RepairOrder
from workshop.steps.lounge import due_reports, guests, queries
from workshop.steps.lounge.guests import Guest, Traveller
from workshop.steps.lounge.models import Departure


def _guests(asked: Asked) -> list[Guest]:
    orders, dues = queries.list_in_house(asked.branch), due_reports.list_all(asked.branch)
    return guests.list_guests(orders, dues)


def _travellers(asked: Asked) -> list[Traveller]:
    orders, dues = queries.list_in_house(asked.branch), due_reports.list_all(asked.branch)
    return guests.list_travellers(orders, dues)


@dataclass(frozen=True)
class _Loaner:
    """A loaner car that is out."""

    departure: Departure
    order: RepairOrder


_WHO = (
    *columns.car(lambda row: row.order),
    Column(N_("Customer"), lambda row: row.order.customer.name),
    Column(N_("Stage"), lambda row: row.order.stage),
    Column(N_("Promised time"), lambda row: row.order.promised_at),
)

SHEETS = (
    ListSheet(
        "reports",
        N_("Reports to customers"),
        "lounge.index",
        (
            *_WHO,
            Column(N_("Report due"), lambda row: row.due_at),
            Column(N_("Occasion"), lambda row: row.occasion),
            Column(N_("Waits here"), lambda row: row.order.stays),
        ),
        lambda asked: due_reports.list_all(asked.branch),
    ),
    ListSheet(
        "guests",
        N_("Waiting here"),
        "lounge.index",
        (
            *_WHO,
            Column(N_("Arrived"), lambda row: row.order.arrived_at),
            Column(N_("Seat"), lambda row: row.record and row.record.seat),
            Column(N_("Drinks"), lambda row: row.record and row.record.drinks),
            Column(N_("Complained"), lambda row: row.record and row.record.complained),
            Column(N_("Care acts to do"), lambda row: len(row.open_acts)),
            Column(N_("Report due"), lambda row: row.due and row.due.due_at),
        ),
        _guests,
    ),
    ListSheet(
        "away",
        N_("Left the car with us"),
        "lounge.index",
        (
            *_WHO,
            Column(N_("Left"), lambda row: row.departure and row.departure.left_at),
            Column(N_("Goes by"), lambda row: row.departure and row.departure.transport),
            Column(
                N_("Reached at"),
                lambda row: row.departure and shown.phone(row.departure.reachable_phone),
            ),
            Column(N_("Report due"), lambda row: row.due and row.due.due_at),
        ),
        _travellers,
    ),
    ListSheet(
        "loaners",
        N_("Loaner cars out"),
        "lounge.index",
        (
            Column(N_("Loaner car"), lambda row: row.departure.loaner_plate),
            Column(N_("Customer"), lambda row: row.order.customer.name),
            Column(N_("Order no."), lambda row: row.order.no),
            Column(N_("Left"), lambda row: row.departure.left_at),
            Column(N_("Due back"), lambda row: row.departure.loaner_due_at),
            Column(N_("Mileage when it left (km)"), lambda row: row.departure.loaner_km_out),
        ),
        lambda asked: [_Loaner(*each) for each in queries.list_loaners_out(asked.branch)],
    ),
)
