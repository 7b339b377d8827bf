"""One line of a check is answered: what must be said, and what a measured value allows."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias

from workshop.catalogue.checklists import rules as lists
from workshop.catalogue.checklists.models import ChecklistItem
from workshop.catalogue.checklists.rules import Light
from workshop.characters import to_half_width
from workshop.errors import N_, Invalid
from workshop.orders import service as orders
from workshop.orders.models import AttachmentKind, RepairOrder
from workshop.staff.models import User
from workshop.steps.repair.models import InspectionItem
from workshop.steps.repair.quality.checklists import Asked
from workshop.steps.repair.rules import Answer, Verdict

Answered: TypeAlias = tuple[Asked, Answer, Verdict]


def require_answer(asked: Asked, answer: Answer | None) -> Answered:
    """The answer with its verdict.

    Raises Invalid when it is missing, when nothing was measured, and for a value outside its
    limits that is ticked “in order” all the same.
    """
    if answer is None or answer.verdict is None:
        raise Invalid(N_("Answer each item of the checklist."), field=f"verdict_{asked.code}")
    item, verdict = asked.item, answer.verdict
    if verdict is Verdict.NOT_APPLICABLE:
        if item.required:
            raise Invalid(N_("This item applies to every car."), field=f"verdict_{asked.code}")
        return asked, answer, verdict
    if item.is_measured:
        _require_measured(asked, answer, verdict)
    if item.needs_photo and verdict is Verdict.BAD and not answer.photo:
        raise Invalid(N_("Take a photo of what is not in order here."), field=f"photo_{asked.code}")
    return asked, answer, verdict


def _require_measured(asked: Asked, answer: Answer, verdict: Verdict) -> None:
    field = f"measured_{asked.code}"
    if not answer.measured.strip():
        raise Invalid(N_("Enter what you measured."), field=field)
    light = light_of(asked.item, answer.measured)
    if light is None:
        raise Invalid(N_("Enter the number that you measured."), field=field)
    if light is Light.GREEN or verdict is Verdict.BAD:
        return
    if light is Light.RED:
        _refuse_red(asked, answer, verdict)
    if not answer.note.strip() and verdict is Verdict.GOOD:
        raise Invalid(
            N_("%(value)s is near the limit: choose “needs a look”, or note why it is fine."),
            field=field,
            value=answer.measured.strip(),
        )


def _refuse_red(asked: Asked, answer: Answer, verdict: Verdict) -> None:
    value, field = answer.measured.strip(), f"measured_{asked.code}"
    if asked.item.bond.is_law:
        raise Invalid(
            N_("%(value)s is outside the legal limit: this is not in order."),
            field=field,
            value=value,
        )
    if verdict is Verdict.GOOD:
        raise Invalid(
            N_("%(value)s is outside the limit: this is not in order."), field=field, value=value
        )
    if not answer.note.strip():
        raise Invalid(
            N_("%(value)s is outside the limit: note why the car may go on all the same."),
            field=field,
            value=value,
        )


def light_of(item: ChecklistItem, measured: str) -> Light | None:
    """What a typed value says: green without limits, None when it holds no number."""
    if not item.limits:
        return Light.GREEN
    values = lists.values_in(to_half_width(measured))
    return item.limits.worst_of(values) if values else None


def make_item(
    order: RepairOrder, position: int, answered: Answered, by: User, at: datetime
) -> InspectionItem:
    """The line of the record, in the words as they were asked."""
    asked, answer, verdict = answered
    photo = (
        orders.add_attachment(order, answer.photo, AttachmentKind.PHOTO, at=at, by=by)
        if answer.photo
        else None
    )
    return InspectionItem(
        position=position,
        code=asked.code,
        asked_id=asked.item.id,
        title=asked.item.title_en,
        standard=asked.item.standard_en[:200],
        verdict=verdict,
        measured=answer.measured.strip(),
        note=answer.note.strip(),
        photo_id=photo.id if photo else None,
    )
