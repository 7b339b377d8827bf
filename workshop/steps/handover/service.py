"""From the wash to the moment the customer drives off: each act at its own time."""

from __future__ import annotations

from datetime import date, datetime

from workshop import events
from workshop.cases import service as cases
from workshop.cases.models import CaseTopic
from workshop.customers.models import Channel
from workshop.db import session
from workshop.errors import N_, Invalid, RuleBroken, require
from workshop.orders import service as orders
from workshop.orders.flow import Action, Stage, permits
from workshop.orders.models import OrderChanged, RepairOrder
from workshop.shop import calendar
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.handover import gates, queries, rules, snapshots
from workshop.steps.handover.models import Handover, HandoverCheck, ReadyNotice, Wash
from workshop.steps.quotation import diagnosis
from workshop.steps.quotation.answers import Answer
from workshop.web import versions


def finish_wash(order: RepairOrder, *, by: User, at: datetime) -> Wash:
    """The car is washed, so it is ready. While the bill is open its stage stays.

    Raises RuleBroken when the car does not wait for a wash.
    """
    staff.require_permission(by, Permission.WASH)
    orders.lock(order)
    orders.require_stage(order, Action.FINISH_WASH)
    if order.ready_at is not None:
        raise RuleBroken(N_("This car is washed already."), code="washed")
    wash = Wash(order_id=order.id, finished_at=at, by_id=by.id)
    session.add(wash)
    _make_ready(order, by, at)
    audit.write(by, "handover.finish_wash", wash, at)
    return wash


def _make_ready(order: RepairOrder, by: User, at: datetime) -> None:
    order.ready_at = at
    if order.stage is Stage.SETTLEMENT:
        events.record(OrderChanged(order.id, order.branch_id, at))
    else:
        order.move_to(Stage.READY, by, at)


def release_declined(order: RepairOrder, *, by: User, at: datetime) -> None:
    """Let a car go whose quotation was declined: it is ready, and no work was done.

    Raises RuleBroken for every other order.
    """
    staff.require_permission(by, Permission.DELIVER)
    orders.lock(order)
    if order.stage is not Stage.DECLINED:
        raise RuleBroken(N_("Only a declined order leaves without a bill."), code="not_declined")
    _make_ready(order, by, at)
    audit.write(by, "handover.release_declined", order, at)


def charge_diagnosis(
    order: RepairOrder,
    price_fen: int,
    *,
    signer_name: str = "",
    signature: bytes | None = None,
    authority: str = "",
    by: User,
    at: datetime,
) -> None:
    """The customer declined the work and signs for the diagnosis: the car is ready, the bill due.

    Raises what `diagnosis.charge` raises.
    """
    answer = Answer(signer_name, signature, authority=authority)
    diagnosis.charge(order, price_fen, answer, by=by, at=at)
    release_declined(order, by=by, at=at)


def tell_ready(
    order: RepairOrder,
    channel: Channel,
    *,
    reached: bool,
    note: str = "",
    by: User,
    at: datetime,
) -> ReadyNotice:
    """Note that the customer was told that the car is ready, or could not be reached."""
    begin_record(order, by)
    if order.ready_at is None:
        raise RuleBroken(N_("The car is not ready yet."), code="not_ready")
    notice = ReadyNotice(
        order_id=order.id, at=at, channel=channel, reached=reached, note=note.strip(), by_id=by.id
    )
    session.add(notice)
    audit.write(by, "handover.tell_ready", notice, at, reached=reached)
    return notice


def begin_record(order: RepairOrder, by: User) -> None:
    """Lock the order and refuse what belongs to no handover that is being prepared."""
    staff.require_permission(by, Permission.DELIVER)
    orders.lock(order)
    if order.delivered_at is not None:
        raise RuleBroken(N_("The car is handed over already."), code="delivered")
    if not permits(order.stage, Action.PREPARE_HANDOVER):
        raise RuleBroken(
            N_("“%(action)s” is not possible while the order is “%(stage)s”."),
            code="stage",
            action=Action.HAND_OVER,
            stage=order.stage,
        )


def record_of(order: RepairOrder) -> Handover:
    """The delivery record of the order; begins one when there is none."""
    record = queries.find_handover(order)
    if record is None:
        record = Handover(order_id=order.id)
        session.add(record)
    return record


def tick(order: RepairOrder, item: str, *, by: User, at: datetime) -> HandoverCheck:
    """Tick one line of the checklist, each with its own time; a second tick changes nothing."""
    begin_record(order, by)
    known = queries.list_checks(order).get(item)
    if known is not None:
        return known
    asked = queries.get_item(item)
    if not queries.is_asked(order, asked):
        raise RuleBroken(N_("This does not apply to the order."), code="item")
    check = HandoverCheck(
        order_id=order.id, item=str(item), asked_id=asked.id, checked_at=at, by_id=by.id
    )
    session.add(check)
    audit.write(by, "handover.tick", check, at, item=str(item))
    return check


