"""The service authorisation on paper, with the seven things a repair contract must say (R13).

a) parties, b) signing date, c) vehicle, d) repair items, e) charge standard, cost, and how an
excess over the estimate is handled, f) delivery date, place and way, g) guarantee period.
"""

from __future__ import annotations

from flask_babel import get_locale, gettext
from reportlab.platypus import Flowable

from workshop import paper
from workshop.catalogue.models import Payer
from workshop.customers import shown
from workshop.db import session
from workshop.money import in_capitals
from workshop.orders.models import Attachment, RepairOrder
from workshop.orders.signed import names as signed
from workshop.orders.signed.models import SignedNames
from workshop.orders.signed.printed import todays_name
from workshop.shop import letterhead, past
from workshop.steps.quotation import queries
from workshop.steps.quotation.models import (
    ConsentChannel,
    Decision,
    LineKind,
    Quotation,
    QuotationLine,
    QuotationState,
)
from workshop.steps.quotation.queries import Group
from workshop.steps.quotation.sheet import less_pdf as less
from workshop.steps.quotation.sheet import terms_pdf as terms
from workshop.web import display


def service_authorisation(quotation: Quotation, *, order_url: str | None = None) -> bytes:
    """The PDF of a signed authorisation or answer, or of an offer that is not signed yet."""
    order = quotation.order
    names = signed.stood(order, quotation.signed_at)
    groups = queries.list_groups(quotation)
    declined = [group for group in groups if group.head.decision is Decision.DECLINED]
    agreed = [group for group in groups if group.head.decision is not Decision.DECLINED]
    off = less.list_off(quotation)
    story = [
        *_parties(order, names, past.stood(order.branch, quotation.signed_at)["name"]),
        *_vehicle(order, names),
        *_finding(quotation),
        *_items(agreed, off),
        *_costs(agreed, quotation, off),
        *terms.excess(),
        *terms.delivery(quotation),
        *terms.guarantee([group for group in agreed if group.head.id not in off]),
        *_declined(declined),
        *_signatures(quotation),
        *less.versions(quotation),
    ]
    return paper.document(
        _title(quotation),
        letterhead.head_of(order.branch, gettext, at=quotation.signed_at),
        story,
        number=f"{quotation.no}-{quotation.version_no}",
        subtitle=_("Repair order %(no)s", no=order.no),
        order_url=order_url,
        qr_note=order.no if order_url else "",
        page_of=_("Page %(page)s of %(pages)s", page="%(page)s", pages="%(pages)s"),
        language=_language(),
    )


def _(message: str, **values: object) -> str:
    """The words in the reader's language."""
    return str(gettext(message, **values))


def _language() -> str:
    return "zh_CN" if str(get_locale()).startswith("zh") else "en"


def _title(quotation: Quotation) -> str:
    if quotation.state is QuotationState.OFFERED:
        return _("Quotation")
    if not quotation.is_main:
        return _("Consent to additional work")
    if quotation.state is QuotationState.DECLINED:
        return _("Declined quotation")
    return _("Service authorisation")


def _parties(order: RepairOrder, names: SignedNames, shop: str) -> list[Flowable]:
    bringer = f"{names.bringer_name} {shown.phone(names.bringer_phone)}"
    return [
        paper.section(_("Parties")),
        paper.facts(
            [
                (_("Customer (consignor)"), names.customer_name),
                (_("Repairer"), shop),
                (_("Phone"), shown.phone(names.customer_phone)),
                (_("Service advisor"), names.advisor_name or ""),
                (_("Brought by"), bringer.strip()),
                (_("Arrival time"), display.show_printed(order.arrived_at)),
            ]
        ),
    ]


def _vehicle(order: RepairOrder, names: SignedNames) -> list[Flowable]:
    mileage = f"{names.mileage_km:,} km" if names.mileage_km is not None else ""
    return [
        paper.section(_("Vehicle")),
        paper.facts(
            [
                (_("Plate"), names.called),
                (_("Make and model"), names.title),
                (_("VIN"), names.vin or ""),
                (_("Mileage"), mileage),
            ]
        ),
        *todays_name(order, names, gettext),
        paper.note(_("Concern in the customer's words: %(words)s", words=order.concern)),
    ]


def _finding(quotation: Quotation) -> list[Flowable]:
    if not quotation.reason:
        return []
    return [paper.section(_("What was found")), paper.note(quotation.reason)]


def _items(groups: list[Group], off: less.Off) -> list[Flowable]:
    lines = [line for group in groups for line in group.lines]
    rows = [_row(line) for line in lines]
    gone = {place for place, line in enumerate(lines) if line.id in off}
    header = [_("Item"), _("Part class"), _("Quantity"), _("Unit price")]
    header += [_("Payer"), _("Amount")]
    return [
        paper.section(_("Repair items and prices, tax included")),
        paper.table(header, rows, "llrrlr", (5.8, 2.8, 2, 3.2, 2.6, 2.6), struck=gone),
    ]


