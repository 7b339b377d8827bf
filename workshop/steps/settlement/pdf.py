"""The settlement list on paper, in the form of JT/T 1133 (domain.md step 8)."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import get_locale, gettext
from reportlab.platypus import Flowable

from workshop import paper
from workshop.catalogue.models import Payer
from workshop.customers import shown
from workshop.db import session
from workshop.money import in_capitals
from workshop.orders.models import RepairOrder
from workshop.orders.signed import names as signed
from workshop.orders.signed.models import SignedNames
from workshop.orders.signed.printed import todays_name
from workshop.shop import letterhead, past
from workshop.shop.models import HeadLine
from workshop.shop.separation import printed as apart
from workshop.steps.quotation import queries as quotation
from workshop.steps.quotation.models import LineKind
from workshop.steps.repair import queries as repair
from workshop.steps.repair.models import Inspection
from workshop.steps.repair.rules import Level
from workshop.steps.settlement import queries
from workshop.steps.settlement import tables_pdf as details
from workshop.steps.settlement.models import Settlement, SettlementLine
from workshop.steps.settlement.rules import Account, Sums, account_of
from workshop.web import display

# What the head of a settlement names in whatever layout.
_LINES = (HeadLine.EMAIL, HeadLine.TAX_NO, HeadLine.BANK_ACCOUNT)


def settlement_list(bill: Settlement, *, order_url: str | None = None) -> bytes:
    """The PDF of a settlement, or of the red letter that reverses one."""
    lines = [line for line in queries.list_lines(bill) if _is_shown(line)]
    sums = queries.add_up(line for line in lines if line.payer is Payer.CUSTOMER)
    story = [
        *_warning(bill),
        paper.facts(_facts(bill)),
        *todays_name(bill.order, signed.stood(bill.order, bill.settled_at), gettext),
        *_totals(bill, sums, lines),
        *details.labour(lines),
        *details.parts(lines),
        *details.other(lines),
        *details.cores(lines, past.stood(bill.order.branch, bill.settled_at)["core_days"]),
        *_others_pay(bill),
        *_money(bill),
        *_exceptions(bill),
        *details.old_parts(bill.order, lines),
        *details.guarantee(lines),
        *_signatures(bill),
    ]
    return paper.document(
        _("Settlement list (red letter)") if bill.is_red else _("Settlement list"),
        letterhead.head_of(bill.order.branch, gettext, *_LINES, at=bill.settled_at),
        story,
        number=bill.no,
        subtitle=_(
            "Repair order %(no)s · version %(version)s", no=bill.order.no, version=bill.version_no
        ),
        order_url=order_url,
        qr_note=bill.order.no if order_url else "",
        page_of=_("Page %(page)s of %(pages)s", page="%(page)s", pages="%(pages)s"),
        language="zh_CN" if str(get_locale()).startswith("zh") else "en",
    )


def _(message: str, **values: object) -> str:
    """The words in the reader's language."""
    return str(gettext(message, **values))


def _is_shown(line: SettlementLine) -> bool:
    """What the shop keeps as its own cost of work done again is no business of the customer."""
    return line.quotation_line_id is not None


def _warning(bill: Settlement) -> list[Flowable]:
    if bill.is_red:
        original = session.get_one(Settlement, bill.reverses_id)
        words = _("Reverses %(no)s: %(reason)s", no=original.no, reason=bill.reverse_reason)
        return [paper.note(words, alert=True)]
    if bill.reversed_at is not None:
        return [paper.note(_("Reversed: %(reason)s", reason=bill.reverse_reason), alert=True)]
    return []


def _facts(bill: Settlement) -> list[tuple[str, str]]:
    order = bill.order
    names, contract = signed.stood(order, bill.settled_at), quotation.find_signed(order)
    return [
        (_("Customer (consignor)"), names.customer_name),
        (_("Brought by"), f"{names.bringer_name} {shown.phone(names.bringer_phone)}".strip()),
        (_("Phone"), shown.phone(names.customer_phone)),
        (_("Plate"), names.called),
        (_("Make and model"), names.title),
        (_("VIN"), names.vin or ""),
        (_("Engine number"), names.engine_no or ""),
        (_("Repair class"), _(order.kind.label)),
        (_("Date in"), display.show_date(order.arrived_at)),
        (_("Mileage in / out"), _mileage(order, names)),
        (_("Repair order"), order.no),
        (_("Repair contract"), contract.no if contract else ""),
        (_("Settlement date"), display.show_date(bill.settled_at or bill.made_at)),
        (_("Invoice"), _invoice(bill)),
    ]


