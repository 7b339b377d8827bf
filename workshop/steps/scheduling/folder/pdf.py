"""The job card: what goes into the job folder, one for the order with all its jobs."""

from __future__ import annotations

from datetime import datetime

from flask_babel import get_locale, gettext

from workshop import paper
from workshop.allocation import queries as allocation_queries
from workshop.orders.models import Job, RepairOrder
from workshop.shop import letterhead
from workshop.steps.quotation import queries as quotation
from workshop.steps.scheduling import queries
from workshop.web import display


def job_card(order: RepairOrder, address: str, *, at: datetime) -> bytes:
    """The job card as PDF in the reader's language; `address` is the order's page, for the QR."""
    story = [
        paper.section(gettext("Vehicle")),
        paper.facts(_vehicle(order)),
        *_warning(order),
        paper.facts([(gettext("Customer concern, in the customer's words"), order.concern)], 1),
        paper.section(gettext("Jobs")),
        _jobs(order),
        paper.section(gettext("Parts")),
        _parts(order),
        paper.section(gettext("Six points")),
        paper.checklist([paper.CheckItem(words) for words in _points()]),
        paper.section(gettext("Measured values and remarks")),
        paper.gap(16),
        paper.signatures(
            (gettext("Technician"), None, "", ""), (gettext("Quality inspector"), None, "", "")
        ),
    ]
    return paper.document(
        gettext("Job card"),
        letterhead.head_of(order.branch, gettext),
        story,
        number=order.no,
        subtitle=gettext("Printed %(time)s", time=display.show_printed(at)),
        order_url=address,
        qr_note=order.no,
        page_of=gettext("Page %(page)s of %(pages)s", page="%(page)s", pages="%(pages)s"),
        language=str(get_locale() or "zh_CN"),
    )


def _vehicle(order: RepairOrder) -> list[tuple[str, str]]:
    vehicle = order.vehicle
    km = "" if order.mileage_km is None else f"{order.mileage_km:,} km"
    return [
        (gettext("Plate"), vehicle.called),
        (gettext("Car"), vehicle.title),
        (gettext("VIN"), vehicle.vin or ""),
        (gettext("Mileage"), km),
        (gettext("Energy"), gettext(vehicle.energy.label)),
        (gettext("Service advisor"), order.advisor.display_name),
        (gettext("Promised time"), display.show_printed(order.promised_at)),
        (gettext("Customer"), order.customer.name),
    ]


def _warning(order: RepairOrder) -> list[object]:
    if not order.repeat_repair:
        return []
    words = gettext("Repeat repair: find out first why the last repair did not hold.")
    return [paper.note(words, alert=True)]


def _jobs(order: RepairOrder) -> object:
    header = [
        gettext("Job"),
        gettext("Technician"),
        gettext("Bay"),
        gettext("Start"),
        gettext("End"),
        gettext("Book time"),
    ]
    rows = [_job_row(job) for job in queries.list_jobs(order)]
    return paper.table(header, rows, "lllccr", (7, 4, 2.2, 4.6, 4.6, 3.4))


def _job_row(job: Job) -> list[str]:
    allocation = queries.find_allocation(job)
    minutes = display.show_minutes(job.book_minutes)
    title = "\n".join(display.show_name(each) for each in job.lines)
    if allocation is None:
        return [title, "–", "–", "–", "–", minutes]
    return [
        title,
        _people(job, allocation.technician.name),
        allocation.bay.code if allocation.bay else "–",
        display.show_printed(allocation.starts_at),
        display.show_printed(allocation.ends_at),
        minutes,
    ]


def _people(job: Job, lead: str) -> str:
    """The lead, and who helps with which share of the book time."""
    helps = {
        each.technician.name: each.share_percent
        for each in allocation_queries.list_help_of([job.id])
    }
    return "\n+ ".join([lead, *(f"{name} {share} %" for name, share in helps.items())])


def _parts(order: RepairOrder) -> object:
    rows = [
        [
            display.show_name(line),
            gettext(line.part_class.label) if line.part_class else "",
            f"{display.show_quantity(line.quantity_milli)} {display.show_unit(line.unit)}".strip(),
        ]
        for line in quotation.list_part_lines(order)
    ]
    header = [gettext("Part"), gettext("Class"), gettext("Quantity")]
    return paper.table(header, rows, "llr", (10, 4, 3), empty=gettext("No parts are needed."))


def _points() -> list[str]:
    """The six points of repair quality (domain.md N9)."""
    return [
        gettext("Start time recorded"),
        gettext("Repair process recorded"),
        gettext("Additional work explained"),
        gettext("Three off the floor: parts, tools, oil"),
        gettext("Protective covers in place"),
        gettext("Finish time recorded"),
    ]
