"""What inspections still owe: those that were sold, and the lines that stand red."""

from __future__ import annotations

from workshop.errors import N_, Missing, Way
from workshop.inspections import gates as sold
from workshop.inspections import queries as inspections
from workshop.orders.models import Job, RepairOrder
from workshop.steps.repair.inspecting import queries


def missing_of(job: Job) -> list[Missing]:
    """The sold inspections that are not complete, each with the page on which it is filled in."""
    found = []
    for each in queries.list_sold(job):
        for missing in sold.missing_of_sold(each, inspections.find(job.order, each)):
            values = {"job_id": job.id, "list": each.id}
            way = Way("repair.inspect", N_("Open the inspection"), values)
            found.append(Missing(missing.message, missing.code, missing.values, way))
    return found


def missing_of_reds(order: RepairOrder) -> list[Missing]:
    """The red lines that keep the car here, each with the page on which it is answered."""
    words = N_("“%(item)s” is not safe and has no answer: do it, put it off or have it signed.")
    return [
        Missing(
            words,
            f"red_{each.answer.item.code}",
            {"item": each.answer.item},
            Way(
                "repair.inspections_of",
                N_("Answer it"),
                {"no": order.no, "list": each.answer.inspection.checklist_id},
            ),
        )
        for each in queries.list_reds(order)
        if each.ending is None
    ]
