"""The customer's answer: each line decided, who signed, and what that sets going."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from workshop import events
from workshop.customers.contacts import queries as contacts
from workshop.db import session
from workshop.errors import N_, Invalid, RuleBroken
from workshop.orders import service as orders
from workshop.orders.models import AttachmentKind, RepairOrder
from workshop.orders.signed import names as signed
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.quotation import after_signing, draft, promise, queries
from workshop.steps.quotation.models import ConsentChannel, Decision, Quotation, QuotationState
from workshop.steps.quotation.pricing import taken_apart
from workshop.steps.quotation.queries import Group
from workshop.stock.models import Part

# An offer that was right when it was made: time or shelf have changed since.
OVERTAKEN = ("promise_late", "part_taken")


@dataclass(frozen=True)
class QuotationOffered(events.Event):
    """The customer has something to decide."""

    quotation_id: int
    order_id: int
    branch_id: int
    at: datetime


@dataclass(frozen=True)
class QuotationAnswered(events.Event):
    """The customer has signed, or declined."""

    quotation_id: int
    order_id: int
    branch_id: int
    is_accepted: bool
    at: datetime


@dataclass(frozen=True)
class Answer:
    """How the customer answered: who, by which way, and what proves it.

    `signature` is a PNG, drawn or made of the typed name; `evidence` says who said what when, for
    a telephone; `device` is the browser's own description; `authority` why somebody agrees whom the
    company has not named for it.
    """

    signer_name: str = ""
    signature: bytes | None = None
    channel: ConsentChannel = ConsentChannel.IN_PERSON
    evidence: str = ""
    device: str = ""
    authority: str = ""


def may_answer(
    quotation: Quotation, answer: Answer, by: User | None, seen_version: int | None
) -> None:
    """Refuse who may not answer, what was not offered, a stale page, and a missing proof."""
    if by is not None:
        staff.require_permission(by, Permission.QUOTE)
    require_offered(quotation)
    draft.check_version(quotation, seen_version)
    signer_of(quotation.order, answer)


def require_offered(quotation: Quotation) -> None:
    """Raise RuleBroken unless the quotation waits for the customer's answer."""
    if quotation.state is not QuotationState.OFFERED:
        raise RuleBroken(
            N_("This version is “%(state)s”; only an offered one can be answered."),
            code="not_offered",
            state=quotation.state,
        )


def decide(
    quotation: Quotation,
    decisions: Mapping[int, bool],
    reasons: Mapping[int, str],
    agreed_fen: int | None = None,
) -> tuple[list[Group], list[Group]]:
    """Write the customer's word on each line; accepted and declined groups.

    A package that is taken in part ends: see `taken_apart.end` for `agreed_fen`.
    """
    groups = queries.list_groups(quotation)
    if any(group.head.id not in decisions for group in groups):
        raise Invalid(N_("Accept or decline each line."), field="decisions")
    taken_apart.end(quotation, groups, decisions, agreed_fen)
    for group in groups:
        yes = decisions[group.head.id]
        for line in group.lines:
            line.decision = Decision.ACCEPTED if yes else Decision.DECLINED
        group.head.decline_reason = "" if yes else reasons.get(group.head.id, "").strip()[:200]
    return (
        [group for group in groups if decisions[group.head.id]],
        [group for group in groups if not decisions[group.head.id]],
    )


def set_going(
    quotation: Quotation,
    accepted: Sequence[Group],
    declined: Sequence[Group],
    by: User | None,
    at: datetime,
) -> None:
    """Make jobs of what was accepted, keep its parts; deferred work of what was declined.

    Raises RuleBroken when the offered time cannot be kept any more, or when a part was on the
    shelf when it was offered and somebody else has taken the last of it.
    """
    after_signing.note_declined(quotation, declined, at)
    if not accepted:
        return
    wanted = [line for group in accepted for line in group.lines]
    after_signing.see_shelf(quotation, wanted, by, at)
    earliest = promise.find_earliest(quotation.order, wanted, at)
    _refuse_taken(quotation, promise.find_short(quotation.order.branch, wanted, at))
    _refuse_late(quotation, earliest.promise_at)
    after_signing.make_jobs(quotation, accepted, earliest, at)
    after_signing.reserve_parts(quotation, wanted, by, at)
    after_signing.note_sold(quotation.order, accepted)