def _row(line: QuotationLine) -> list[str]:
    title = display.show_name(line)
    if line.ordered_no and line.part is not None:
        numbers = {"no": line.ordered_no, "other": line.part.no}
        title += " " + _("(ordered %(no)s → delivered %(other)s)", **numbers)
    if line.is_core:
        title += " " + _("(given back when the old part is back)")
    if line.discount_fen:
        amount = display.show_money(line.discount_fen)
        title += " " + _("(discount %(amount)s)", amount=amount)
    if line.package_fen:
        amount = display.show_money(line.package_fen)
        title += " " + _("(package price %(amount)s)", amount=amount)
    return [
        f"· {title}" if line.parent_line_id else title,
        _(line.part_class.label) if line.part_class else "",
        _quantity(line),
        _unit_price(line),
        _(line.payer.label),
        display.show_money(line.total_fen),
    ]


def _quantity(line: QuotationLine) -> str:
    if line.kind is LineKind.LABOUR:
        return display.show_minutes(line.book_minutes)
    return f"{display.show_quantity(line.quantity_milli)} {display.show_unit(line.unit)}".strip()


def _unit_price(line: QuotationLine) -> str:
    price = display.show_money(line.unit_fen)
    return _("%(price)s / h", price=price) if line.kind is LineKind.LABOUR else price


def _costs(groups: list[Group], quotation: Quotation, off: less.Off) -> list[Flowable]:
    lines = [line for group in groups for line in group.lines]
    totals = queries.totals([line for line in lines if line.id not in off])
    rows = [
        (_("Labour charge"), display.show_money(totals.labour_fen)),
        (_("Parts charge"), display.show_money(totals.parts_fen)),
    ]
    if totals.other_fen:
        rows.append((_("Sublet and other"), display.show_money(totals.other_fen)))
    if totals.core_fen:
        rows.append((_("Core deposits"), display.show_money(totals.core_fen)))
    tax_fen = totals.tax_fen + less.tax_fen(off)
    rows.append((_("Tax contained"), display.show_money(tax_fen)))
    for payer in Payer:
        fen = totals.by_payer.get(payer.value)
        if payer is not Payer.CUSTOMER and fen:
            name = _(payer.label)
            rows.append((_("Paid by: %(payer)s", payer=name), display.show_money(fen)))
    done_fen = less.billed_fen(off)
    if done_fen:
        rows.append((_("Done before it was taken off"), display.show_money(done_fen)))
    pays_fen = totals.customer_fen + done_fen
    rows.append((_("The customer pays"), display.show_money(pays_fen)))
    capitals = (_("In capitals"), in_capitals(pays_fen))
    parts: list[Flowable] = [paper.totals(rows, capitals), paper.note(_standard(quotation))]
    return [*parts, *_deposits(quotation, totals.core_fen)]


def _deposits(quotation: Quotation, core_fen: int) -> list[Flowable]:
    """What a core deposit is: the customer signs that the money waits for the old part (P22)."""
    if not core_fen:
        return []
    words = _(
        "Core deposits of %(amount)s are no price: the customer gets them back for the old parts, "
        "complete and within %(days)s days of the settlement.",
        amount=display.show_money(core_fen),
        days=past.stood(quotation.order.branch, quotation.signed_at)["core_days"],
    )
    return [paper.note(words)]


def _standard(quotation: Quotation) -> str:
    rates = sorted(
        {line.unit_fen for line in queries.list_lines(quotation) if line.kind is LineKind.LABOUR}
    )
    return _(
        "Charge standard: labour is the book time of the operation at %(rates)s an hour; parts are "
        "charged by the piece in the class named. All prices are fixed and contain the tax.",
        rates=" / ".join(display.show_money(rate) for rate in rates) or "—",
    )


def _declined(groups: list[Group]) -> list[Flowable]:
    if not groups:
        return []
    rows = [
        [
            display.show_name(group.head),
            _(group.head.urgency.label) if group.head.urgency else "—",
            group.head.decline_reason or "—",
            display.show_money(group.total_fen),
        ]
        for group in groups
    ]
    header = [_("Item"), _("Urgency"), _("Reason"), _("Price")]
    parts = [
        paper.section(_("Recommended and declined")),
        paper.table(header, rows, "lllr", (6, 3, 5, 3)),
    ]
    if any(group.head.urgency and group.head.urgency.value == "red" for group in groups):
        warning = _(
            "The customer was told that the car is not safe without the work marked as urgent, "
            "and declined it."
        )
        parts.append(paper.note(warning, alert=True))
    return parts


def _signatures(quotation: Quotation) -> list[Flowable]:
    names = signed.stood(quotation.order, quotation.signed_at)
    png = _signature_png(quotation)
    signed_at = terms.day_and_time(quotation.signed_at)
    parts: list[Flowable] = [
        paper.signatures(
            (_("Customer"), png, quotation.signer_name, signed_at),
            (_("Service advisor"), None, names.advisor_name or "", signed_at),
        )
    ]
    notes = [each for each in (_how(quotation), quotation.authority) if each]
    return [*parts, *(paper.note(each) for each in notes)]


def _signature_png(quotation: Quotation) -> bytes | None:
    if quotation.signature_id is None:
        return None
    return shown.ink(session.get_one(Attachment, quotation.signature_id).data)


def _how(quotation: Quotation) -> str:
    """By which way the answer came, where it was not a signature at the desk."""
    if quotation.channel is ConsentChannel.PHONE:
        return _("Answered by phone: %(evidence)s", evidence=quotation.evidence)
    if quotation.channel is ConsentChannel.LINK:
        return _("Signed by the customer's link on: %(device)s", device=quotation.device)
    return ""
