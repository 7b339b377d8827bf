"""The pick list on paper, with the label for its basket."""

from __future__ import annotations

from typing import Any

from flask_babel import get_locale, gettext

from workshop import paper
from workshop.shop import letterhead
from workshop.steps.parts import worklist
from workshop.steps.parts.models import PickLine
from workshop.steps.parts.worklist import Row
from workshop.web import display


def pick_list(row: Row, order_url: str) -> bytes:
    """The sheet that goes with the basket: where to pick what, and who took it."""
    order = row.order
    return paper.document(
        gettext("Pick list"),
        letterhead.head_of(order.branch, gettext),
        [
            _label(row),
            paper.gap(3),
            _facts(row),
            paper.section(gettext("Parts")),
            _table(row),
            *_end(row),
        ],
        number=row.pick_list.no,
        subtitle=gettext("Supplementary") if row.pick_list.supplementary else "",
        order_url=order_url,
        qr_note=order.no,
        page_of=gettext("Page %(page)s of %(pages)s", page="%(page)s", pages="%(pages)s"),
        language=str(get_locale() or "zh_CN"),
    )


def _label(row: Row) -> Any:
    left, right = paper.column_widths(2)
    plate = row.order.vehicle.called
    return paper.columns(
        paper.display(str(row.pick_list.basket_no), gettext("Basket"), left),
        paper.display(plate or row.order.no, row.order.no, right),
    )


def _facts(row: Row) -> Any:
    technician = row.technician
    return paper.facts(
        [
            (gettext("Vehicle"), row.order.vehicle.title),
            (gettext("Needed by"), display.show_printed(row.needed_by)),
            (gettext("Technician"), technician.name if technician else ""),
            (gettext("Service advisor"), row.order.advisor.display_name),
        ]
    )


def _table(row: Row) -> Any:
    lines = sorted(row.lines, key=lambda line: (worklist.bin_of(line), line.id))
    header = [
        gettext("Bin"),
        gettext("Part number"),
        gettext("Part name"),
        gettext("Class"),
        gettext("Quantity"),
        gettext("Short"),
        gettext("Picked"),
    ]
    rows = [_cells(line) for line in lines]
    return paper.table(header, rows, "llllrrl", (3, 5, 7, 4, 3, 3, 3))


def _cells(line: PickLine) -> list[str]:
    picked = line.picked_milli == line.needed_milli
    return [
        worklist.bin_of(line),
        _numbers(line),
        display.show_name(line.part),
        gettext(line.part.part_class.label),
        f"{display.show_quantity(line.needed_milli)} {display.show_unit(line.part.unit)}",
        display.show_quantity(line.short_milli) if line.short_milli else "",
        "✓" if picked else "□",
    ]


def _numbers(line: PickLine) -> str:
    """The number on the shelf; before it the one that was ordered, when it is another."""
    ordered = line.quotation_line.ordered_no
    return f"{ordered} → {line.part.no}" if ordered else line.part.no


def _end(row: Row) -> list[Any]:
    parts: list[Any] = []
    if row.order.repeat_repair:
        parts.append(paper.note(gettext("Repeat repair"), alert=True))
    if any(line.old_wanted for line in row.lines):
        parts.append(paper.note(gettext("Bag the old parts and tag them with the order number.")))
    parts.append(paper.signatures(*_signers(row)))
    return parts


def _signers(row: Row) -> list[tuple[str, None, str, str]]:
    issued = row.pick_list
    by = issued.issued_by.display_name if issued.issued_by else ""
    to = issued.issued_to.name if issued.issued_to else ""
    at = display.show_printed(issued.issued_at) if issued.issued_at else ""
    return [(gettext("Issued by"), None, by, at), (gettext("Received by"), None, to, at)]
