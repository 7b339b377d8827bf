"""The detail tables of a settlement list: labour, parts, other charges, old parts, guarantee."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask_babel import gettext
from reportlab.platypus import Flowable

from workshop import money, paper
from workshop.catalogue.models import Payer
from workshop.orders.models import RepairOrder
from workshop.steps.quotation.models import CHARGES, LineKind
from workshop.steps.reception import queries as reception
from workshop.steps.reception.rules import OldParts
from workshop.steps.settlement.models import SettlementLine
from workshop.web import display


def _(message: str, **values: object) -> str:
    """The words in the reader's language."""
    return str(gettext(message, **values))


def labour(lines: Iterable[SettlementLine]) -> list[Flowable]:
    """The labour operations with settled hours and unit rate."""
    rows = [
        (
            display.show_name(line),
            _hours(line),
            _("%(price)s / h", price=display.show_money(line.unit_fen)),
            _payer(line),
            display.show_money(_charged(line)),
        )
        for line in lines
        if line.kind is LineKind.LABOUR
    ]
    header = [_("Labour operation"), _("Settled hours"), _("Unit rate"), _("Payer"), _("Amount")]
    return detail(_("Labour charge"), header, rows, "lrrlr", (5.6, 2, 2.4, 2.6, 2.4))


def _hours(line: SettlementLine) -> str:
    return _(
        "%(hours)s h",
        hours=display.show_quantity(money.round_half_up(line.book_minutes * 1000, 60)),
    )


def parts(lines: Iterable[SettlementLine]) -> list[Flowable]:
    """The parts with code, class, quantity and unit price."""
    rows = [
        (
            line.code,
            " ".join(filter(None, (display.show_name(line), line.brand))),
            _(line.part_class.label) if line.part_class else "",
            f"{display.show_quantity(line.quantity_milli)} {display.show_unit(line.unit)}".strip(),
            display.show_money(line.unit_fen),
            _payer(line),
            display.show_money(_charged(line)),
        )
        for line in lines
        if line.kind is LineKind.PART
    ]
    header = [
        _("Code"),
        _("Name and brand"),
        _("Part class"),
        _("Quantity"),
        _("Unit price"),
        _("Payer"),
        _("Amount"),
    ]
    return detail(_("Parts charge"), header, rows, "lllrrlr", (2.4, 4.2, 2.4, 1.8, 2.2, 2.6, 2.4))


def other(lines: Iterable[SettlementLine]) -> list[Flowable]:
    """Outside processing and other charges."""
    rows = [
        (
            display.show_name(line),
            _(line.kind.label),
            _payer(line),
            display.show_money(_charged(line)),
        )
        for line in lines
        if line.kind in CHARGES
    ]
    header = [_("Item"), _("Kind"), _("Payer"), _("Amount")]
    return detail(_("Processing and other charges"), header, rows, "lllr", (7, 3, 3, 2.4))


def cores(lines: Iterable[SettlementLine], days: int) -> list[Flowable]:
    """Deposits for old parts, and until when they are given back (P22)."""
    rows = [
        (
            line.code,
            display.show_name(line),
            f"{display.show_quantity(line.quantity_milli)} {display.show_unit(line.unit)}".strip(),
            display.show_money(line.unit_fen),
            display.show_money(_charged(line)),
        )
        for line in lines
        if line.kind is LineKind.CORE
    ]
    header = [_("Code"), _("Item"), _("Quantity"), _("Unit price"), _("Amount")]
    made = detail(_("Core deposits"), header, rows, "llrrr", (2.4, 6, 2, 2.4, 2.4))
    words = _(
        "A core deposit is no price: the customer gets it back for the old part, complete and "
        "within %(days)s days.",
        days=days,
    )
    return [*made, paper.note(words)] if made else []


def detail(
    title: str,
    header: Sequence[str],
    rows: Sequence[tuple[str, ...]],
    aligns: str,
    widths: Sequence[float],
) -> list[Flowable]:
    """A heading and its table; nothing at all without rows."""
    if not rows:
        return []
    return [paper.section(title), paper.table(header, rows, aligns, widths)]


def _payer(line: SettlementLine) -> str:
    return _(line.payer.label)


def _charged(line: SettlementLine) -> int:
    """What the customer pays of a line before the discount: nothing of what others pay."""
    return line.agreed_fen if line.payer is Payer.CUSTOMER else 0


def old_parts(order: RepairOrder, lines: Iterable[SettlementLine]) -> list[Flowable]:
    """What becomes of the replaced parts: taken back, given up, or none."""
    walkaround = reception.find_walkaround(order)
    wish = walkaround.old_parts if walkaround else None
    has_parts = any(line.kind is LineKind.PART for line in lines)
    choices = (
        (_("Old parts taken back by the customer"), has_parts and wish is OldParts.TAKE),
        (_("The customer gives up the old parts"), has_parts and wish is OldParts.DISPOSE),
        (_("There are no old parts"), not has_parts),
    )
    items = [
        paper.CheckItem(words, paper.Mark.DONE if chosen else paper.Mark.OPEN)
        for words, chosen in choices
    ]
    return [paper.section(_("Old parts")), paper.checklist(items, in_a_row=3)]


def guarantee(lines: Iterable[SettlementLine]) -> list[Flowable]:
    """The guarantee of each item, in kilometres and days."""
    rows = [
        (
            display.show_name(line),
            _(line.guarantee.label),
            _("%(km)s km or %(days)s days", km=f"{line.guarantee.km:,}", days=line.guarantee.days),
        )
        for line in lines
        if line.guarantee is not None
    ]
    header = [_("Item"), _("Class"), _("Guarantee period")]
    parts = detail(_("Quality guarantee"), header, rows, "lll", (5, 5, 4))
    words = _("The guarantee runs from delivery; whichever ends first ends it.")
    return [*parts, paper.note(words)] if parts else []
