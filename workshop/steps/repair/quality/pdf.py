"""The inspection record and the completion certificate."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import get_locale, gettext

from workshop import paper
from workshop.catalogue.checklists.models import ChecklistVersion
from workshop.catalogue.models import GuaranteeClass
from workshop.errors import N_, RuleBroken
from workshop.orders.models import Job, RepairOrder
from workshop.orders.signed import names as signed
from workshop.orders.signed.printed import todays_name
from workshop.shop import letterhead
from workshop.shop.separation import printed as apart
from workshop.steps.repair import helping, queries
from workshop.steps.repair.models import Inspection, InspectionItem
from workshop.steps.repair.quality import queries as certified
from workshop.steps.repair.rules import Level, Point, Verdict
from workshop.web import display

_MARKS = {
    Verdict.GOOD: paper.Mark.DONE,
    Verdict.ATTENTION: paper.Mark.ATTENTION,
    Verdict.BAD: paper.Mark.BAD,
    Verdict.NOT_APPLICABLE: paper.Mark.OPEN,
}


def inspection_record(order: RepairOrder, order_url: str) -> bytes:
    """All jobs with their times and points, and all checks with what was found and measured."""
    story = [*_order_facts(order), paper.section(gettext("Work")), _job_table(order)]
    for job in queries.list_jobs(order):
        story += [paper.section(_named(job)), _points(job)]
        check = queries.find_self_check(job)
        story += _check_parts(check) if check else []
    for check in queries.list_inspections(order):
        if check.level is not Level.SELF_CHECK:
            title = paper.section(gettext(check.level.label))
            story += [title, *_check_parts(check), *apart.notes(check, gettext)]
    story += _additions(order) + _reworks(order)
    story.append(_signers(order))
    return _document(gettext("Inspection record"), order, order_url, story)


def certificate(order: RepairOrder, order_url: str) -> bytes:
    """The completion certificate; raises RuleBroken before the final check or without need."""
    lines = certified.list_certified(order)
    if not lines:
        raise RuleBroken(N_("Work of this guarantee class needs no certificate."), code="class")
    check = queries.find_final_check(order)
    if check is None:
        raise RuleBroken(N_("The final check has not been passed."), code="final_check")
    rows = [
        [_named(line), gettext(line.guarantee.label), _terms(line.guarantee)]
        for line in lines
        if line.guarantee is not None
    ]
    story = [
        *_order_facts(order),
        paper.section(gettext("Work done")),
        paper.table(
            [gettext("Item"), gettext("Class"), gettext("Guarantee")], rows, "lll", (4, 5, 3)
        ),
        paper.note(
            gettext(
                "The vehicle has passed self-check, quality check and final check and may leave. "
                "The guarantee runs from delivery; kilometres or days, whichever ends first."
            )
        ),
        *[
            note
            for each in queries.list_inspections(order)
            if each.passed
            for note in apart.notes(each, gettext)
        ],
        _signers(order),
    ]
    return _document(gettext("Completion certificate"), order, order_url, story)


def _document(title: str, order: RepairOrder, order_url: str, story: list[Any]) -> bytes:
    return paper.document(
        title,
        letterhead.head_of(order.branch, gettext, at=_checked_at(order)),
        story,
        number=order.no,
        subtitle=gettext("Repeat repair") if order.repeat_repair else "",
        order_url=order_url,
        qr_note=order.no,
        page_of=gettext("Page %(page)s of %(pages)s", page="%(page)s", pages="%(pages)s"),
        language=str(get_locale() or "zh_CN"),
    )


def _checked_at(order: RepairOrder) -> datetime | None:
    check = queries.find_final_check(order)
    return check.at if check is not None else None


def _order_facts(order: RepairOrder) -> list[Any]:
    names = signed.stood(order, _checked_at(order))
    km = gettext("%(km)s km", km=f"{names.mileage_km:,}") if names.mileage_km is not None else ""
    facts = paper.facts(
        [
            (gettext("Plate"), names.called),
            (gettext("Vehicle"), names.title),
            (gettext("VIN"), names.vin or ""),
            (gettext("Mileage in"), km),
            (gettext("Service advisor"), names.advisor_name or ""),
            (gettext("Concern"), order.concern),
        ]
    )
    return [facts, *todays_name(order, names, gettext)]


def _job_table(order: RepairOrder) -> Any:
    return paper.table(
        [
            gettext("Job"),
            gettext("Technician"),
            gettext("Started"),
            gettext("Finished"),
            gettext("Clocked"),
            gettext("Book time"),
        ],
        [
            [
                "\n".join(_named(each) for each in job.lines),
                _technicians(job),
                display.show_printed(job.started_at),
                display.show_printed(job.finished_at),
                _clocked(job),
                display.show_minutes(job.book_minutes),
            ]
            for job in queries.list_jobs(order)
        ],
        "llllrr",
        (5, 2.8, 3.7, 3.7, 2.2, 2.4),
    )


def _technicians(job: Job) -> str:
    team = helping.team_of(job)
    if team:
        return "\n".join(f"{each.technician.name} {each.share_percent} %" for each in team)
    names = dict.fromkeys(each.technician.name for each in queries.list_sessions(job))
    return ", ".join(names)


def _clocked(job: Job) -> str:
    """The clocked time of each who worked on it, in the order of their names; never added up."""
    team = helping.team_of(job)
    if team:
        return "\n".join(display.show_minutes(each.clocked_minutes) for each in team)
    return display.show_minutes(queries.clocked_minutes(job))


def _points(job: Job) -> Any:
    ticked = {each.point: each for each in queries.list_points(job)}
    return paper.checklist(
        [
            paper.CheckItem(
                gettext(point.label),
                paper.Mark.DONE if point in ticked else paper.Mark.OPEN,
                _time(ticked[point].ticked_at) if point in ticked else "",
            )
            for point in Point
        ],
        in_a_row=3,
    )


def _check_parts(check: Inspection) -> list[Any]:
    result = gettext("Passed") if check.passed else gettext("Not passed")
    said = paper.together(
        paper.facts(
            [
                (gettext("Result"), result),
                (gettext("By, at"), f"{check.by.display_name}  {_time(check.at)}"),
                (gettext("List"), "; ".join(_version(each) for each in check.versions)),
            ]
        ),
        paper.checklist([_item(item) for item in check.items]),
    )
    parts = [said]
    if check.road_test is not None:
        parts.append(_road_test(check))
    if check.remarks:
        parts.append(paper.note(check.remarks))
    return parts


def _item(item: InspectionItem) -> paper.CheckItem:
    said = [gettext(item.verdict.label) if item.verdict is not Verdict.GOOD else ""]
    said.append(_measured(item))
    said.append(item.note)
    return paper.CheckItem(_named(item), _MARKS[item.verdict], "  ·  ".join(filter(None, said)))


def _version(version: ChecklistVersion) -> str:
    return f"{_named(version.checklist)}, {gettext('Version %(no)s', no=version.no)}"


def _measured(item: InspectionItem) -> str:
    standard = item.standard_in(str(get_locale() or "zh_CN"))
    return f"{item.measured} ({standard})" if item.measured and standard else item.measured


def _road_test(check: Inspection) -> Any:
    road = check.road_test
    assert road is not None  # The caller has looked.
    driven = gettext("%(start)s–%(end)s km", start=f"{road.from_km:,}", end=f"{road.to_km:,}")
    return paper.facts(
        [
            (gettext("Road test"), driven),
            (gettext("Route"), road.route),
            (gettext("Driver"), road.driver.display_name),
            (gettext("What was noticed"), road.findings),
        ]
    )


def _additions(order: RepairOrder) -> list[Any]:
    rows = [
        [each.finding, gettext(each.urgency.label), gettext(each.state.label)]
        for each in queries.list_additions(order)
    ]
    header = [gettext("Finding"), gettext("Urgency"), gettext("State")]
    title = paper.section(gettext("Additional work"))
    return [title, paper.table(header, rows, "lll", (6, 3, 3))] if rows else []


def _reworks(order: RepairOrder) -> list[Any]:
    rows = [
        [
            each.no,
            each.complaint,
            gettext(each.cause.label) if each.cause else "",
            gettext("Mended") if each.closed_at else gettext("Not mended yet"),
        ]
        for each in queries.list_reworks(order)
    ]
    header = [gettext("Rework order"), gettext("What must be mended"), gettext("Cause"), ""]
    title = paper.section(gettext("Rework"))
    return [title, paper.table(header, rows, "llll", (4, 5, 2, 2))] if rows else []


def _signers(order: RepairOrder) -> Any:
    boxes = []
    for level in (Level.QUALITY_CHECK, Level.FINAL_CHECK):
        check = queries.find_inspection(order, level)
        name, at = (check.by.display_name, _time(check.at)) if check else ("", "")
        boxes.append((gettext(level.label), None, name, at))
    return paper.signatures(*boxes)


def _terms(guarantee: GuaranteeClass) -> str:
    return str(gettext("%(km)s km or %(days)s days", km=f"{guarantee.km:,}", days=guarantee.days))


def _named(record: Any) -> str:
    return display.show_name(record)


def _time(at: datetime) -> str:
    return display.show_printed(at)
