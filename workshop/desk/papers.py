"""Every sheet of paper that an order has by now, in the order in which they come to be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from workshop.errors import N_
from workshop.orders.models import RepairOrder
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.handover import queries as handover
from workshop.steps.lounge import queries as lounge
from workshop.steps.parts import queries as parts
from workshop.steps.quotation import queries as quotation
from workshop.steps.reception import queries as reception
from workshop.steps.repair import queries as repair
from workshop.steps.repair.quality import queries as quality
from workshop.steps.scheduling import queries as scheduling
from workshop.steps.settlement import queries as settlement


@dataclass(frozen=True)
class Sheet:
    """One PDF: its title as a msgid, its number, and the page that makes it."""

    title: str
    number: str
    endpoint: str
    values: dict[str, str] = field(default_factory=dict)


def list_sheets(order: RepairOrder, reader: User) -> list[Sheet]:
    """The sheets of the order that this person may print."""
    return [*_front(order, reader), *_floor(order), *_end(order, reader)]


def _front(order: RepairOrder, reader: User) -> Iterator[Sheet]:
    yield Sheet(N_("Labels: key, baskets, wheels"), order.no, "desk.labels")
    if reception.find_walkaround(order) is not None:
        yield Sheet(N_("Walk-around sheet"), order.no, "reception.walkaround_pdf")
    signed = quotation.find_signed(order)
    if signed is not None:
        yield Sheet(N_("Service authorisation"), signed.no, "quotation.authorisation")
    if reader.may(Permission.CARE) and lounge.find_departure(order) is not None:
        yield Sheet(N_("Departure information sheet"), order.no, "lounge.departure_pdf")


def _floor(order: RepairOrder) -> Iterator[Sheet]:
    if scheduling.list_jobs(order):
        yield Sheet(N_("Job card"), order.no, "scheduling.job_card")
    for each in parts.list_pick_lists(order):
        yield Sheet(N_("Pick list"), each.no, "parts.sheet", {"list_no": each.no})
    if repair.list_inspections(order):
        yield Sheet(N_("Inspection record"), order.no, "repair.inspection_pdf")
    if quality.list_certified(order) and repair.find_final_check(order) is not None:
        yield Sheet(N_("Completion certificate"), order.no, "repair.certificate_pdf")


def _end(order: RepairOrder, reader: User) -> Iterator[Sheet]:
    bill = settlement.find_live(order)
    if bill is not None:
        yield Sheet(N_("Settlement list"), bill.no, "settlement.settlement_list")
    if handover.find_handover(order) is not None:
        yield Sheet(N_("Handover sheet"), order.no, "handover.sheet")
    found = handover.find_gate_pass(order)
    if found is not None and (reader.may(Permission.DELIVER) or reader.may(Permission.CHECK_GATE)):
        yield Sheet(N_("Gate pass"), found.no, "handover.gate_pass")
