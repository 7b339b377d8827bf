"""Taking work off a signed order, at the customer's word: asked by link, or agreed at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from workshop import db
from workshop.db import session
from workshop.errors import N_, Invalid, RuleBroken, require
from workshop.orders import history
from workshop.orders import service as orders
from workshop.orders.models import AttachmentKind, DeferredWork, RepairOrder, Urgency
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.parts import dropping
from workshop.steps.quotation import answers
from workshop.steps.quotation.taking_off import queries as taking_off
from workshop.steps.quotation.taking_off.models import TakeOff, TakeOffLine
from workshop.steps.quotation.taking_off.rules import TakeOffState
from workshop.steps.repair import queries
from workshop.steps.repair.changing import foresight, gates, stopping
from workshop.steps.repair.changing.foresight import Change, Choice, Wish

# While the page is open the clock runs on; the price that was shown counts so long.
HOLDS_MINUTES = 30


@dataclass(frozen=True)
class Wanted:
    """What the customer wants no more, and why; `wishes` by the id of each line.

    With `stops` nothing more is done at all; what was done is then `checked`, or `no_check_reason`
    says why not. `waive_reason` says why something that was done is not billed.
    """

    wishes: Mapping[int, Wish]
    reason: str
    waive_reason: str = ""
    stops: bool = False
    checked: bool = True
    no_check_reason: str = ""


def take_off(
    order: RepairOrder,
    wanted: Wanted,
    answer: answers.Answer,
    *,
    shown_at: datetime,
    shown_fen: int | None = None,
    by: User,
    at: datetime,
) -> TakeOff:
    """The customer has agreed, here or on the phone: the work is off, with all that hangs on it.

    `shown_at` and `shown_fen` are when and with what total the page showed it. Raises NotAllowed
    without the right, RuleBroken when the work went on meanwhile, Invalid when a reason or the
    proof is missing.
    """
    _lock(order)
    if at - shown_at > timedelta(minutes=HOLDS_MINUTES):
        raise _moved_on()
    version = _put(order, wanted, shown_at, shown_fen, by)
    _agree(version, answer, by, at)
    return version


def ask(
    order: RepairOrder,
    wanted: Wanted,
    *,
    shown_at: datetime,
    shown_fen: int | None = None,
    by: User,
    at: datetime,
) -> TakeOff:
    """Put the new version to the customer's link; nothing changes before they sign."""
    _lock(order)
    version = _put(order, wanted, shown_at, shown_fen, by)
    audit.write(by, "repair.ask_take_off", version, at, after_fen=version.after_fen)
    orders.announce(order, at)
    return version


def agree(version: TakeOff, answer: answers.Answer, *, by: User | None, at: datetime) -> None:
    """The customer signs what they were asked: for the price that they were shown."""
    _lock(version.order)
    db.reread(version)
    if not version.is_asked:
        raise RuleBroken(N_("This was answered already."), code="answered")
    _agree(version, answer, by, at)


def drop(version: TakeOff, *, by: User, at: datetime) -> None:
    """The customer is not asked any more: the work stays as it was authorised."""
    gates.require_right(by)
    _lock(version.order)
    db.reread(version)
    if not version.is_asked:
        raise RuleBroken(N_("This was answered already."), code="answered")
    version.state = TakeOffState.DROPPED
    session.flush()
    audit.write(by, "repair.drop_take_off", version, at)
    orders.announce(version.order, at)


def _lock(order: RepairOrder) -> None:
    orders.lock(order)
    for job in queries.list_jobs(order):
        db.reread(job)


def _put(
    order: RepairOrder, wanted: Wanted, priced_at: datetime, shown_fen: int | None, by: User
) -> TakeOff:
    gates.require_right(by)
    change = _foresee(order, wanted, priced_at)
    _require_reasons(wanted, change, by)
    if shown_fen is not None and shown_fen != change.after_fen:
        raise _moved_on()
    earlier = taking_off.find_asked(order)
    if earlier is not None:
        earlier.state = TakeOffState.DROPPED
        session.flush()
    version = TakeOff(
        order_id=order.id,
        version_no=_next_no(order),
        stops=change.stops,
        reason=wanted.reason.strip()[:200],
        no_check_reason="" if wanted.checked else wanted.no_check_reason.strip()[:200],
        wanted=_written(wanted, by),
        before_fen=change.before_fen,
        after_fen=change.after_fen,
        promise_at=change.promise_at,
        asked_at=priced_at,
        asked_by_id=by.id,
    )
    version.order = order
    session.add(version)
    session.flush()
    return version


def _foresee(order: RepairOrder, wanted: Wanted, priced_at: datetime) -> Change:
    change = foresight.foresee(order, wanted.wishes, priced_at, stops=wanted.stops)
    gate = gates.missing_to_stop if change.stops else gates.missing_to_take_off
    require(gate(order))
    if len(change.off) < len(wanted.wishes):
        raise _moved_on()
    if not change.off and not wanted.stops:
        raise Invalid(N_("Choose what is taken off."), field="take")
    return change


def _moved_on() -> RuleBroken:
    return RuleBroken(
        N_("The work went on meanwhile. Look at what it costs now, and ask the customer again."),
        code="moved_on",
    )


