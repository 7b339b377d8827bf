"""A finding of an inspection goes to the customer in one touch: its work, picture and urgency."""

from __future__ import annotations

from datetime import datetime

from workshop.catalogue import queries as catalogue
from workshop.errors import N_, RuleBroken
from workshop.inspections.models import InspectionAnswer
from workshop.orders.models import Job, Urgency
from workshop.staff.models import User
from workshop.steps.repair.additions import service as additions
from workshop.steps.repair.inspecting import queries as reds
from workshop.steps.repair.models import AdditionalWork


def ask(answer: InspectionAnswer, job: Job, *, by: User, at: datetime) -> AdditionalWork:
    """Ask for what the line recommends; asked once, however often it is pressed.

    Raises RuleBroken for a line that is in order, and as `additions.request_addition` does.
    """
    known = reds.find_request(answer)
    if known is not None:
        return known
    if not answer.result.is_finding:
        raise RuleBroken(N_("This line is in order."), code="in_order")
    item = answer.item
    operation = catalogue.find_operations([item.recommend]).get(item.recommend.lower())
    words = [item.title_in(by.locale), *_values(answer), answer.note]
    return additions.request_addition(
        job,
        " ".join(each for each in words if each),
        Urgency.RED if answer.result.is_red else Urgency.YELLOW,
        operation=operation if operation is not None and operation.active else None,
        found_by=answer,
        by=by,
        at=at,
    )


def _values(answer: InspectionAnswer) -> list[str]:
    if not answer.values:
        return []
    figures = " / ".join(f"{each.value_milli / 1000:g}" for each in answer.values)
    return [f"{figures} {answer.item.unit}".strip()]
