"""Who pays a line of a quotation that is being written, and who may say so."""

from __future__ import annotations

from datetime import datetime

from workshop.catalogue import queries as catalogue
from workshop.catalogue.models import Package, Payer
from workshop.errors import NotAllowed
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.quotation import draft, queries
from workshop.steps.quotation.models import Quotation, QuotationLine
from workshop.steps.quotation.pricing import deposits, line_prices


def choose_payer(
    line: QuotationLine, quotation: Quotation, payer: Payer, *, by: User, at: datetime
) -> Package | None:
    """Say who pays the line; its parts and its labour rate follow. Goodwill is the manager's.

    Who handles warranty but does not quote says what the maker pays, and what not after all.
    Gives the package whose fixed price does not hold for it any more.
    """
    draft.require_draft(quotation)
    deposits.refuse(line)
    _require_right_to_say(line.payer, payer, by)
    was, line.payer = line.payer, payer
    for each in queries.list_lines(quotation):
        if each.parent_line_id == line.id:
            each.payer = payer
    loosened = line_prices.loosen(quotation, line.package_id) if was is not payer else None
    if line.operation_id is not None and was is not payer:
        operation = catalogue.get_operation(line.operation_id)
        line.unit_fen = line_prices.hour_fen(quotation, operation, payer, at)
        line_prices.priced(line)
    draft.touch(quotation)
    if was is not payer:
        audit.write(by, "quotation.choose_payer", line, at, payer=payer.value, was=was.value)
    return loosened


def list_payers(line: QuotationLine, by: User) -> list[Payer]:
    """Whom `by` may choose to pay the line, beside who pays it now; empty: not theirs to say."""
    others = {each for each in Payer if each is not line.payer and _may_say(line.payer, each, by)}
    return [each for each in Payer if each in others or each is line.payer] if others else []


def _require_right_to_say(was: Payer, payer: Payer, by: User) -> None:
    if payer is Payer.GOODWILL:
        staff.require_permission(by, Permission.DISCOUNT)
    if was.is_maker or payer.is_maker:
        staff.require_one_of(by, draft.MAY_SAY_WHO_PAYS)
    else:
        staff.require_permission(by, Permission.QUOTE)


def _may_say(was: Payer, payer: Payer, by: User) -> bool:
    try:
        _require_right_to_say(was, payer, by)
    except NotAllowed:
        return False
    return True