def take_back(order: RepairOrder, item: str, *, by: User, at: datetime) -> None:
    """Take back a tick that was a slip of the finger; the line stays in the history."""
    begin_record(order, by)
    check = queries.list_checks(order).get(item)
    if check is not None:
        check.taken_back_at, check.taken_back_by_id = at, by.id
        audit.write(by, "handover.take_back", check, at, item=str(item))


def record_walkround(
    order: RepairOrder,
    new_damage: bool | None,
    note: str,
    *,
    seen: str | None = None,
    by: User,
    at: datetime,
) -> None:
    """The second walk round the car, compared with the first.

    New damage needs words and opens a case, for it was done while the car was here. Raises Invalid
    without an answer or words, Conflict for a stale page (`seen` is its mark).
    """
    begin_record(order, by)
    if new_damage is None:
        raise Invalid(N_("Say whether there is new damage."), field="new_damage")
    if new_damage and not note.strip():
        raise Invalid(
            N_("Describe the new damage and what was agreed about it."), field="damage_note"
        )
    words = note.strip() if new_damage else ""
    record = record_of(order)
    known = snapshots.walk_now(record)
    versions.refuse_stale(seen, known, snapshots.walk(new_damage, words))
    if words and known != snapshots.walk(new_damage, words):
        day = calendar.local_day(order.branch, at)
        cases.report(order, words, topic=CaseTopic.QUALITY, day=day, by=by, at=at)
    record.new_damage, record.damage_note = new_damage, words
    record.walked_at, record.walked_by_id = at, by.id
    audit.write(by, "handover.walkround", record, at, new_damage=new_damage)


def record_next_service(
    order: RepairOrder,
    mileage_km: int | None,
    due_on: date | None,
    due_km: int | None,
    reminders: str,
    *,
    today: date,
    seen: str | None = None,
    by: User,
    at: datetime,
) -> None:
    """When the car is due again, by date and mileage, and what the customer should mind.

    `mileage_km` is what the odometer shows now. Raises Invalid for a missing or past value,
    Conflict for a stale page.
    """
    begin_record(order, by)
    least = max(order.mileage_km or 0, order.vehicle.mileage_km or 0)
    if mileage_km is None or mileage_km < least:
        raise Invalid(
            N_("Enter the mileage now; the car came in with %(km)s km."),
            field="mileage_km",
            km=least,
        )
    if due_on is None or due_on <= today:
        raise Invalid(N_("The next service lies in the future."), field="due_on")
    if due_km is None or due_km <= mileage_km:
        raise Invalid(N_("The next service is due above the mileage now."), field="due_km")
    record = record_of(order)
    yours = snapshots.next_service(mileage_km, due_on, due_km, reminders)
    versions.refuse_stale(seen, snapshots.next_service_now(record), yours)
    record.mileage_km, record.next_due_on, record.next_due_km = mileage_km, due_on, due_km
    record.reminders, record.next_told_at = reminders.strip(), at
    audit.write(by, "handover.next_service", record, at, due_on=due_on.isoformat(), due_km=due_km)


def record_followup(
    order: RepairOrder,
    wished_at: datetime | None,
    channel: Channel | None,
    refused: str,
    *,
    seen: str | None = None,
    by: User,
    at: datetime,
) -> None:
    """When and how the customer wants to be asked, or why not at all.

    Raises Invalid when neither is said, or for a time that is not 24–72 h ahead (P13), Conflict
    for a stale page.
    """
    begin_record(order, by)
    record = record_of(order)
    if refused.strip():
        wished_at, channel = None, None
    elif wished_at is None or channel is None:
        raise Invalid(
            N_("Agree on a time and a channel, or write down why not."), field="followup_day"
        )
    elif not rules.is_time_to_call(wished_at, delivered_at=at):
        raise Invalid(
            N_("The follow-up comes 24 to 72 hours after the handover."), field="followup_day"
        )
    yours = snapshots.followup(wished_at, channel, refused)
    versions.refuse_stale(seen, snapshots.followup_now(record), yours)
    record.followup_wished_at, record.followup_channel = wished_at, channel
    record.followup_refused, record.followup_asked_at = refused.strip(), at
    audit.write(by, "handover.followup", record, at, refused=bool(refused.strip()))


def require_deliverable(order: RepairOrder, by: User) -> None:
    """Lock the order and refuse the delivery while anything is missing."""
    staff.require_permission(by, Permission.DELIVER)
    orders.lock(order)
    if order.delivered_at is not None:
        raise RuleBroken(N_("The car is handed over already."), code="delivered")
    require(gates.missing_to_deliver(order))
