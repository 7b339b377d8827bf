"""Offering, signing, declining and renewing a quotation; additional work asked for on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from workshop import events
from workshop.catalogue.models import Operation
from workshop.db import session
from workshop.errors import N_, Invalid, RuleBroken, require
from workshop.orders import service as orders
from workshop.orders.flow import Action, Stage, permits
from workshop.orders.models import OrderChanged, RepairOrder, Urgency
from workshop.orders.signed import names as signed
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.quotation import (
    after_signing,
    answers,
    draft,
    gates,
    lines,
    promise,
    queries,
)
from workshop.steps.quotation.fit import gates as fit
from workshop.steps.quotation.models import (
    ConsentChannel,
    LineKind,
    Quotation,
    QuotationKind,
    QuotationState,
)
from workshop.steps.quotation.pricing import partless
from workshop.stock.models import Part


def offer(
    order: RepairOrder,
    *,
    by: User,
    at: datetime,
    seen_version: int | None = None,
    without_parts: bool = False,
    despite: str = "",
) -> Quotation:
    """Offer the order's draft to the customer, with the earliest time that can be kept.

    Raises RuleBroken when it is empty or nobody can do the work, and when the shop has no part of
    a kind that the work needs unless it is said to be offered `without_parts`; Invalid when
    something is doubtful and no reason `despite` it is given; Conflict on a stale page.
    """
    staff.require_permission(by, Permission.QUOTE)
    require(gates.missing_to_offer(order))
    quotation = queries.find_draft(order)
    assert quotation is not None  # The gate has seen it.
    draft.check_version(quotation, seen_version)
    orders.require_stage(order, _writing(quotation))
    missing = partless.list_kinds(quotation)
    partless.refuse_unsaid(missing, without_parts)
    doubts = fit.require_reason(quotation, despite)
    _set_promise(quotation, at)
    quotation.state = QuotationState.OFFERED
    quotation.offered_at, quotation.offered_by_id = at, by.id
    if quotation.is_main and order.stage is Stage.INSPECTED:
        order.move_to(Stage.QUOTED, by, at)
    doubts |= {"without": [kind.code for kind in missing]} if missing else {}
    audit.write(by, "quotation.offer", quotation, at, total_fen=quotation.total_fen, **doubts)
    _tell(quotation, at)
    return quotation


def _writing(quotation: Quotation) -> Action:
    return Action.EDIT_QUOTATION if quotation.is_main else Action.ADD_WORK


def _set_promise(quotation: Quotation, at: datetime) -> None:
    order = quotation.order
    earliest = promise.find_earliest(order, queries.list_lines(quotation), at)
    quotation.offered_promise_at, quotation.promise_why = earliest.promise_at, earliest.why
    promised_at = None if quotation.is_main else order.promised_at
    if promised_at is not None and promised_at >= earliest.promise_at:
        quotation.offered_promise_at = promised_at
        quotation.promise_why = {**earliest.why, "keeps": True}


def _tell(quotation: Quotation, at: datetime) -> None:
    order = quotation.order
    session.flush()
    events.record(answers.QuotationOffered(quotation.id, order.id, order.branch_id, at))
    events.record(OrderChanged(order.id, order.branch_id, at))


def renew_promise(quotation: Quotation, *, by: User | None, at: datetime) -> None:
    """Compute the offered time again; the prices stay as they were offered."""
    answers.require_offered(quotation)
    _set_promise(quotation, at)
    audit.write(by, "quotation.renew_promise", quotation, at)
    _tell(quotation, at)


def authorise(
    quotation: Quotation,
    decisions: Mapping[int, bool],
    *,
    by: User | None,
    at: datetime,
    signer_name: str = "",
    signature: bytes | None = None,
    channel: ConsentChannel = ConsentChannel.IN_PERSON,
    evidence: str = "",
    device: str = "",
    authority: str = "",
    decline_reasons: Mapping[int, str] | None = None,
    seen_version: int | None = None,
    agreed_fen: int | None = None,
) -> Quotation:
    """Sign the service authorisation: the order is authorised and its jobs are made.

    `decisions` says yes or no to each line by id; parts follow the operation they hang on. `by` is
    the advisor, or None when the customer signs alone. Raises Invalid when a line is undecided or
    the signature is missing, RuleBroken when nothing is accepted or the offered time cannot be
    kept any more, Conflict on a stale page. Signed is frozen (R13, step 3 rules).
    """
    if not quotation.is_main:
        raise RuleBroken(N_("Additional work is answered apart."), code="kind")
    answer = answers.Answer(signer_name, signature, channel, evidence, device, authority)
    answers.may_answer(quotation, answer, by, seen_version)
    orders.require_stage(quotation.order, Action.AUTHORISE)
    accepted, declined = answers.decide(quotation, decisions, decline_reasons or {}, agreed_fen)
    if not any(group.head.kind is LineKind.LABOUR for group in accepted):
        raise RuleBroken(
            N_("Accept at least one operation, or decline the whole quotation."), code="nothing"
        )
    answers.set_going(quotation, accepted, declined, by, at)
    answers.sign(quotation, answer, by, at)
    _authorise_order(quotation, by, at)
    return quotation


def _authorise_order(quotation: Quotation, by: User | None, at: datetime) -> None:
    order = quotation.order
    offered_at = quotation.offered_promise_at
    assert offered_at is not None  # An offer carries its time.
    order.move_to(Stage.AUTHORISED, by, at)
    order.authorised_at = at
    if order.first_promised_at is None:
        orders.promise(order, offered_at)
    else:
        answers.move_promise(quotation, offered_at, N_("New version of the quotation"), by, at)
    events.record(OrderChanged(order.id, order.branch_id, at))


def decline(
    quotation: Quotation,
    reason: str,
    *,
    by: User | None,
    at: datetime,
    seen_version: int | None = None,
) -> None:
    """The customer wants nothing of the offer; the lines stay as deferred work.

    The order becomes declined; what is refused on the way (an addition) changes no stage.
    """
    if by is not None:
        staff.require_permission(by, Permission.QUOTE)
    answers.require_offered(quotation)
    draft.check_version(quotation, seen_version)
    groups = queries.list_groups(quotation)
    answers.decide(
        quotation,
        {group.head.id: False for group in groups},
        {group.head.id: reason for group in groups},
    )
    after_signing.note_declined(quotation, groups, at)
    session.flush()
    quotation.state = QuotationState.DECLINED
    quotation.decline_reason = reason.strip()[:200]
    quotation.taken_by_id = by.id if by else None
    quotation.channel = ConsentChannel.IN_PERSON if by else ConsentChannel.LINK
    quotation.signed_at = at
    order = quotation.order
    signed.keep(order, at)
    if quotation.is_main:
        after_signing.release_appointment(order, at)
        order.move_to(Stage.DECLINED, by, at, reason.strip())
    audit.write(by, "quotation.decline", quotation, at, reason=reason)
    events.record(answers.QuotationAnswered(quotation.id, order.id, order.branch_id, False, at))
    events.record(OrderChanged(order.id, order.branch_id, at))


def describe_addition(
    quotation: Quotation, reason: str, urgency: Urgency | None, *, seen_version: int | None = None
) -> None:
    """Write into a draft addition what was found and how urgent it is."""
    draft.check_version(quotation, seen_version)
    draft.require_draft(quotation)
    if not reason.strip():
        raise Invalid(N_("Say what was found, so that the customer can decide."), field="reason")
    quotation.reason, quotation.urgency = reason.strip(), urgency
    draft.touch(quotation)


def make_addition(
    order: RepairOrder,
    operations: Sequence[Operation],
    parts: Sequence[tuple[Part, int]] = (),
    *,
    reason: str,
    urgency: Urgency | None,
    by: User,
    at: datetime,
    usual_parts: bool = True,
    photo_id: int | None = None,
    despite: str = "",
) -> Quotation:
    """Ask the customer for additional work: price, time and why, offered at once.

    `parts` are (part, quantity in thousandths) on top of what the operations usually need; they
    hang on the first operation; `despite` is as in `offer`. Nothing is done before the answer.
    """
    staff.require_permission(by, Permission.REQUEST_ADDITION)
    orders.require_stage(order, Action.ADD_WORK)
    if not operations:
        raise Invalid(N_("Choose at least one operation."), field="operations")
    if not reason.strip():
        raise Invalid(N_("Say what was found, so that the customer can decide."), field="reason")
    addition = draft.begin(order, QuotationKind.ADDITION, by=by, at=at)
    addition.reason, addition.urgency, addition.photo_id = reason.strip(), urgency, photo_id
    extra = {part.id: milli for part, milli in parts}
    for number, operation in enumerate(operations):
        lines.add_operation(
            addition,
            operation,
            at=at,
            extra=extra if number == 0 else None,
            usual_parts=usual_parts,
            urgency=urgency,
        )
    doubts = fit.require_reason(addition, despite)
    _set_promise(addition, at)
    addition.state = QuotationState.OFFERED
    addition.offered_at, addition.offered_by_id = at, by.id
    audit.write(by, "quotation.make_addition", addition, at, total_fen=addition.total_fen, **doubts)
    _tell(addition, at)
    return addition


def answer_addition(
    quotation: Quotation,
    decisions: Mapping[int, bool],
    *,
    channel: ConsentChannel,
    by: User | None,
    at: datetime,
    evidence: str = "",
    signer_name: str = "",
    signature: bytes | None = None,
    device: str = "",
    authority: str = "",
    decline_reasons: Mapping[int, str] | None = None,
    seen_version: int | None = None,
    agreed_fen: int | None = None,
) -> Quotation:
    """Record the customer's answer to additional work, for its price and its time.

    Accepted lines become jobs and move the promise; declined ones become deferred work. Raises
    Invalid when a line is undecided or the proof is missing: a signature or a typed name, on the
    phone a note who said so and when.
    """
    if quotation.is_main:
        raise RuleBroken(N_("This is no additional work."), code="kind")
    answer = answers.Answer(signer_name, signature, channel, evidence, device, authority)
    answers.may_answer(quotation, answer, by, seen_version)
    orders.require_stage(quotation.order, Action.CHANGE_PROMISE)
    accepted, declined = answers.decide(quotation, decisions, decline_reasons or {}, agreed_fen)
    answers.set_going(quotation, accepted, declined, by, at)
    answers.sign(quotation, answer, by, at)
    if accepted:
        _plan_again(quotation.order, by, at)
    if accepted and quotation.offered_promise_at is not None:
        reason = N_("Additional work was agreed")
        answers.move_promise(quotation, quotation.offered_promise_at, reason, by, at)
    order = quotation.order
    events.record(OrderChanged(order.id, order.branch_id, at))
    return quotation


def _plan_again(order: RepairOrder, by: User | None, at: datetime) -> None:
    """Added work needs a place; while cars are worked on, the board shows it by itself."""
    if order.stage is not Stage.AUTHORISED and not permits(order.stage, Action.SEND_TO_CHECK):
        order.move_to(Stage.AUTHORISED, by, at, N_("Additional work was agreed"))
