"""The inspection sheet on paper: every line with what was found, measured and photographed."""

from __future__ import annotations

from flask_babel import get_locale, gettext
from reportlab.platypus import Flowable

from workshop import paper
from workshop.catalogue.checklists.rules import Spot
from workshop.db import session
from workshop.inspections import queries
from workshop.orders.models import Attachment, RepairOrder
from workshop.orders.signed import names as signed
from workshop.shop import letterhead
from workshop.steps.repair.inspecting import page
from workshop.steps.repair.inspecting.page import Line, Sheet
from workshop.web import display

_WIDTHS = (5.6, 2.2, 3.6, 3.6, 3.6)


def inspection_sheet(order: RepairOrder, order_url: str) -> bytes:
    """All inspections of a visit, in the reader's language."""
    story: list[Flowable] = [paper.facts(_facts(order))]
    for found in queries.list_of(order):
        story += _inspection(page.sheet(order, found.checklist))
    return paper.document(
        gettext("Inspection sheet"),
        letterhead.head_of(order.branch, gettext),
        story,
        number=order.no,
        order_url=order_url,
        qr_note=order.no,
        page_of=gettext("Page %(page)s of %(pages)s", page="%(page)s", pages="%(pages)s"),
        language=str(get_locale() or "zh_CN"),
    )


def _facts(order: RepairOrder) -> list[tuple[str, str]]:
    names = signed.stood(order, order.authorised_at)
    return [
        (gettext("Plate"), names.called),
        (gettext("Vehicle"), names.title),
        (gettext("VIN"), names.vin or ""),
        (gettext("Mileage in"), display.show_km(order.mileage_km)),
    ]


def _inspection(sheet: Sheet) -> list[Flowable]:
    story: list[Flowable] = [paper.section(display.show_name(sheet.checklist))]
    header = [
        gettext("Item"),
        gettext("Result"),
        gettext("Measured value"),
        gettext("Last time"),
        gettext("Note"),
    ]
    for group in sheet.groups:
        if group.title:
            story.append(paper.note(group.title))
        story.append(paper.table(header, [_row(each) for each in group.lines], "lllll", _WIDTHS))
    pictures = [_picture(each) for each in sheet.lines if each.answer and each.answer.photo_id]
    return [*story, paper.pictures(pictures)] if pictures else story


def _row(line: Line) -> list[str]:
    answer = line.answer
    before = line.before.answer if line.before else None
    return [
        display.show_name(line.item),
        str(gettext(answer.result.label)) if answer else "",
        _values(line, answer.measured) if answer else "",
        " ".join([_values(line, before.measured), line.foreseen]) if before else "",
        answer.note if answer else "",
    ]


def _values(line: Line, measured: dict[Spot, int]) -> str:
    figures = " / ".join(display.show_quantity(milli) for milli in measured.values())
    return f"{figures} {line.item.unit}".strip() if figures else ""


def _picture(line: Line) -> tuple[bytes, str]:
    assert line.answer is not None  # Only lines with a picture come here.
    kept = session.get_one(Attachment, line.answer.photo_id)
    words = f"{display.show_name(line.item)}: {gettext(line.answer.result.label)}"
    return kept.data, f"{words} {line.answer.note}".strip()
