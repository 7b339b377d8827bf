"""Filling an inspection in: line by line, a group at once where the template allows it, complete.

Who holds the car does it: the technician in the bay, the advisor with the customer, the inspector.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from workshop.catalogue.checklists import queries as lists
from workshop.catalogue.checklists.models import Checklist, ChecklistItem
from workshop.catalogue.checklists.rules import MOST_MILLI, Spot
from workshop.db import session
from workshop.errors import N_, Invalid, NotFound, RuleBroken, require
from workshop.inspections import gates, queries, rules
from workshop.inspections.models import InspectionAnswer, InspectionValue, VehicleInspection
from workshop.inspections.rules import Result, Where, Wrong
from workshop.orders import service as orders
from workshop.orders.models import AttachmentKind, RepairOrder
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission

INSPECTORS = frozenset({Permission.WORK, Permission.RECEIVE, Permission.INSPECT})


@dataclass(frozen=True)
class Said:
    """What somebody says of a line; values are thousandths of its unit, by place."""

    result: Result | None = None
    values: Mapping[Spot, int] = field(default_factory=dict)
    note: str = ""
    photo: bytes | None = None


def begin(order: RepairOrder, checklist: Checklist, *, by: User, at: datetime) -> VehicleInspection:
    """The visit's inspection by this template, begun now when it has not been yet.

    Raises NotAllowed for who has no car in hand, RuleBroken when the car has left or the template
    asks nothing.
    """
    _may_inspect(order, by)
    orders.lock(order)
    found = queries.find(order, checklist)
    if found is not None:
        return found
    version = lists.find_current(checklist)
    if version is None or not version.items or not checklist.active:
        raise RuleBroken(N_("This template is not in use."), code="template")
    found = VehicleInspection(
        order_id=order.id,
        checklist=checklist,
        version=version,
        begun_at=at,
        begun_by_id=by.id,
    )
    session.add(found)
    session.flush()
    audit.write(by, "inspections.begin", found, at, list=checklist.name_en)
    return found


def _may_inspect(order: RepairOrder, by: User) -> None:
    staff.require_one_of(by, INSPECTORS)
    if not order.stage.is_here:
        raise RuleBroken(N_("The car is not here any more."), code="left")


def answer(
    found: VehicleInspection, item_id: int, said: Said, place: Where, *, by: User, at: datetime
) -> InspectionAnswer:
    """Say what one line is; an earlier answer to it stays in the books.

    A measured line with limits says its light by itself. Raises Invalid without a value at each
    place, without a result, or without the reason why nobody looked.
    """
    _may_inspect(found.order, by)
    orders.lock(found.order)
    item = _get_item(found, item_id)
    before = queries.answers_of(found).get(item.id)
    known = before.measured if before is not None else {}
    # What is not said again stays as it was: a picture or a note may come later.
    typed = {**known, **said.values}
    values = {spot: typed[spot] for spot in _spots(item) if spot in typed}
    stays = before.result if before is not None else None
    result = rules.result_of(item.limits, values, said.result or stays)
    _refuse(rules.find_wrong(result, said.note, values, _spots(item)))
    assert result is not None  # Else it would have been refused.
    if any(abs(each) > MOST_MILLI for each in values.values()):
        raise Invalid(N_("Write a number with at most three decimals."), field="value")
    if before is not None and _is_same(before, result, values, said):
        return before
    hurried = rules.is_hurried(queries.find_last_at(found), at)
    made = InspectionAnswer(
        inspection_id=found.id,
        item_id=item.id,
        result=result,
        note=said.note.strip()[:300],
        photo_id=_photo(found, item, said, before, by, at),
        place=place,
        answered_at=at,
        by_id=by.id,
        hurried=hurried and before is None,
    )
    if result is not Result.SKIPPED:
        made.values = [
            InspectionValue(spot=spot, value_milli=milli) for spot, milli in values.items()
        ]
    _put(before, made, at)
    was = {"was": before.result.value} if before is not None else {}
    audit.write(by, "inspections.answer", made, at, item=item.code, result=result.value, **was)
    return made


def _spots(item: ChecklistItem) -> tuple[Spot, ...]:
    return item.places.spots if item.is_measured else ()


def _get_item(found: VehicleInspection, item_id: int) -> ChecklistItem:
    item = next((each for each in found.version.items if each.id == item_id), None)
    if item is None:
        raise NotFound(N_("There is no such line on the list."))
    return item


def _refuse(wrong: Wrong | None) -> None:
    if wrong is Wrong.NO_NOTE:
        raise Invalid(N_("Say why it was not checked."), field="note")
    if wrong is Wrong.NO_VALUE:
        raise Invalid(N_("Enter what you measured."), field="value")
    if wrong is Wrong.NO_RESULT:
        raise Invalid(N_("Answer this item."), field="result")


def _is_same(
    before: InspectionAnswer, result: Result, values: Mapping[Spot, int], said: Said
) -> bool:
    return (
        said.photo is None
        and (before.result, before.note) == (result, said.note.strip()[:300])
        and before.measured == (dict(values) if result is not Result.SKIPPED else {})
    )


def _photo(
    found: VehicleInspection,
    item: ChecklistItem,
    said: Said,
    before: InspectionAnswer | None,
    by: User,
    at: datetime,
) -> int | None:
    if said.photo is None:
        return before.photo_id if before is not None else None
    kept = orders.add_attachment(
        found.order, said.photo, AttachmentKind.PHOTO, at=at, by=by, caption=item.title_zh
    )
    return kept.id


def _put(before: InspectionAnswer | None, made: InspectionAnswer, at: datetime) -> None:
    if before is not None:
        before.replaced_at = at
        session.flush()
    session.add(made)
    session.flush()


def answer_green(
    found: VehicleInspection, group_zh: str, place: Where, *, by: User, at: datetime
) -> int:
    """Say that all that is looked at in a group, and is not answered yet, is in order; how many.

    Raises RuleBroken when the template does not allow it. What is measured is never ticked so.
    """
    _may_inspect(found.order, by)
    orders.lock(found.order)
    if not found.checklist.green_groups:
        raise RuleBroken(N_("This template is answered line by line."), code="line_by_line")
    answers = queries.answers_of(found)
    left = [
        each
        for each in found.version.items
        if each.group_zh == group_zh and not each.is_measured and each.id not in answers
    ]
    hurried = rules.is_hurried(queries.find_last_at(found), at, len(left))
    for item in left:
        green = InspectionAnswer(
            inspection_id=found.id,
            item_id=item.id,
            result=Result.GREEN,
            place=place,
            answered_at=at,
            by_id=by.id,
            hurried=hurried,
        )
        _put(None, green, at)
    if left:
        codes = [each.code for each in left]
        audit.write(by, "inspections.answer_green", found, at, lines=codes)
    return len(left)


def finish(found: VehicleInspection, *, by: User, at: datetime) -> None:
    """Say that the inspection is complete; later corrections leave it so.

    Raises RuleBroken naming what is missing.
    """
    _may_inspect(found.order, by)
    orders.lock(found.order)
    if found.is_finished:
        return
    require(gates.missing_to_finish(found))
    found.finished_at, found.finished_by_id = at, by.id
    audit.write(by, "inspections.finish", found, at)
    orders.announce(found.order, at)
