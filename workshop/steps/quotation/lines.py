"""The lines of a draft, one by one; what is known from before stands in `known_work`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import select

from workshop.catalogue.models import Operation, Package
from workshop.db import session
from workshop.errors import N_, Invalid, RuleBroken
from workshop.orders.kits import Kits
from workshop.orders.models import Urgency
from workshop.shop import calendar
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.quotation import draft, queries
from workshop.steps.quotation.models import CHARGES, LineKind, Quotation, QuotationLine
from workshop.steps.quotation.pricing import deposits, line_prices
from workshop.stock.models import Part
from workshop.stock.pricing import queries as prices

MOST_MILLI = 1_000_000


def add_operation(
    quotation: Quotation,
    operation: Operation,
    *,
    at: datetime,
    extra: Mapping[int, int] | None = None,
    usual_parts: bool = True,
    urgency: Urgency | None = None,
    deferred_id: int | None = None,
    agreed: bool = False,
) -> QuotationLine:
    """Add an operation with the parts it usually needs, at the prices of the day.

    `extra` are further parts, by id in thousandths; what was `agreed` before goes on when it is
    retired meanwhile. Raises RuleBroken when the operation is in the quotation already, is
    retired, or the branch has no such labour rate.
    """
    draft.require_draft(quotation)
    _refuse_twice(quotation, operation)
    if not operation.active and not agreed:
        raise RuleBroken(
            N_("%(operation)s is retired and not offered any more."),
            code="retired",
            operation=operation.code,
        )
    head = _labour_line(quotation, operation, at)
    head.urgency, head.deferred_id = urgency, deferred_id
    session.add(head)
    session.flush()
    size = quotation.order.vehicle.size
    kit = Kits([operation]).of(operation, size) if usual_parts else []
    wanted = {each.part.id: each.quantity_milli for each in kit if each.part}
    for part_id, milli in {**wanted, **(extra or {})}.items():
        part = queries.choose_part(quotation.order.branch_id, part_id, milli)
        line = _part_line(quotation, part, milli, head, at)
        line.ordered_no = "" if part.id == part_id else session.get_one(Part, part_id).no
        session.add(line)
    draft.touch(quotation)
    return head


def _refuse_twice(quotation: Quotation, operation: Operation) -> None:
    if any(line.operation_id == operation.id for line in queries.list_lines(quotation)):
        raise RuleBroken(
            N_("%(operation)s is in the quotation already."),
            code="twice",
            operation=operation.code,
        )


def _labour_line(quotation: Quotation, operation: Operation, at: datetime) -> QuotationLine:
    line = _line(quotation, LineKind.LABOUR, operation.name_zh, operation.name_en)
    line.operation_id = operation.id
    line.book_minutes = operation.minutes_of(quotation.order.vehicle.size)
    line.guarantee = operation.guarantee
    line.unit_fen = line_prices.hour_fen(quotation, operation, line.payer, at)
    return line_prices.priced(line)


def _part_line(
    quotation: Quotation,
    part: Part,
    quantity_milli: int,
    parent: QuotationLine | None,
    at: datetime,
) -> QuotationLine:
    line = _line(quotation, LineKind.PART, part.name_zh, part.name_en)
    line.quantity_milli = quantity_milli
    line.parent_line_id = parent.id if parent else None
    line.payer = parent.payer if parent else line.payer
    _set_part(line, part, quotation, at)
    return line_prices.priced(line)


def _set_part(line: QuotationLine, part: Part, quotation: Quotation, at: datetime) -> None:
    line.part = part
    line.part_id = part.id
    line.part_class = part.part_class
    line.title_zh, line.title_en = part.name_zh, part.name_en
    day = calendar.local_day(quotation.order.branch, at)
    line.unit, line.unit_fen = part.unit, prices.price_on(part, day)
    shops_own, own = quotation.order.branch.tax_basis_points, part.tax_basis_points
    line.tax_basis_points = shops_own if own is None else own


def _line(quotation: Quotation, kind: LineKind, title_zh: str, title_en: str) -> QuotationLine:
    query = select(sa.func.max(QuotationLine.position))
    last = session.scalar(query.where(QuotationLine.quotation_id == quotation.id)) or 0
    order = quotation.order
    return QuotationLine(
        quotation_id=quotation.id,
        position=last + 1,
        kind=kind,
        title_zh=title_zh,
        title_en=title_en,
        quantity_milli=1000,
        book_minutes=0,
        unit_fen=0,
        discount_fen=0,
        package_fen=0,
        total_fen=0,
        tax_basis_points=order.branch.tax_basis_points,
        payer=line_prices.usual_payer(order),
    )


def add_part(
    quotation: Quotation,
    part: Part,
    *,
    parent: QuotationLine | None,
    at: datetime,
    quantity_milli: int = 1000,
) -> QuotationLine:
    """Add a part to an operation of the quotation, or on its own."""
    draft.require_draft(quotation)
    _check_quantity(quantity_milli)
    line = _part_line(quotation, part, quantity_milli, parent, at)
    session.add(line)
    draft.touch(quotation)
    return line


def add_charge(quotation: Quotation, kind: LineKind, title: str, price_fen: int) -> QuotationLine:
    """Add outside work or another charge under a title of its own, at a price in fen."""
    draft.require_draft(quotation)
    if kind not in CHARGES:
        raise Invalid(N_("Choose what kind of charge it is."), field="kind")
    if not title.strip():
        raise Invalid(N_("Say what the charge is for."), field="title")
    if price_fen < 0:
        raise Invalid(N_("A price cannot be negative."), field="price")
    line = _line(quotation, kind, title.strip()[:200], title.strip()[:200])
    line.unit_fen = price_fen
    session.add(line_prices.priced(line))
    draft.touch(quotation)
    return line


def change_quantity(
    line: QuotationLine, quotation: Quotation, quantity_milli: int
) -> Package | None:
    """Change how much of a part or charge, in thousandths of its unit.

    Gives the package whose fixed price does not hold for it any more.
    """
    draft.require_draft(quotation)
    deposits.refuse(line)
    if line.kind is LineKind.LABOUR:
        raise RuleBroken(N_("Labour is its book time; it has no quantity."), code="book_time")
    _check_quantity(quantity_milli)
    line.quantity_milli = quantity_milli
    loosened = line_prices.loosen(quotation, line.package_id)
    line_prices.priced(line)
    draft.touch(quotation)
    return loosened


def _check_quantity(quantity_milli: int) -> None:
    if not 0 < quantity_milli <= MOST_MILLI:
        raise Invalid(N_("Enter a quantity between 0.001 and 1000."), field="quantity")


def choose_part(
    line: QuotationLine, quotation: Quotation, part: Part, *, at: datetime
) -> Package | None:
    """Take the part of another class for the same purpose; the customer chooses (R12).

    Gives the package whose fixed price does not hold for it any more.
    """
    draft.require_draft(quotation)
    deposits.refuse(line)
    group = line.part.choice_group if line.part else None
    if group is None or part.choice_group != group:
        raise Invalid(N_("This part does not serve the same purpose."), field="part_id")
    loosened = line_prices.loosen(quotation, line.package_id)
    _set_part(line, part, quotation, at)
    line.ordered_no = ""
    line_prices.priced(line)
    draft.touch(quotation)
    return loosened


def give_discount(
    line: QuotationLine,
    quotation: Quotation,
    discount_fen: int,
    reason: str,
    *,
    by: User,
    at: datetime,
) -> None:
    """Take an amount in fen off the line, with a reason; 0 takes the discount back.

    Raises NotAllowed without the right to discounts, Invalid without a reason or beyond the price.
    """
    staff.require_permission(by, Permission.DISCOUNT)
    draft.require_draft(quotation)
    deposits.refuse(line)
    if discount_fen < 0:
        raise Invalid(N_("A discount cannot be negative."), field="discount")
    if discount_fen and not reason.strip():
        raise Invalid(N_("Say why the discount is given."), field="reason")
    was = line.discount_fen
    line.discount_fen = discount_fen
    line.discount_reason = reason.strip()[:200] if discount_fen else ""
    line.discount_by_id = by.id if discount_fen else None
    line_prices.priced(line)
    draft.touch(quotation)
    audit.write(
        by, "quotation.discount", line, at, discount_fen=discount_fen, reason=reason, was=was
    )


def mark_urgency(line: QuotationLine, quotation: Quotation, urgency: Urgency | None) -> None:
    """Say how urgent the work is: red for safety, yellow for soon, None for as wished."""
    draft.require_draft(quotation)
    line.urgency = urgency
    draft.touch(quotation)


def remove_line(line: QuotationLine, quotation: Quotation) -> Package | None:
    """Take a line, and the parts that hang on it, out of the draft.

    Gives the package whose fixed price does not hold for the rest any more.
    """
    draft.require_draft(quotation)
    deposits.refuse(line)
    loosened = line_prices.loosen(quotation, line.package_id)
    for each in queries.list_lines(quotation):
        if each.parent_line_id == line.id:
            session.delete(each)
    session.flush()
    session.delete(line)
    draft.touch(quotation)
    return loosened
