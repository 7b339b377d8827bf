"""What stands on each label. A QR leads to the page of the part or the order."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext

from workshop import clock, paper
from workshop.customers import rules as customers
from workshop.desk.labels import sizes
from workshop.desk.labels.rules import LabelKind, Wheel
from workshop.orders.models import RepairOrder
from workshop.shop.models import Branch
from workshop.steps.parts.models import PickList
from workshop.stock.models import Part
from workshop.web import display


def part(shown: Part, bin_name: str, copies: int, branch: Branch, url: str) -> bytes:
    """Labels for the pieces of a part."""
    label = paper.Label(
        shown.no,
        (display.show_name(shown), shown.brand or "", bin_name, gettext(shown.part_class.label)),
        url,
    )
    return _print([label] * copies, LabelKind.PART, branch)


def basket(pick_list: PickList, order: RepairOrder, branch: Branch, url: str) -> bytes:
    """The label of the basket in which an order's parts lie."""
    label = paper.Label(
        f"{gettext('Basket')} {pick_list.basket_no}",
        (order.vehicle.called, order.no, pick_list.no, display.show_printed(pick_list.needed_by)),
        url,
    )
    return _print([label], LabelKind.BASKET, branch)


def key(order: RepairOrder, branch: Branch, url: str) -> bytes:
    """The tag on the key: the plate's tail and the order; nothing of the customer."""
    _, serial = customers.parted_plate(order.vehicle.plate or "")
    title = serial[-5:] or order.no[-4:]
    label = paper.Label(title, (order.no, order.vehicle.title), url, has_hole=True)
    return _print([label], LabelKind.KEY, branch)


def wheels(
    order: RepairOrder, tread: Mapping[Wheel, str], place: str, branch: Branch, url: str
) -> bytes:
    """A label for each wheel that the shop keeps: where it was, how deep its tread is."""
    today = display.show_date(clock.now())
    printed = [
        paper.Label(
            gettext(each.label),
            (order.vehicle.called, _tread(tread.get(each, "")), place, f"{order.no}  {today}"),
            url,
        )
        for each in Wheel
    ]
    return _print(printed, LabelKind.TYRE, branch)


def _tread(measured: str) -> str:
    return str(gettext("Tread %(depth)s mm", depth=measured)) if measured else ""


def _print(printed: list[paper.Label], kind: LabelKind, branch: Branch) -> bytes:
    width, height = sizes.find(branch)[kind].millimetres
    return paper.labels(printed, width, height, title=str(gettext(kind.label)))
