"""What the handover page of an order shows: what is told, compared, given back and signed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, web
from workshop.cases import service as cases
from workshop.catalogue.checklists.models import ChecklistItem
from workshop.customers.contacts import queries as contacts
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.shop import calendar
from workshop.staff.access import me
from workshop.staff.permissions import Permission
from workshop.steps.handover import gates, parts_page, queries, rules, snapshots
from workshop.steps.handover.forms import (
    CollectorForm,
    DeliverForm,
    DiagnosisForm,
    FollowupForm,
    NextForm,
    NoticeForm,
    WalkForm,
)
from workshop.steps.handover.models import Handover, HandoverCheck
from workshop.steps.handover.reopening import gates as reopening
from workshop.steps.handover.rules import Collector, HandoverItem
from workshop.steps.lounge import queries as lounge
from workshop.steps.quotation import queries as quotation
from workshop.steps.reception import queries as reception
from workshop.steps.reception.car.shapes import DRAWINGS, CarView
from workshop.steps.repair import queries as repair
from workshop.steps.repair.rules import Level
from workshop.steps.settlement import queries as settlement
from workshop.web import display, versions

# When most people can be reached, in the shop's local time.
_FOLLOWUP_HOURS = (time(10), time(11), time(14), time(16))


def render(order: RepairOrder, refused: web.PartForm | None = None) -> ResponseReturnValue:
    """The page, with the refused form as it was typed."""
    at = clock.now()
    record = queries.find_handover(order)
    forms = {form.key: form for form in _forms(order, record, at)}
    if refused is not None:
        forms[refused.key] = refused
    facts = _facts(order)
    can_edit = order.delivered_at is None and me().may(Permission.DELIVER)
    missing = [] if order.delivered_at else gates.missing_to_deliver(order)
    items, notices = _items(order, facts), queries.list_notices(order)
    opened = (refused.key if refused is not None else "") if can_edit else None
    return web.page(
        "handover/show.html",
        refused.status if refused is not None else 200,
        order=order,
        record=record,
        forms=forms,
        refused=refused,
        missing=missing,
        parts=parts_page.list_parts(
            record, notices, [check for _item, check, _hint in items], missing, opened
        ),
        leave=gates.missing_to_leave(order) if can_edit else [],
        can_edit=can_edit,
        can_tell=can_edit and order.ready_at is not None,
        is_declined=order.stage is Stage.DECLINED,
        can_reopen=not reopening.missing_to_reopen(order),
        items=items,
        notices=notices,
        wash=queries.find_wash(order),
        gate_pass=queries.find_gate_pass(order),
        agreeing=contacts.list_agreeing(order.customer),
        contacts=contacts.list_offered(order.customer, order.vehicle),
        **facts,
    )


def _items(
    order: RepairOrder, facts: dict[str, Any]
) -> list[tuple[ChecklistItem, HandoverCheck | None, str]]:
    """The lines of the checklist, each with its tick and what it is about."""
    checks, hints = queries.list_checks(order), _hints(facts)
    return [
        (item, checks.get(item.code), hints.get(item.code, ""))
        for item in queries.list_items(order)
    ]


def _hints(facts: dict[str, Any]) -> dict[str, str]:
    """What the lines of the checklist are about: how many keys, which valuables."""
    walkaround, bill = facts["walkaround"], facts["bill"]
    hints: dict[str, str] = {
        HandoverItem.VALUABLES: ", ".join(each.title for each in facts["valuables"]),
        HandoverItem.DEFERRED: ", ".join(each.title for each in facts["deferred"]),
        HandoverItem.WORK: gettext("%(count)s items", count=len(facts["work"])),
    }
    if walkaround is not None:
        hints[HandoverItem.KEYS] = gettext("%(count)s received", count=walkaround.keys)
        if walkaround.old_parts is not None:
            hints[HandoverItem.OLD_PARTS] = gettext(walkaround.old_parts.label)
    if bill is not None:
        hints[HandoverItem.BILL] = display.show_money(bill.customer_fen)
    return hints


def _facts(order: RepairOrder) -> dict[str, Any]:
    marks = reception.list_damage(order)
    is_unpaid = queries.has_bill(order) and not settlement.is_settled(order)
    return {
        "walkaround": reception.find_walkaround(order),
        "views": [
            (view, DRAWINGS[view], [mark for mark in marks if mark.view is view])
            for view in CarView
        ],
        "marks": marks,
        "photos": reception.list_photos(order),
        "valuables": [each for each in reception.list_valuables(order) if each.kept_by_us],
        "has_work": repair.has_work(order),
        "work": quotation.list_authorised_lines(order),
        "deferred": queries.list_deferred(order),
        "departure": lounge.find_departure(order),
        "bill": settlement.find_live(order),
        "can_settle": is_unpaid and me().may(Permission.SETTLE),
        "package": queries.find_serviced(order),
        "cases": cases.list_for_order(order),
    }


def _forms(order: RepairOrder, record: Handover | None, at: datetime) -> list[web.PartForm]:
    return [
        NoticeForm.blank(channel=order.customer.channel.value),
        _walk_form(record),
        _next_form(order, record, at),
        _collector_form(order, record),
        _followup_form(order, record, at),
        DiagnosisForm.blank(),
        DeliverForm.blank(signature_typed=record.collector_name if record else ""),
    ]


def _walk_form(record: Handover | None) -> WalkForm:
    seen = versions.mark(snapshots.walk_now(record))
    if record is None or record.new_damage is None:
        return WalkForm.blank(seen=seen)
    answer = "yes" if record.new_damage else "no"
    return WalkForm.blank(seen=seen, new_damage=answer, damage_note=record.damage_note)


def _next_form(order: RepairOrder, record: Handover | None, at: datetime) -> NextForm:
    seen = versions.mark(snapshots.next_service_now(record))
    if record is not None and record.next_told_at is not None:
        return NextForm.blank(
            seen=seen,
            mileage_km=record.mileage_km,
            due_on=record.next_due_on,
            due_km=record.next_due_km,
            reminders=record.reminders,
        )
    km = mileage_now(order)
    due = queries.suggest_next_due(order, calendar.local_day(order.branch, at), km)
    return NextForm.blank(
        seen=seen,
        mileage_km=km or None,
        due_on=due.due_on if due else None,
        due_km=due.due_km if due else None,
    )


def mileage_now(order: RepairOrder) -> int:
    """What the odometer showed last: after the road test, or when the car came."""
    check = repair.find_inspection(order, Level.QUALITY_CHECK)
    driven = check.road_test.to_km if check and check.road_test else 0
    return max(driven, order.mileage_km or 0, order.vehicle.mileage_km or 0)


def _collector_form(order: RepairOrder, record: Handover | None) -> CollectorForm:
    seen = versions.mark(snapshots.collector_now(record))
    if record is not None and record.collector is not None:
        return CollectorForm.blank(
            seen=seen,
            collector=record.collector.value,
            name=record.collector_name,
            phone=record.collector_phone,
            proof=record.proof.value if record.proof else None,
            note=record.proof_note,
        )
    departure = lounge.find_departure(order)
    if departure is not None and departure.pick_up_name not in (
        order.customer.name,
        order.bringer_name,
    ):
        return CollectorForm.blank(
            seen=seen,
            collector=Collector.OTHER.value,
            name=departure.pick_up_name,
            phone=departure.pick_up_phone,
            proof="code",
        )
    same = order.bringer_name == order.customer.name
    return CollectorForm.blank(
        seen=seen, collector=(Collector.OWNER if same else Collector.BRINGER).value
    )


def _followup_form(order: RepairOrder, record: Handover | None, at: datetime) -> FollowupForm:
    seen = versions.mark(snapshots.followup_now(record))
    if record is not None and record.followup_asked_at is not None:
        wished = web.local(record.followup_wished_at) if record.followup_wished_at else None
        return FollowupForm.blank(
            seen=seen,
            followup_day=wished.date() if wished else None,
            followup_time=wished.time() if wished else None,
            channel=(record.followup_channel or order.customer.channel).value,
            refused=record.followup_refused,
        )
    wished = suggest_followup(order, at)
    return FollowupForm.blank(
        seen=seen,
        followup_day=wished.date() if wished else None,
        followup_time=wished.time() if wished else None,
        channel=order.customer.channel.value,
    )


def suggest_followup(order: RepairOrder, at: datetime) -> datetime | None:
    """The first usual hour of an open day that is 48 h ahead, or else earlier; local time."""
    today = calendar.local_day(order.branch, at)
    for days in (2, 3, 1):
        day = today + timedelta(days=days)
        hour = _reachable_hour(order, day, at)
        if hour is not None:
            return hour
    return None


def _reachable_hour(order: RepairOrder, day: date, at: datetime) -> datetime | None:
    if not calendar.is_open(order.branch, day):
        return None
    for hour in _FOLLOWUP_HOURS:
        wished_at = web.local_to_utc(day, hour)
        # Up to an hour may pass until the car is handed over.
        moments = (at, at + timedelta(hours=1))
        if all(rules.is_time_to_call(wished_at, delivered_at=each) for each in moments):
            return web.local(wished_at)
    return None
