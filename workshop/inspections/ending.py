"""How a red line ends without the work: put off to a day or mileage, or declined and signed.

Either way it waits as deferred work, which the next visit opens with.
"""

from __future__ import annotations

from datetime import date, datetime

from workshop.catalogue import queries as catalogue
from workshop.db import session
from workshop.errors import N_, Invalid, NotFound, RuleBroken
from workshop.inspections import queries
from workshop.inspections.models import InspectionAnswer, RedEnd
from workshop.inspections.rules import Ending
from workshop.orders import history
from workshop.orders import service as orders
from workshop.orders.models import AttachmentKind, DeferredWork, RepairOrder, Urgency
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission


def defer(
    answer: InspectionAnswer,
    *,
    due_on: date | None,
    due_km: int | None,
    reason: str,
    today: date,
    by: User,
    at: datetime,
) -> RedEnd:
    """Put a red line off to a day or a mileage ahead, and say why the customer wants it so.

    Raises Invalid without either, for one that is over, and without a reason.
    """
    order = _open(answer, by)
    if due_on is None and due_km is None:
        raise Invalid(N_("Say until which day or mileage it is put off."), field="due_on")
    if due_on is not None and due_on <= today:
        raise Invalid(N_("This day is over. Choose a later one."), field="due_on")
    if due_km is not None and due_km <= (order.mileage_km or 0):
        raise Invalid(N_("The car has gone so far already."), field="due_km")
    if not reason.strip():
        raise Invalid(N_("Say why it is put off."), field="reason")
    end = RedEnd(kind=Ending.DEFERRED, due_on=due_on, due_km=due_km, reason=reason.strip()[:200])
    return _end(answer, order, end, by, at)


def decline(
    answer: InspectionAnswer,
    *,
    signer_name: str,
    signature: bytes | None,
    reason: str = "",
    by: User,
    at: datetime,
) -> RedEnd:
    """The customer was warned, declines it, and signs that.

    Raises Invalid without a signature or a typed name.
    """
    order = _open(answer, by)
    name = signer_name.strip()[:80]
    if not name and signature is None:
        raise Invalid(N_("The signature is missing: draw it or type the name."), field="signature")
    end = RedEnd(
        kind=Ending.DECLINED,
        reason=reason.strip()[:200],
        signer_name=name or order.bringer_name or order.customer.name,
    )
    if signature is not None:
        caption = f"{answer.item.title_zh} {end.signer_name}"[:200]
        kept = orders.add_attachment(
            order, signature, AttachmentKind.SIGNATURE, at=at, by=by, caption=caption
        )
        end.signature_id = kept.id
    return _end(answer, order, end, by, at)


def _open(answer: InspectionAnswer, by: User) -> RepairOrder:
    staff.require_permission(by, Permission.QUOTE)
    order = answer.inspection.order
    orders.lock(order)
    if not order.stage.is_here:
        raise RuleBroken(N_("The car is not here any more."), code="left")
    if not answer.result.is_red or answer.replaced_at is not None:
        raise RuleBroken(N_("This line is not red."), code="not_red")
    if answer.id in queries.ends_of([answer]):
        raise RuleBroken(N_("This line is answered already."), code="ended")
    return order


def _end(
    answer: InspectionAnswer, order: RepairOrder, end: RedEnd, by: User, at: datetime
) -> RedEnd:
    end.answer_id, end.at, end.by_id = answer.id, at, by.id
    end.deferred_id = _deferred(answer, order, end.reason, at).id
    session.add(end)
    session.flush()
    audit.write(by, "inspections.end_red", end, at, item=answer.item.code, kind=end.kind.value)
    orders.announce(order, at)
    return end


def _deferred(
    answer: InspectionAnswer, order: RepairOrder, reason: str, at: datetime
) -> DeferredWork:
    found = catalogue.find_operations([answer.item.recommend])
    operation = next(iter(found.values()), None)
    for known in history.list_deferred(order.vehicle):
        is_same = operation is not None and known.operation_id == operation.id
        if is_same or (known.title == answer.item.title_zh and known.order_id == order.id):
            return known
    return history.add_deferred(
        order,
        title=answer.item.title_zh,
        urgency=Urgency.RED,
        reason=reason,
        price_fen=None,
        operation_id=operation.id if operation is not None else None,
        at=at,
    )


def take_back(answer: InspectionAnswer, *, by: User, at: datetime) -> None:
    """The line is open again: the customer has thought about it, or it was a slip.

    What waits for the next visit stays until the work is sold. Raises NotFound when it has no end.
    """
    staff.require_permission(by, Permission.QUOTE)
    orders.lock(answer.inspection.order)
    end = queries.ends_of([answer]).get(answer.id)
    if end is None:
        raise NotFound(N_("This line has not been answered."))
    end.taken_back_at, end.taken_back_by_id = at, by.id
    audit.write(by, "inspections.take_back_end", end, at, kind=end.kind.value)
    orders.announce(answer.inspection.order, at)
