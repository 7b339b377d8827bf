"""The papers that customers were handed, as they are printed again."""

from __future__ import annotations

from collections.abc import Iterator

from workshop import clock
from workshop.orders.models import RepairOrder
from workshop.steps.handover import pdf as handover_pdf
from workshop.steps.handover import queries as handover
from workshop.steps.lounge import pdf as lounge_pdf
from workshop.steps.lounge import queries as lounge
from workshop.steps.quotation import queries as quotation
from workshop.steps.quotation.sheet import pdf as quotation_pdf
from workshop.steps.reception import pdf as reception_pdf
from workshop.steps.reception import queries as reception
from workshop.steps.repair import queries as repair
from workshop.steps.repair.quality import pdf as repair_pdf
from workshop.steps.repair.quality import queries as quality
from workshop.steps.settlement import pdf as settlement_pdf
from workshop.steps.settlement import queries as settlement
from workshop.web.hosts import full_address


def list_papers(order: RepairOrder, locale: str) -> Iterator[tuple[str, bytes]]:
    """What the customer was handed of this order: the name of each paper, and its PDF."""
    url = full_address("desk.order", no=order.no)
    if reception.find_walkaround(order) is not None:
        printed = reception_pdf.walkaround_sheet(order, url, locale, clock.now())
        yield "Walk-around sheet", printed
    signed = quotation.find_signed(order)
    if signed is not None:
        yield "Service authorisation", quotation_pdf.service_authorisation(signed, order_url=url)
    departure = lounge.find_departure(order)
    if departure is not None:
        yield "Departure information sheet", lounge_pdf.departure_sheet(order, departure)
    if repair.list_inspections(order):
        yield "Inspection record", repair_pdf.inspection_record(order, url)
    if quality.list_certified(order) and repair.find_final_check(order) is not None:
        yield "Completion certificate", repair_pdf.certificate(order, url)
    bill = settlement.find_live(order)
    if bill is not None:
        yield "Settlement list", settlement_pdf.settlement_list(bill, order_url=url)
    if handover.find_handover(order) is not None:
        yield "Handover sheet", handover_pdf.handover_sheet(order, order_url=url)
