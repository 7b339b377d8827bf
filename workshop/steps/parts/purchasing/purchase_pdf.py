"""An order to a supplier on paper; costs stand on it for who may see them."""

from __future__ import annotations

from typing import Any

from flask_babel import get_locale, gettext

from workshop import money, paper
from workshop.shop import letterhead
from workshop.shop.models import Branch
from workshop.stock.purchase import queries
from workshop.stock.purchase.models import Purchase, PurchaseLine
from workshop.stock.suppliers import queries as suppliers
from workshop.web import display


def order_sheet(
    purchase: Purchase, branch: Branch, by: str, *, with_costs: bool, url: str
) -> bytes:
    """The order as the supplier gets it; `by` is who has ordered."""
    lines = [line for line in queries.list_lines(purchase) if _left(line)]
    blocks: list[Any] = [
        paper.facts(_facts(purchase, by)),
        paper.section(gettext("Lines")),
        _table(purchase, lines, with_costs),
    ]
    if with_costs:
        blocks.append(_sum(lines))
    if purchase.cancelled_at is not None:
        blocks.insert(0, paper.note(gettext("Cancelled"), alert=True))
    sign = paper.signatures((gettext("Ordered by"), None, by, display.show_date(purchase.made_at)))
    return paper.document(
        gettext("Purchase order"),
        letterhead.head_of(branch, gettext),
        [*blocks, sign],
        number=purchase.no,
        order_url=url,
        qr_note=purchase.no,
        page_of=gettext("Page %(page)s of %(pages)s", page="%(page)s", pages="%(pages)s"),
        language="zh_CN" if str(get_locale()).startswith("zh") else "en",
    )


def _left(line: PurchaseLine) -> int:
    return line.quantity_milli - line.cancelled_milli


def _facts(purchase: Purchase, by: str) -> list[tuple[str, str]]:
    supplier = purchase.supplier
    return [
        (gettext("Supplier"), supplier.name),
        (gettext("Contact"), f"{supplier.contact} {supplier.phone}".strip()),
        (gettext("Ordered on"), display.show_date(purchase.made_at)),
        (gettext("Ordered by"), by),
        (gettext("Expected on"), display.show_date(purchase.expected_on)),
        (gettext("Payment"), _terms(supplier.terms_days)),
    ]


def _terms(days: int) -> str:
    return str(gettext("within %(days)s days", days=days) if days else gettext("at once"))


def _table(purchase: Purchase, lines: list[PurchaseLine], with_costs: bool) -> Any:
    header = [gettext("Part number"), gettext("Their number"), gettext("Part name")]
    header += [gettext("Quantity")]
    widths, aligns = [4.0, 4.0, 6.0, 2.4], "lllr"
    if with_costs:
        header += [gettext("Cost of a unit"), gettext("Amount")]
        widths, aligns = [*widths, 2.6, 2.6], "lllrrr"
    rows = [_cells(purchase, line, with_costs) for line in lines]
    return paper.table(header, rows, aligns, widths)


def _cells(purchase: Purchase, line: PurchaseLine, with_costs: bool) -> list[str]:
    offer = suppliers.find_offer(line.part, purchase.supplier)
    unit = display.show_unit(line.part.unit)
    cells = [
        line.part.no,
        offer.their_no if offer else "",
        display.show_name(line.part),
        f"{display.show_quantity(_left(line))} {unit}",
    ]
    if with_costs:
        cells += [display.show_money(line.cost_fen), display.show_money(_amount(line))]
    return cells


def _amount(line: PurchaseLine) -> int | None:
    return None if line.cost_fen is None else money.parts_fen(line.cost_fen, _left(line))


def _sum(lines: list[PurchaseLine]) -> Any:
    total = sum(_amount(line) or 0 for line in lines)
    return paper.totals([(gettext("Total"), display.show_money(total))])