def _require_reasons(wanted: Wanted, change: Change, by: User) -> None:
    if not wanted.reason.strip():
        raise Invalid(N_("Say why the work is taken off."), field="reason")
    if change.waived_fen:
        staff.require_permission(by, Permission.DISCOUNT)
        if not wanted.waive_reason.strip():
            raise Invalid(N_("Say why it is not billed."), field="waive_reason")
    if change.stops and not wanted.checked and not wanted.no_check_reason.strip():
        raise Invalid(N_("Say why nobody checks what was done."), field="no_check_reason")


def _next_no(order: RepairOrder) -> int:
    """The signed quotation is version 1 of the authorisation."""
    query = select(sa.func.max(TakeOff.version_no)).where(TakeOff.order_id == order.id)
    return (session.scalar(query) or 1) + 1


def _written(wanted: Wanted, by: User) -> dict[str, Any]:
    lines = {
        str(line_id): {"billed": wish.billed, "fitted": {str(k): v for k, v in wish.fitted.items()}}
        for line_id, wish in wanted.wishes.items()
    }
    return {"lines": lines, "waive_reason": wanted.waive_reason.strip()[:200], "by": by.id}


def wishes_of(version: TakeOff) -> dict[int, Wish]:
    """What was put to the customer, as it is asked of the foresight."""
    return {
        int(line_id): Wish(each["billed"], {int(k): v for k, v in each["fitted"].items()})
        for line_id, each in version.wanted["lines"].items()
    }


def _agree(version: TakeOff, answer: answers.Answer, by: User | None, at: datetime) -> None:
    order = version.order
    wanted = Wanted(wishes_of(version), version.reason, stops=version.stops)
    change = _foresee(order, wanted, version.asked_at)
    _sign(version, answer, by, at)
    who = by or order.advisor
    for choice in change.off:
        _take_off(version, choice, who, at)
    _write_reason(order, change, version, at)
    if change.stops:
        _tell_promise(version, change, who, at)
        stopping.end_order(order, version.no_check_reason, by=who, at=at)
    else:
        stopping.go_on(order, by=who, at=at)
        _tell_promise(version, change, who, at)
    told = {"before_fen": version.before_fen, "after_fen": version.after_fen}
    waived = {"waived_fen": change.waived_fen} if change.waived_fen else {}
    action = "repair.stop_order" if change.stops else "repair.take_off"
    audit.write(by, action, version, at, reason=version.reason, **told, **waived)
    orders.announce(order, at)


def _sign(version: TakeOff, answer: answers.Answer, by: User | None, at: datetime) -> None:
    order = version.order
    signer = answers.signer_of(order, answer)
    if answer.signature is not None:
        kept = orders.add_attachment(
            order,
            answer.signature,
            AttachmentKind.SIGNATURE,
            at=at,
            by=by,
            caption=f"{order.no}-{version.version_no} {signer}"[:200],
        )
        version.signature_id = kept.id
    version.signer_name, version.channel = signer, answer.channel
    version.evidence, version.device = answer.evidence.strip()[:200], answer.device[:300]
    version.authority = answers.authority_of(order, answer)
    version.taken_by_id = by.id if by else None
    version.state, version.agreed_at = TakeOffState.AGREED, at
    session.flush()


def _take_off(version: TakeOff, choice: Choice, by: User, at: datetime) -> None:
    if choice.job is not None:
        done = sum(each.done for each in choice.fates if each.line.is_labour)
        stopping.take_line(choice.job, choice.id, done, by=by, at=at)
    kept = {each.line.id: each.done for each in choice.fates if each.line.is_part}
    lines = [each.line for each in choice.fates if each.line.is_part]
    dropping.let_go(version.order, lines, kept, by=by, at=at)
    for fate in choice.fates:
        session.add(
            TakeOffLine(
                take_off_id=version.id,
                quotation_line_id=fate.line.id,
                done=fate.done,
                done_fen=fate.done_fen,
                billed_fen=fate.billed_fen,
                waived_by_id=version.wanted["by"] if fate.waived_fen else None,
                waive_reason=version.wanted["waive_reason"] if fate.waived_fen else "",
            )
        )
    session.flush()


def _write_reason(order: RepairOrder, change: Change, version: TakeOff, at: datetime) -> None:
    """What the customer does not want now is kept for the next visit (domain.md step 3)."""
    for choice in change.off:
        head = choice.group.head
        earlier = session.get(DeferredWork, head.deferred_id) if head.deferred_id else None
        if earlier is not None:
            earlier.sold_order_id = None
        elif head.is_labour:
            history.add_deferred(
                order,
                title=head.title_zh,
                urgency=head.urgency or Urgency.YELLOW,
                reason=version.reason,
                price_fen=choice.group.total_fen,
                operation_id=head.operation_id,
                at=at,
            )


def _tell_promise(version: TakeOff, change: Change, by: User, at: datetime) -> None:
    order, promise_at = version.order, change.promise_at
    if promise_at is None or promise_at == order.promised_at or promise_at <= at:
        return
    assert version.channel is not None  # It has just been signed.
    reason, how = N_("Work was taken off"), version.channel.label
    orders.follow_promise(order, promise_at, reason=reason, told_how=how, by=by, at=at)
