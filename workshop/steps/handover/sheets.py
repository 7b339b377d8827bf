"""Cars that are washed, ready, handed over and gone, as lists that may be taken along."""

from __future__ import annotations

from workshop.customers import shown
from workshop.errors import N_
from workshop.listing import Asked, Column, ListSheet
from workshop.orders import columns
from workshop.orders.models import RepairOrder
from workshop.shop import calendar
from workshop.steps.handover import worklist
from workshop.steps.handover.models import GatePass, Wash


def _delivered(asked: Asked) -> list[RepairOrder]:
    return worklist.list_delivered(asked.branch, calendar.local_day(asked.branch, asked.at))


def _washed(asked: Asked) -> list[tuple[Wash, RepairOrder]]:
    return worklist.list_washed(asked.branch, calendar.local_day(asked.branch, asked.at))


def _gone(asked: Asked) -> list[GatePass]:
    return worklist.list_gone(asked.branch, calendar.local_day(asked.branch, asked.at))


_PASS = (
    Column(N_("Gate pass"), lambda row: row.no),
    Column(N_("Plate"), lambda row: row.order.vehicle.called),
    Column(N_("Vehicle"), lambda row: row.order.vehicle.title),
    Column(N_("Issued"), lambda row: row.issued_at),
)

SHEETS = (
    ListSheet(
        "ready",
        N_("Ready, not collected"),
        "handover.index",
        (
            Column(N_("Ready since"), lambda row: row.order.ready_at),
            *columns.car(lambda row: row.order),
            Column(N_("Customer"), lambda row: row.order.customer.name),
            Column(N_("Contact"), lambda row: row.order.reach.name),
            Column(N_("Phone"), lambda row: shown.phone(row.order.reach.phone)),
            Column(N_("Customer told"), lambda row: row.told and row.told.at),
            Column(N_("Reached"), lambda row: row.told and row.told.reached),
            Column(N_("Can leave now"), lambda row: row.can_leave),
            Column(N_("Promised time"), lambda row: row.order.promised_at),
            columns.advisor(lambda row: row.order),
        ),
        lambda asked: worklist.list_waiting(asked.branch),
    ),
    ListSheet(
        "declined",
        N_("Declined: leaves without a bill"),
        "handover.index",
        (
            *columns.car(lambda order: order),
            *columns.customer(lambda order: order),
            Column(N_("Arrived"), lambda order: order.arrived_at),
            columns.advisor(lambda order: order),
        ),
        lambda asked: worklist.list_declined(asked.branch),
    ),
    ListSheet(
        "delivered",
        N_("Handed over today"),
        "handover.index",
        (
            Column(N_("Handed over"), lambda order: order.delivered_at),
            *columns.car(lambda order: order),
            *columns.customer(lambda order: order),
            Column(N_("Promised time"), lambda order: order.promised_at),
            Column(N_("On time"), lambda order: order.kept_promise),
            columns.advisor(lambda order: order),
        ),
        _delivered,
    ),
    ListSheet(
        "to-wash",
        N_("Cars to wash"),
        "handover.washes",
        (
            Column(N_("Plate"), lambda order: order.vehicle.called),
            Column(N_("Vehicle"), lambda order: order.vehicle.title),
            Column(N_("Promised time"), lambda order: order.promised_at),
            Column(N_("Waits here"), lambda order: order.stays),
        ),
        lambda asked: worklist.list_to_wash(asked.branch),
    ),
    ListSheet(
        "washed",
        N_("Washed today"),
        "handover.washes",
        (
            Column(N_("Time"), lambda row: row[0].finished_at),
            Column(N_("Plate"), lambda row: row[1].vehicle.called),
            Column(N_("Vehicle"), lambda row: row[1].vehicle.title),
            Column(N_("By"), lambda row: row[0].by.display_name),
        ),
        _washed,
    ),
    ListSheet(
        "at-gate",
        N_("On their way out"),
        "handover.gate",
        _PASS,
        lambda asked: worklist.list_at_gate(asked.branch),
    ),
    ListSheet(
        "gone",
        N_("Left today"),
        "handover.gate",
        (
            *_PASS,
            Column(N_("Left"), lambda row: row.left_at),
            Column(N_("By"), lambda row: row.left_by and row.left_by.display_name),
        ),
        _gone,
    ),
)
