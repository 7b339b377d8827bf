"""One line of a check is answered: what must be said, and what a measured value allows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeAlias

from workshop.catalogue.checklists import rules as lists
from workshop.catalogue.checklists.models import ChecklistItem
from workshop.catalogue.checklists.rules import Light
from workshop.characters import to_half_width
from workshop.errors import N_, Invalid, Way
from workshop.orders import history
from workshop.orders import service as orders
from workshop.orders.models import AttachmentKind, Job, RepairOrder
from workshop.staff.models import User
from workshop.steps.repair.models import InspectionItem
from workshop.steps.repair.quality.checklists import Asked
from workshop.steps.repair.rules import Answer, Verdict

Answered: TypeAlias = tuple[Asked, Answer, Verdict]


def require_answers(
    order: RepairOrder, asked: Sequence[Asked], answers: Iterable[Answer], job: Job | None = None
) -> list[Answered]:
    """The answers with their verdicts, in the order of the lines; of a `job` by its technician.

    Raises Invalid for a line that is not answered as it must be, and when nothing was looked at.
    """
    given = {answer.code: answer for answer in answers}
    is_declined = bool(history.list_deferred(order.vehicle))
    ask = None if is_declined else _ask_at(order, job)
    chosen = [_require(each, given.get(each.code), ask=ask) for each in asked]
    if chosen and all(verdict is Verdict.NOT_APPLICABLE for _, _, verdict in chosen):
        raise Invalid(
            N_("Nothing was looked at: a check in which no item applies is none."),
            field=f"verdict_{chosen[0][0].code}",
        )
    return chosen


def _ask_at(order: RepairOrder, job: Job | None) -> Way:
    if job is None:
        return Way("repair.show", N_("Open the repair"), {"no": order.no})
    return Way("repair.found", N_("Found something"), {"job_id": job.id})


def _require(asked: Asked, answer: Answer | None, *, ask: Way | None) -> Answered:
    """The answer with its verdict.

    Raises Invalid when it is missing, when nothing was measured, for a value outside its limits
    that is not said to be so, and for “does not apply” without a reason. `ask`: where work is
    proposed; None once the customer has declined some, so what stays worn may go on with a note.
    """
    if answer is None or answer.verdict is None:
        raise Invalid(N_("Answer each item of the checklist."), field=f"verdict_{asked.code}")
    item, verdict = asked.item, answer.verdict
    if verdict is Verdict.NOT_APPLICABLE:
        _require_reason(asked, answer)
        return asked, answer, verdict
    if item.is_measured:
        _require_measured(asked, answer, verdict, ask=ask)
    if item.needs_photo and verdict is Verdict.BAD and not answer.photo:
        raise Invalid(N_("Take a photo of what is not in order here."), field=f"photo_{asked.code}")
    return asked, answer, verdict


def _require_reason(asked: Asked, answer: Answer) -> None:
    if asked.item.required:
        raise Invalid(N_("This item applies to every car."), field=f"verdict_{asked.code}")
    if not answer.note.strip():
        raise Invalid(N_("Note why this does not apply to the car."), field=f"note_{asked.code}")


def _require_measured(asked: Asked, answer: Answer, verdict: Verdict, *, ask: Way | None) -> None:
    field = f"measured_{asked.code}"
    if not answer.measured.strip():
        raise Invalid(N_("Enter what you measured."), field=field)
    light = light_of(asked.item, answer.measured)
    if light is None:
        raise Invalid(N_("Enter the number that you measured."), field=field)
    if light is Light.GREEN or verdict is Verdict.BAD:
        return
    if light is Light.RED:
        _refuse_red(asked, answer, verdict, ask=ask)
    if not answer.note.strip() and verdict is Verdict.GOOD:
        raise Invalid(
            N_("%(value)s is near the limit: choose “needs a look”, or note why it is fine."),
            field=field,
            value=answer.measured.strip(),
        )


def _refuse_red(asked: Asked, answer: Answer, verdict: Verdict, *, ask: Way | None) -> None:
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
    if ask is not None:
        raise Invalid(
            N_(
                "%(value)s is outside the limit: this is not in order. Propose the work first; "
                "only what the customer has declined may stay so."
            ),
            field=field,
            way=ask,
            value=value,
        )
    if not answer.note.strip():
        raise Invalid(
            N_("%(value)s is outside the limit: note why the car may go on all the same."),
            field=field,
            value=value,
        )


def light_of(item: ChecklistItem, measured: str) -> Light | None:
    """What a typed value says; None when it holds no number, or one that nobody can read.

    Without limits each number is green, and so are words alone.
    """
    typed = to_half_width(measured)
    values = lists.values_in(typed)
    if not item.limits:
        is_read = bool(values) or not any(map(str.isdigit, typed))
        return Light.GREEN if is_read else None
    return item.limits.worst_of(values) if values else None


def _kept_light(asked: Asked, answer: Answer, verdict: Verdict) -> Light | None:
    """What the value said by the limits that were asked; None where none applies."""
    has_limits = asked.item.is_measured and asked.item.limits
    if not has_limits or verdict is Verdict.NOT_APPLICABLE:
        return None
    return light_of(asked.item, answer.measured)


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
        light=_kept_light(asked, answer, verdict),
        note=answer.note.strip(),
        photo_id=photo.id if photo else None,
    )
