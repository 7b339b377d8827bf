"""What the customer took off again, on the authorisation: when, why, and by whom it was agreed."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext
from reportlab.platypus import Flowable

from workshop import money, paper
from workshop.catalogue.models import Payer
from workshop.customers import shown
from workshop.db import session
from workshop.orders.models import Attachment
from workshop.steps.quotation.models import Quotation
from workshop.steps.quotation.sheet import terms_pdf as terms
from workshop.steps.quotation.taking_off import queries as taking_off
from workshop.steps.quotation.taking_off.models import TakeOff, TakeOffLine
from workshop.web import display

Off = Mapping[int, TakeOffLine]


def _(message: str, **values: object) -> str:
    """The words in the reader's language."""
    return str(gettext(message, **values))


def list_off(quotation: Quotation) -> Off:
    """The lines of this paper that are carried out no more, by the id of the signed line."""
    found = taking_off.list_off(quotation.order)
    return {each.quotation_line_id: each for each in found if _is_of(each, quotation)}


def _is_of(taken: TakeOffLine, quotation: Quotation) -> bool:
    return taken.line.quotation_id == quotation.id


def billed_fen(off: Off) -> int:
    """What the customer pays of what was done before."""
    return sum(each.billed_fen for each in _mine(off))


def tax_fen(off: Off) -> int:
    """The tax in it."""
    return sum(
        money.tax_included(each.billed_fen, each.line.tax_basis_points) for each in _mine(off)
    )


def _mine(off: Off) -> list[TakeOffLine]:
    return [each for each in off.values() if each.line.payer is Payer.CUSTOMER]


def versions(quotation: Quotation) -> list[Flowable]:
    """Each version with less work than the one before, with its lines and its signature."""
    found: list[Flowable] = []
    for version in taking_off.list_versions(quotation.order):
        lines = [each for each in taking_off.list_lines(version) if _is_of(each, quotation)]
        if version.is_agreed and lines:
            found += _version(version, lines)
    return found


def _version(version: TakeOff, lines: list[TakeOffLine]) -> list[Flowable]:
    title = _("Version %(no)s: taken off by the customer", no=version.version_no)
    header = [_("Item"), _("Price"), _("Done and billed")]
    rows = [
        [
            display.show_name(each.line),
            display.show_money(each.line.total_fen),
            display.show_money(each.billed_fen) if each.done_fen else "–",
        ]
        for each in lines
    ]
    return [
        paper.section(title),
        paper.table(header, rows, "lrr", (9, 4, 4)),
        paper.note(_why(version)),
        *_signed(version),
    ]


def _why(version: TakeOff) -> str:
    words = _("Reason: %(reason)s", reason=version.reason)
    if version.stops:
        words += " " + _("The whole order was stopped.")
    return words


def _signed(version: TakeOff) -> list[Flowable]:
    at = terms.day_and_time(version.agreed_at)
    by = version.taken_by.display_name if version.taken_by else ""
    customer = (_("Customer"), _png(version), version.signer_name, at)
    boxes = paper.signatures(customer, (_("Recorded by"), None, by, at))
    return [boxes, paper.note(_how(version))] if version.evidence or version.device else [boxes]


def _png(version: TakeOff) -> bytes | None:
    if version.signature_id is None:
        return None
    return shown.ink(session.get_one(Attachment, version.signature_id).data)


def _how(version: TakeOff) -> str:
    if version.evidence:
        return _("Answered by phone: %(evidence)s", evidence=version.evidence)
    return _("Signed by the customer's link on: %(device)s", device=version.device)