def _refuse_taken(quotation: Quotation, short: Sequence[tuple[Part, date | None]]) -> None:
    told = set(quotation.promise_why.get("short", ()))
    taken = [(part, day) for part, day in short if part.id not in told]
    if taken:
        raise RuleBroken(
            N_("Somebody else has taken the last of: %(parts)s. More arrives on %(day)s."),
            code="part_taken",
            parts=[part for part, _ in taken],
            day=max((day for _, day in taken if day is not None), default=None),
        )


def _refuse_late(quotation: Quotation, promise_at: datetime) -> None:
    offered_at = quotation.offered_promise_at
    if offered_at is None or promise_at > offered_at + timedelta(minutes=promise.HOLDS_MINUTES):
        raise RuleBroken(
            N_("The offered time %(offered)s cannot be kept any more; now it would be %(now)s."),
            code="promise_late",
            offered=offered_at,
            now=promise_at,
        )


def sign(quotation: Quotation, answer: Answer, by: User | None, at: datetime) -> None:
    """Keep who signed, how and when. Comes last: from here on the database freezes the lines."""
    signer = signer_of(quotation.order, answer)
    if answer.signature is not None:
        attachment = orders.add_attachment(
            quotation.order,
            answer.signature,
            AttachmentKind.SIGNATURE,
            at=at,
            by=by,
            caption=f"{quotation.no}-{quotation.version_no} {signer}"[:200],
        )
        quotation.signature_id = attachment.id
    session.flush()
    accepted = any(line.decision is Decision.ACCEPTED for line in queries.list_lines(quotation))
    quotation.signer_name, quotation.channel = signer, answer.channel
    quotation.evidence, quotation.device = answer.evidence.strip()[:200], answer.device[:300]
    quotation.authority = authority_of(quotation.order, answer)
    quotation.taken_by_id = by.id if by else None
    quotation.state = QuotationState.SIGNED if accepted else QuotationState.DECLINED
    quotation.signed_at = at
    signed.keep(quotation.order, at)
    session.flush()
    why = {"authority": quotation.authority} if quotation.authority else {}
    audit.write(by, "quotation.answer", quotation, at, accepted=accepted, signer=signer, **why)
    order = quotation.order
    events.record(QuotationAnswered(quotation.id, order.id, order.branch_id, accepted, at))


def signer_of(order: RepairOrder, answer: Answer) -> str:
    """Who answered; a signature or a typed name is needed, or on the phone a note.

    For a company it is somebody whom it has named for it, or the answer says why not.
    """
    signer = _signer_of(order, answer)
    if not contacts.may_agree(order.customer, signer) and not answer.authority.strip():
        raise Invalid(
            N_(
                "The company has not named this person to agree to work. Let one of those agree "
                "whom it has named, or say why this one may."
            ),
            field="authority",
            code="authority",
        )
    return signer


def authority_of(order: RepairOrder, answer: Answer) -> str:
    """Why somebody agreed whom the company has not named for it; else empty."""
    named = contacts.may_agree(order.customer, signer_of(order, answer))
    return "" if named else answer.authority.strip()[:200]


def _signer_of(order: RepairOrder, answer: Answer) -> str:
    name = answer.signer_name.strip()[:80]
    if answer.channel is ConsentChannel.PHONE:
        if not answer.evidence.strip():
            raise Invalid(N_("Note who said so on the phone, and when."), field="evidence")
        return name or order.bringer_name
    if answer.signature is None and not name:
        raise Invalid(N_("The signature is missing: draw it or type the name."), field="signature")
    return name or order.bringer_name or order.customer.name


def move_promise(
    quotation: Quotation, promised_at: datetime, reason: str, by: User | None, at: datetime
) -> None:
    """The customer agreed to another time with the answer; the first promise stays on record."""
    order = quotation.order
    if promised_at == order.promised_at or promised_at <= at:
        return
    channel = quotation.channel or ConsentChannel.IN_PERSON
    orders.change_promise(
        order,
        promised_at,
        reason=reason,
        told_how=channel.label,
        by=by or order.advisor,
        at=at,
    )
