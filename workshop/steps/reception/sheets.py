"""Who waits at the door and what is in reception, as lists that may be taken along."""

from __future__ import annotations

from workshop.errors import N_
from workshop.listing import Column, ListSheet
from workshop.orders import columns
from workshop.staff.permissions import Permission
from workshop.steps.reception import queries, waiting
from workshop.steps.reception.waiting import Waiting


def _plate(row: Waiting) -> str | None:
    if row.appointment is not None:
        return row.appointment.vehicle.called
    return row.walk_in.plate if row.walk_in else None


def _concern(row: Waiting) -> str | None:
    if row.appointment is not None:
        return row.appointment.concern
    return row.walk_in.note if row.walk_in else None


SHEETS = (
    ListSheet(
        "waiting",
        N_("Waiting to be greeted"),
        "reception.index",
        (
            Column(N_("Plate"), _plate),
            Column(N_("Vehicle"), lambda row: row.appointment and row.appointment.vehicle.title),
            Column(N_("Customer"), lambda row: row.appointment and row.appointment.customer.name),
            Column(N_("Appointment"), lambda row: row.appointment and row.appointment.slot_at),
            Column(N_("Concern"), _concern),
            Column(N_("Arrived"), lambda row: row.arrived_at),
            Column(N_("Minutes waited"), lambda row: row.minutes),
        ),
        lambda asked: waiting.list_waiting(asked.branch, asked.at),
    ),
    ListSheet(
        "in-reception",
        N_("In reception"),
        "reception.index",
        (
            *columns.car(lambda order: order),
            *columns.customer(lambda order: order),
            Column(N_("Stage"), lambda order: order.stage),
            Column(N_("Concern"), lambda order: order.concern),
            Column(N_("Arrived"), lambda order: order.arrived_at),
            Column(N_("Greeted"), lambda order: order.greeted_at),
            columns.advisor(lambda order: order),
        ),
        lambda asked: [
            *queries.list_in_reception(asked.branch),
            *queries.list_inspected(asked.branch),
        ],
        frozenset({Permission.RECEIVE}),
    ),
)
