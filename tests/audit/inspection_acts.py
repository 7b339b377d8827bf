"""The cases of a car's inspection: begun, answered, complete, and how its red lines end."""

from __future__ import annotations

from datetime import timedelta

from tests.audit.act import LATER, Act, collect
from tests.factories import AT
from tests.inspections import factories as templates
from tests.steps.repair import factories as repairs
from tests.steps.settlement.factories import DAY
from workshop.inspections import ending
from workshop.inspections import service as inspections
from workshop.inspections.models import InspectionAnswer, RedEnd, VehicleInspection
from workshop.inspections.rules import Where
from workshop.staff.models import User


def inspections_begin() -> Act:
    (job,) = repairs.make_running()
    checklist = templates.make_template()

    def do() -> VehicleInspection:
        return inspections.begin(job.order, checklist, by=job.order.advisor, at=LATER)

    return Act(job.order.advisor, do, None, {"list": "Quick check"})


def inspections_answer() -> Act:
    found, by = _begun()
    item = templates.line(found.checklist, "lamps")
    said = templates.said(templates.RED)

    def do() -> InspectionAnswer:
        return inspections.answer(found, item, said, Where.BAY, by=by, at=LATER)

    return Act(by, do, None, {"item": "lamps", "result": "red"})


def inspections_answer_green() -> Act:
    found, by = _begun()

    def do() -> None:
        inspections.answer_green(found, "灯光", Where.BAY, by=by, at=LATER)

    return Act(by, do, found, {"lines": ["lamps", "horn"]})


def inspections_finish() -> Act:
    found, by = _begun()
    for code in ("lamps", "horn", "pipes"):
        item = templates.line(found.checklist, code)
        inspections.answer(found, item, templates.said(templates.GREEN), Where.BAY, by=by, at=AT)
    tread = templates.said(values=templates.TREAD)
    item = templates.line(found.checklist, "tread")
    inspections.answer(found, item, tread, Where.BAY, by=by, at=AT)
    return Act(by, lambda: inspections.finish(found, by=by, at=LATER), found)


def inspections_end_red() -> Act:
    answer, by = _red()

    def do() -> RedEnd:
        return ending.decline(answer, signer_name="王先生", signature=None, by=by, at=LATER)

    return Act(by, do, None, {"item": "lamps", "kind": "declined"})


def inspections_end_red__put_off() -> Act:
    answer, by = _red()
    day = DAY + timedelta(days=30)

    def do() -> RedEnd:
        return ending.defer(
            answer, due_on=day, due_km=None, reason="下月", today=DAY, by=by, at=LATER
        )

    return Act(by, do, None, {"item": "lamps", "kind": "deferred"})


def inspections_take_back_end() -> Act:
    answer, by = _red()
    end = ending.decline(answer, signer_name="王先生", signature=None, by=by, at=AT)
    return Act(by, lambda: ending.take_back(answer, by=by, at=LATER), end, {"kind": "declined"})


def _red() -> tuple[InspectionAnswer, User]:
    found, by = _begun()
    item, said = templates.line(found.checklist, "lamps"), templates.said(templates.RED)
    return inspections.answer(found, item, said, Where.BAY, by=by, at=AT), by


def _begun() -> tuple[VehicleInspection, User]:
    (job,) = repairs.make_running()
    checklist, by = templates.make_template(green_groups=True), job.order.advisor
    return inspections.begin(job.order, checklist, by=by, at=AT), by


ACTS = collect(__name__, globals())
