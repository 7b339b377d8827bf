"""New versions: what was offered or signed is never overwritten, only superseded."""

from __future__ import annotations

from datetime import datetime

from workshop import events
from workshop.db import session
from workshop.errors import N_, require
from workshop.orders.flow import Stage
from workshop.orders.models import OrderChanged
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.quotation import after_signing, draft, gates, queries
from workshop.steps.quotation.models import Quotation, QuotationLine, QuotationState


def revise(
    quotation: Quotation, *, by: User, at: datetime, seen_version: int | None = None
) -> Quotation:
    """Write a new version of an offered, signed or declined quotation; the old one stays as it is.

    A signed one is taken back: its jobs are called off and the order waits for a signature again.
    Raises RuleBroken once jobs are planned. The customer's link to the old version ends.
    """
    staff.require_permission(by, Permission.QUOTE)
    draft.check_version(quotation, seen_version)
    require(gates.missing_to_revise(quotation))
    order = quotation.order
    if quotation.state is QuotationState.SIGNED:
        after_signing.cancel_jobs(order, at)
        after_signing.let_parts_go(order, by=by, at=at)
    if quotation.is_main and order.stage is not Stage.QUOTED:
        order.move_to(Stage.QUOTED, by, at, N_("New version of the quotation"))
        order.authorised_at = None
    quotation.state = QuotationState.SUPERSEDED
    session.flush()
    new = draft.begin(order, quotation.kind, by=by, at=at, replaces=quotation)
    new.reason, new.urgency = quotation.reason, quotation.urgency
    new.photo_id, new.despite = quotation.photo_id, quotation.despite
    session.flush()
    _copy_lines(quotation, new)
    events.record(OrderChanged(order.id, order.branch_id, at))
    return new


_COPIED = (
    *("position", "kind", "operation_id", "part_id", "part_class", "ordered_no"),
    *("title_zh", "title_en"),
    *("unit", "quantity_milli", "book_minutes", "unit_fen", "total_fen", "tax_basis_points"),
    *("discount_fen", "discount_reason", "discount_by_id", "payer", "guarantee", "urgency"),
    *("deferred_id", "package_id", "package_fen"),
)


def _copy_lines(old: Quotation, new: Quotation) -> None:
    for group in queries.list_groups(old):
        head = _copy(group.head, new, None)
        for part in group.parts:
            _copy(part, new, head.id)
    draft.touch(new)


def _copy(line: QuotationLine, new: Quotation, parent_id: int | None) -> QuotationLine:
    copied = QuotationLine(quotation_id=new.id, parent_line_id=parent_id)
    for name in _COPIED:
        setattr(copied, name, getattr(line, name))
    session.add(copied)
    session.flush()
    return copied
