"""Reading inspections: of an order, the answers that stand, and those of earlier visits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import select

from workshop.catalogue.checklists import queries as lists
from workshop.catalogue.checklists.models import Checklist, ChecklistItem, ChecklistVersion
from workshop.catalogue.checklists.rules import ItemKind, Use, VersionState
from workshop.db import session
from workshop.errors import N_, NotFound
from workshop.inspections.models import InspectionAnswer, RedEnd, VehicleInspection
from workshop.inspections.rules import Result
from workshop.orders.models import RepairOrder

# So many values of earlier visits are looked at; several templates ask the same lines.
_MOST_BEFORE = 150


def list_of(order: RepairOrder) -> list[VehicleInspection]:
    """The inspections of a visit, in the order in which they were begun."""
    query = select(VehicleInspection).where(VehicleInspection.order_id == order.id)
    return list(session.scalars(query.order_by(VehicleInspection.id)))


def find(order: RepairOrder, checklist: Checklist) -> VehicleInspection | None:
    """The inspection of a visit by this template."""
    query = select(VehicleInspection).where(
        VehicleInspection.order_id == order.id, VehicleInspection.checklist_id == checklist.id
    )
    return session.scalars(query).one_or_none()


def get_template(checklist_id: int) -> Checklist:
    """An inspection template; raises NotFound for any other list."""
    found = lists.get_list(checklist_id)
    if found.use is not Use.INSPECTION:
        raise NotFound(N_("There is no such inspection."))
    return found


def list_templates(topics: Collection[str] | None = None) -> list[Checklist]:
    """The templates in use that ask something, all or those of these topics."""
    query = (
        select(Checklist)
        .join(ChecklistVersion, ChecklistVersion.checklist_id == Checklist.id)
        .where(
            Checklist.use == Use.INSPECTION,
            Checklist.active.is_(True),
            ChecklistVersion.state == VersionState.CURRENT,
        )
        .order_by(Checklist.position, Checklist.id)
    )
    if topics is not None:
        query = query.where(Checklist.topic.in_(topics))
    return list(session.scalars(query))


def list_asked(checklist: Checklist, found: VehicleInspection | None) -> list[ChecklistItem]:
    """The lines that are asked: of the version that was begun, else of the one in use."""
    if found is not None:
        return list(found.version.items)
    return lists.list_items(Use.INSPECTION, checklist.topic)


def answers_of(found: VehicleInspection | None) -> dict[int, InspectionAnswer]:
    """The answers that stand, by line."""
    if found is None:
        return {}
    query = select(InspectionAnswer).where(
        InspectionAnswer.inspection_id == found.id, InspectionAnswer.replaced_at.is_(None)
    )
    return {each.item_id: each for each in session.scalars(query)}


def list_earlier(found: VehicleInspection) -> dict[int, list[InspectionAnswer]]:
    """What was said before it was corrected, by line, the newest first."""
    query = (
        select(InspectionAnswer)
        .where(
            InspectionAnswer.inspection_id == found.id, InspectionAnswer.replaced_at.is_not(None)
        )
        .order_by(InspectionAnswer.id.desc())
    )
    earlier: dict[int, list[InspectionAnswer]] = {}
    for each in session.scalars(query):
        earlier.setdefault(each.item_id, []).append(each)
    return earlier


@dataclass(frozen=True)
class Before:
    """What an earlier visit measured, and what the odometer showed then."""

    answer: InspectionAnswer
    km: int | None
    order_id: int


def list_before(order: RepairOrder) -> dict[str, Before]:
    """The newest measured values of earlier visits of the car, by the code of the line.

    The codes of suggested lines are the same in all templates, so one goes on with the other.
    """
    query = (
        select(InspectionAnswer, RepairOrder.mileage_km, RepairOrder.id)
        .join(VehicleInspection, VehicleInspection.id == InspectionAnswer.inspection_id)
        .join(RepairOrder, RepairOrder.id == VehicleInspection.order_id)
        .where(
            RepairOrder.vehicle_id == order.vehicle_id,
            RepairOrder.id < order.id,
            InspectionAnswer.replaced_at.is_(None),
            InspectionAnswer.item.has(kind=ItemKind.MEASURED),
        )
        .order_by(InspectionAnswer.answered_at.desc(), InspectionAnswer.id.desc())
        .limit(_MOST_BEFORE)
    )
    found: dict[str, Before] = {}
    for answer, km, order_id in session.execute(query):
        if answer.values:
            found.setdefault(answer.item.code, Before(answer, km, order_id))
    return found


def list_red(order: RepairOrder) -> list[InspectionAnswer]:
    """What stands red on any inspection of the visit."""
    query = (
        select(InspectionAnswer)
        .join(VehicleInspection, VehicleInspection.id == InspectionAnswer.inspection_id)
        .where(
            VehicleInspection.order_id == order.id,
            InspectionAnswer.replaced_at.is_(None),
            InspectionAnswer.result == Result.RED,
        )
        .order_by(InspectionAnswer.id)
    )
    return list(session.scalars(query))


def get_answer(order: RepairOrder, answer_id: int) -> InspectionAnswer:
    """An answer that stands on an inspection of this visit; raises NotFound."""
    found = session.get(InspectionAnswer, answer_id)
    if found is None or found.replaced_at is not None or found.inspection.order_id != order.id:
        raise NotFound(N_("There is no such line on the list."))
    return found


def get_line(found: VehicleInspection, item_id: int) -> InspectionAnswer:
    """The answer to a line; raises NotFound while there is none."""
    answer = answers_of(found).get(item_id)
    if answer is None:
        raise NotFound(N_("This line has not been answered."))
    return answer


def ends_of(answers: Collection[InspectionAnswer]) -> dict[int, RedEnd]:
    """How these red lines ended without the work, by the answer's id."""
    query = select(RedEnd).where(
        RedEnd.answer_id.in_([each.id for each in answers]), RedEnd.taken_back_at.is_(None)
    )
    return {each.answer_id: each for each in session.scalars(query)}


def due_of(deferred_ids: Collection[int]) -> dict[int, RedEnd]:
    """When red lines that were put off are due, by the deferred work."""
    if not deferred_ids:
        return {}
    query = select(RedEnd).where(
        RedEnd.deferred_id.in_(deferred_ids), RedEnd.taken_back_at.is_(None)
    )
    return {each.deferred_id: each for each in session.scalars(query.order_by(RedEnd.id))}


def find_last_at(found: VehicleInspection) -> datetime | None:
    """When the last line was answered."""
    query = select(sa.func.max(InspectionAnswer.answered_at))
    last: datetime | None = session.scalar(query.where(InspectionAnswer.inspection_id == found.id))
    return last


def count_hurried(order: RepairOrder) -> int:
    """How many answers of the visit that stand were given too fast to be a look."""
    query = (
        select(sa.func.count(InspectionAnswer.id))
        .join(VehicleInspection, VehicleInspection.id == InspectionAnswer.inspection_id)
        .where(
            VehicleInspection.order_id == order.id,
            InspectionAnswer.hurried.is_(True),
            InspectionAnswer.replaced_at.is_(None),
        )
    )
    return session.scalar(query) or 0
