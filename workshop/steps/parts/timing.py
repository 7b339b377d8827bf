"""When a pick list is needed and by whom, asked of the plan each time it is shown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from workshop.orders.models import Job, JobState, RepairOrder
from workshop.shop.models import Branch, Technician
from workshop.steps.parts import queries, rules
from workshop.steps.parts.models import PickList
from workshop.steps.quotation import queries as quotation
from workshop.steps.quotation.models import QuotationLine
from workshop.steps.scheduling import queries as scheduling
from workshop.stock.models import Part


def needed_by(pick_list: PickList) -> datetime | None:
    """15 minutes before the planned start of the work the list is for, as it is planned now."""
    lines = [line.quotation_line for line in queries.list_lines(pick_list)]
    start = planned_start(pick_list.order, lines, pick_list.supplementary)
    return rules.needed_by(start) if start is not None else pick_list.needed_by


def planned_start(
    order: RepairOrder, lines: Iterable[QuotationLine], supplementary: bool
) -> datetime | None:
    """When work with these lines is planned to begin: of an addition, when its own jobs do."""
    if not supplementary:
        return scheduling.planned_start(order)
    allocations = [scheduling.find_allocation(job) for job in list_jobs(lines)]
    return min((each.starts_at for each in allocations if each is not None), default=None)


def list_jobs(lines: Iterable[QuotationLine]) -> list[Job]:
    """The jobs that the lines are for, once each, cancelled ones left out."""
    jobs = {job.id: job for line in lines if (job := queries.job_of(line)) is not None}
    return [job for job in jobs.values() if job.state is not JobState.CANCELLED]


def find_technician(pick_list: PickList) -> Technician | None:
    """Who will probably fetch the basket: the technician of the first job that has one."""
    lines = [line.quotation_line for line in queries.list_lines(pick_list)]
    for job in list_jobs(lines) or scheduling.list_jobs(pick_list.order):
        technician = scheduling.technician_of(job)
        if technician is not None:
            return technician
    return None


def expected_at(branch: Branch, part: Part, at: datetime) -> datetime:
    """When a part that is ordered now should be here, as the quotation says it."""
    return quotation.arrival_at(branch, part, at)