def _mileage(order: RepairOrder, names: SignedNames) -> str:
    came = f"{names.mileage_km:,}" if names.mileage_km is not None else "—"
    check = repair.find_inspection(order, Level.QUALITY_CHECK)
    left = check.road_test.to_km if check and check.road_test else names.car_km
    return f"{came} / {left:,} km" if left is not None else f"{came} km"


def _invoice(bill: Settlement) -> str:
    if bill.invoice_kind is None:
        return ""
    return f"{_(bill.invoice_kind.label)} {bill.invoice_no}"


def _totals(bill: Settlement, sums: Sums, lines: Iterable[SettlementLine]) -> list[Flowable]:
    rows = [
        (_("Parts charge"), display.show_money(sums.parts_fen)),
        (_("Labour charge"), display.show_money(sums.labour_fen)),
    ]
    mine = [line for line in lines if line.payer is Payer.CUSTOMER]
    for kind, label in (
        (LineKind.DIAGNOSIS, _("Diagnosis charge")),
        (LineKind.SUBLET, _("Processing charge")),
        (LineKind.OTHER, _("Other charges")),
    ):
        fen = sum(line.agreed_fen for line in mine if line.kind is kind)
        rows.append((label, display.show_money(fen)))
    if sums.discount_fen:
        rows.append((_("Discount"), display.show_money(-sums.discount_fen)))
    rows += [
        (_("Sales without tax"), display.show_money(sums.net_fen)),
        (_("Output tax"), display.show_money(sums.tax_fen)),
        *_core_row(sums),
        (_("Total"), display.show_money(bill.customer_fen)),
    ]
    capitals = (_("Amount in capitals"), in_capitals(bill.customer_fen))
    return [paper.section(_("Table 1  Charges")), paper.totals(rows, capitals)]


def _core_row(sums: Sums) -> list[tuple[str, str]]:
    """Deposits stand below what is sold."""
    return [(_("Core deposits"), display.show_money(sums.core_fen))] if sums.core_fen else []


def _others_pay(bill: Settlement) -> list[Flowable]:
    sums = queries.add_up(line for line in queries.list_lines(bill) if _is_shown(line))
    rows = [
        (
            _(payer.label),
            _(account_of(payer.value).label),
            display.show_money(sums.by_payer[payer.value]),
        )
        for payer in Payer
        if payer is not Payer.CUSTOMER and sums.by_payer.get(payer.value)
    ]
    header = [_("Payer"), _("Settled by"), _("Amount")]
    return details.detail(_("Paid by others"), header, rows, "llr", (5, 5, 3))


def _money(bill: Settlement) -> list[Flowable]:
    if bill.is_red or bill.reversed_at is not None:
        return []
    mine = [each for each in queries.list_payments(bill.order) if each.account is Account.CUSTOMER]
    rows: list[tuple[str, ...]] = [
        (
            display.show_printed(each.at),
            _(each.tender.label),
            _("Deposit") if each.is_deposit else each.reason or each.reference,
            display.show_money(each.amount_fen),
        )
        for each in mine
    ]
    header = [_("Time"), _("Paid by"), _("Note"), _("Amount")]
    received = display.show_money(queries.received_fen(bill.order))
    balance = display.show_money(queries.balance_fen(bill))
    words = _("Received %(received)s, still open %(balance)s.", received=received, balance=balance)
    back = queries.core_back_fen(bill.order)
    if back:
        words += " " + _("Old parts are back: %(amount)s less.", amount=display.show_money(back))
    credit = queries.find_credit(bill)
    if credit is not None and credit.approved:
        words += " " + _("On credit, to be paid by %(day)s.", day=display.show_date(credit.due_on))
    title, *table = details.detail(_("Payments"), header, rows, "lllr", (3, 3, 6, 2.4)) or [
        paper.section(_("Payments"))
    ]
    return [title, paper.note(words), *table]


def _exceptions(bill: Settlement) -> list[Flowable]:
    """What one person decided on this bill's credit though it is for two."""
    credit = queries.find_credit(bill)
    return apart.notes(credit, gettext) if credit is not None else []


def _signatures(bill: Settlement) -> list[Flowable]:
    check = repair.find_inspection(bill.order, Level.QUALITY_CHECK)
    made_on = display.show_date(bill.settled_at or bill.made_at)
    return [
        paper.signatures(
            (_("Customer"), None, "", ""),
            (
                _("Cashier"),
                None,
                bill.made_by.display_name,
                made_on,
            ),
            (_("Quality inspector"), None, *_inspector(check)),
        )
    ]


def _inspector(check: Inspection | None) -> tuple[str, str]:
    return (check.by.display_name, display.show_date(check.at)) if check else ("", "")
