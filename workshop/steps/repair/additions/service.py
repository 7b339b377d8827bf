"""Additional work: the technician asks, the advisor prices, the customer decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from workshop.catalogue.models import Operation
from workshop.db import session
from workshop.errors import N_, Invalid, NotFound, RuleBroken
from workshop.inspections.models import InspectionAnswer
from workshop.orders import service as orders
from workshop.orders.flow import Action
from workshop.orders.models import (
    AttachmentKind,
    Job,
    RepairOrder,
    Urgency,
)
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.quotation import service as quotation
from workshop.steps.quotation.models import Quotation
from workshop.steps.repair import work
from workshop.steps.repair.models import AdditionalWork
from workshop.steps.repair.rules import AdditionState


def request_addition(
    job: Job,
    finding: str,
    urgency: Urgency,
    *,
    photo: bytes | None = None,
    operation: Operation | None = None,
    found_by: InspectionAnswer | None = None,
    by: User,
    at: datetime,
) -> AdditionalWork:
    """Ask for additional work; nothing is done on it before the customer agreed to it.

    A technician asks on the own job; `found_by` is the line of an inspection, with its picture.
    Raises Invalid without any words or proposed operation.
    """
    staff.require_permission(by, Permission.REQUEST_ADDITION)
    if by.may(Permission.WORK):
        work.require_own_job(job, by)
    orders.require_stage(job.order, Action.REQUEST_ADDITION)
    words = finding.strip() or (operation.name_in(by.locale) if operation else "")
    if not words:
        raise Invalid(N_("Say what you found, or choose the work."), field="finding")
    kept = (
        orders.add_attachment(job.order, photo, AttachmentKind.PHOTO, at=at, by=by, caption=words)
        if photo
        else None
    )
    request = AdditionalWork(
        order_id=job.order_id,
        job_id=job.id,
        finding=words,
        urgency=urgency,
        photo_id=kept.id if kept else found_by.photo_id if found_by else None,
        answer_id=found_by.id if found_by else None,
        operation_id=operation.id if operation else None,
        requested_at=at,
        by_id=by.id,
    )
    session.add(request)
    audit.write(by, "repair.request_addition", request, at, urgency=urgency.value)
    orders.announce(job.order, at)
    return request


def get_addition(order: RepairOrder, addition_id: int) -> AdditionalWork:
    """The request of this order; raises NotFound."""
    addition = session.get(AdditionalWork, addition_id)
    if addition is None or addition.order_id != order.id:
        raise NotFound(N_("There is no such request."))
    return addition


def price(
    addition: AdditionalWork,
    operations: Sequence[Operation],
    *,
    by: User,
    at: datetime,
    despite: str = "",
) -> Quotation:
    """The advisor prices the request from the catalogue, with its usual parts and a new promise.

    The customer's answer is given on the quotation. Raises RuleBroken when it has been priced,
    Invalid when something is doubtful and no reason `despite` it is given.
    """
    staff.require_permission(by, Permission.QUOTE)
    _require_requested(addition)
    offer = quotation.make_addition(
        addition.order,
        operations,
        reason=addition.finding,
        urgency=addition.urgency,
        by=by,
        at=at,
        photo_id=addition.photo_id,
        despite=despite,
    )
    addition.quotation = offer
    addition.priced_at = at
    session.flush()
    audit.write(by, "repair.price_addition", addition, at, quotation=offer.no)
    return offer


def dismiss(addition: AdditionalWork, reason: str, *, by: User, at: datetime) -> None:
    """The advisor does not offer it to the customer, and says why."""
    staff.require_permission(by, Permission.QUOTE)
    _require_requested(addition)
    if not reason.strip():
        raise Invalid(N_("Say why it is not offered."), field="reason")
    addition.dismissed_at = at
    addition.dismissed_by_id = by.id
    addition.dismiss_reason = reason.strip()
    session.flush()
    audit.write(by, "repair.dismiss_addition", addition, at, reason=reason.strip())
    if work.has_nothing_left(addition.order):
        work.send_to_check(addition.order, by=by, at=at)
    orders.announce(addition.order, at)


def _require_requested(addition: AdditionalWork) -> None:
    # Two advisors who press at once: the second waits here and is refused.
    orders.lock(addition.order)
    session.refresh(addition)
    if addition.state is not AdditionState.REQUESTED:
        raise RuleBroken(
            N_("This request is “%(state)s” already."), code="state", state=addition.state
        )
