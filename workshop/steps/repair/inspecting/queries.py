"""Which inspections a job sells, and how far they are."""

from __future__ import annotations

from sqlalchemy import select

from workshop.catalogue.checklists.models import Checklist
from workshop.catalogue.models import Operation
from workshop.db import session
from workshop.errors import N_, Missing, Way
from workshop.inspections import gates
from workshop.inspections import queries as inspections
from workshop.orders.models import Job, RepairOrder
from workshop.steps.quotation.models import Decision, QuotationLine


def list_sold(job: Job) -> list[Checklist]:
    """The templates that the job's lines sell; one that is out of use is not asked for."""
    query = (
        select(Operation.sells)
        .join(QuotationLine, QuotationLine.operation_id == Operation.id)
        .where(
            QuotationLine.job_id == job.id,
            QuotationLine.decision == Decision.ACCEPTED,
            Operation.sells != "",
        )
        .distinct()
    )
    topics = list(session.scalars(query))
    return inspections.list_templates(topics) if topics else []


def missing_of(job: Job) -> list[Missing]:
    """The sold inspections that are not complete, each with the page on which it is filled in."""
    found = []
    for each in list_sold(job):
        for missing in gates.missing_of_sold(each, inspections.find(job.order, each)):
            values = {"job_id": job.id, "list": each.id}
            way = Way("repair.inspect", N_("Open the inspection"), values)
            found.append(Missing(missing.message, missing.code, missing.values, way))
    return found


def list_offered(order: RepairOrder) -> list[Checklist]:
    """The templates that may be filled in for a car: those in use and those begun already."""
    begun = [each.checklist for each in inspections.list_of(order)]
    known = {each.id for each in begun}
    return begun + [each for each in inspections.list_templates() if each.id not in known]
