"""A version of a list as a sheet on paper, to fill in by hand."""

from __future__ import annotations

from typing import Any

from flask_babel import get_locale, gettext
from reportlab.platypus import Flowable

from workshop import paper
from workshop.catalogue.checklists import page
from workshop.catalogue.checklists.models import ChecklistVersion
from workshop.catalogue.checklists.page import Line
from workshop.web import display

_WIDTHS = (7.4, 4.6, 1.4, 1.4, 1.4, 2.4)


def sheet(version: ChecklistVersion, branch: Any) -> bytes:
    """An A4 sheet with a box for each answer; `branch` gives the shop's head."""
    story: list[Flowable] = [_about()]
    for heading, lines in page.grouped(version.items):
        if heading:
            story.append(paper.section(heading))
        story.append(_table(lines))
    story += [
        paper.note(gettext("★ Take a photo when it is not in order.")),
        paper.signatures(
            (gettext("Looked at by"), None, "", ""), (gettext("Customer"), None, "", "")
        ),
    ]
    return paper.document(
        display.show_name(version.checklist),
        paper.ShopHead(branch.name, branch.address, branch.phone),
        story,
        number=gettext("Version %(no)s", no=version.no),
        page_of=gettext("Page %(page)s of %(pages)s", page="%(page)s", pages="%(pages)s"),
        language=str(get_locale() or "zh_CN"),
    )


def _about() -> Flowable:
    blank = "　" * 8
    return paper.facts(
        [
            (gettext("Plate"), blank),
            (gettext("Vehicle"), blank),
            (gettext("VIN"), blank),
            (gettext("Mileage in"), blank),
            (gettext("Date"), blank),
            (gettext("Order"), blank),
        ]
    )


def _table(lines: list[Line]) -> Flowable:
    header = [
        gettext("Item"),
        gettext("Standard"),
        gettext("Green"),
        gettext("Yellow"),
        gettext("Red"),
        gettext("Measured"),
    ]
    return paper.table(header, [_row(each) for each in lines], "llcccl", _WIDTHS)


def _row(line: Line) -> list[str]:
    item = line.item
    star = " ★" if item.needs_photo else ""
    measured = f"______ {item.unit}".strip() if item.is_measured else ""
    standard = display.show_standard(item) or line.limits
    return [f"{display.show_name(item)}{star}", standard, "□", "□", "□", measured]
