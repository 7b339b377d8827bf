"""The parts list of the next booked days on paper, to be signed back."""

from __future__ import annotations

from typing import Any

from flask_babel import get_locale, gettext

from workshop import paper
from workshop.steps.parts.ahead.page import Ahead
from workshop.steps.parts.ahead.queries import Day, Need
from workshop.stock import queries as stock
from workshop.web import display


def parts_list(ahead: Ahead, url: str) -> bytes:
    """One table a day: what, how much, where, for which cars, and what is missing."""
    branch = ahead.branch
    blocks: list[Any] = []
    for day in ahead.days:
        blocks += [paper.section(display.show_date(day.day)), _table(ahead, day)]
    return paper.document(
        gettext("Parts for booked cars"),
        paper.ShopHead(branch.name, branch.address, branch.phone),
        [*blocks, paper.signatures((gettext("Parts counter"), None, "", ""))],
        number=display.show_date(ahead.today),
        order_url=url,
        qr_note=gettext("Parts for booked cars"),
        page_of=gettext("Page %(page)s of %(pages)s", page="%(page)s", pages="%(pages)s"),
        language=str(get_locale() or "zh_CN"),
    )


def _table(ahead: Ahead, day: Day) -> Any:
    header = [
        gettext("Bin"),
        gettext("Part number"),
        gettext("Part name"),
        gettext("Needed"),
        gettext("Missing"),
        gettext("Cars"),
    ]
    rows = [_cells(ahead, need) for need in day.needs]
    return paper.table(header, rows, "lllrrl", (2, 4, 6, 3, 3, 6))


def _cells(ahead: Ahead, need: Need) -> list[str]:
    level = stock.find_level(ahead.branch.id, need.part.id)
    plates = [each.vehicle.called for each in need.appointments]
    unit = display.show_unit(need.part.unit)
    return [
        level.bin if level else "",
        need.part.no,
        display.show_name(need.part),
        f"{display.show_quantity(need.wanted_milli)} {unit}",
        display.show_quantity(need.gap_milli) if need.gap_milli else "",
        ", ".join(plates),
    ]
