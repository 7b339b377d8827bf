"""The handover sheet and the gate pass on paper (domain.md step 9)."""

from __future__ import annotations

from datetime import datetime

from flask_babel import get_locale, gettext
from reportlab.platypus import Flowable

from workshop import paper
from workshop.catalogue.checklists.models import ChecklistItem
from workshop.customers import shown
from workshop.db import session
from workshop.orders.models import Attachment, RepairOrder
from workshop.orders.signed import names as signed
from workshop.orders.signed.printed import todays_name
from workshop.shop import calendar, letterhead
from workshop.shop.models import HeadLine
from workshop.steps.handover import queries
from workshop.steps.handover.models import GatePass, Handover, HandoverCheck
from workshop.steps.handover.rules import Collector
from workshop.steps.quotation import queries as quotation
from workshop.steps.reception import queries as reception
from workshop.steps.reception.rules import Paper
from workshop.web import display


def handover_sheet(order: RepairOrder, *, order_url: str | None = None) -> bytes:
    """What the customer takes home: work, guarantee, deferred work, next service, checklist."""
    record = queries.find_handover(order)
    story = [
        paper.facts(_facts(order, record)),
        *todays_name(order, signed.stood(order, order.delivered_at), gettext),
        *_guarantees(order, record),
        *_deferred(order),
        *_next_service(record),
        *_checklist(order),
        *_walkround(order, record),
        *_given_back(order, record),
        *_signatures(order, record),
    ]
    at = order.delivered_at
    return _document(_("Handover sheet"), order, story, order.no, order_url, at)


def gate_pass(found: GatePass, *, order_url: str | None = None) -> bytes:
    """The paper with which the guard lets the car out: plate large, no name, no price."""
    order = found.order
    names = signed.stood(order, found.issued_at)
    story: list[Flowable] = [
        paper.display(names.called, _("May leave the premises")),
        *todays_name(order, names, gettext),
        paper.facts(
            [
                (_("Vehicle"), names.title),
                (_("Repair order"), order.no),
                (_("Pass issued"), display.show_printed(found.issued_at)),
                (_("Pass issued by"), found.issued_by.display_name),
            ]
        ),
        paper.note(_("Valid once, for this car only. The guard stamps the time it leaves.")),
        paper.signatures(
            (_("Service advisor"), None, found.issued_by.display_name, ""),
            (_("Guard"), None, *_guard(found)),
        ),
    ]
    return _document(_("Gate pass"), order, story, found.no, order_url, found.issued_at)


def _guard(found: GatePass) -> tuple[str, str]:
    if found.left_by is None:
        return "", ""
    return found.left_by.display_name, display.show_printed(found.left_at)


def _(message: str, **values: object) -> str:
    """The words in the reader's language."""
    return str(gettext(message, **values))


def _document(
    title: str,
    order: RepairOrder,
    story: list[Flowable],
    number: str,
    order_url: str | None,
    signed_at: datetime | None,
) -> bytes:
    return paper.document(
        title,
        letterhead.head_of(order.branch, gettext, HeadLine.COMPLAINT_PHONE, at=signed_at),
        story,
        number=number,
        subtitle=_("Repair order %(no)s", no=order.no) if number != order.no else "",
        order_url=order_url,
        qr_note=order.no if order_url else "",
        page_of=_("Page %(page)s of %(pages)s", page="%(page)s", pages="%(pages)s"),
        language="zh_CN" if str(get_locale()).startswith("zh") else "en",
    )


def _facts(order: RepairOrder, record: Handover | None) -> list[tuple[str, str]]:
    names = signed.stood(order, order.delivered_at)
    km = _mileage_out(order, record)
    return [
        (_("Customer"), names.customer_name),
        (_("Plate"), names.called),
        (_("Make and model"), names.title),
        (_("VIN"), names.vin or ""),
        (_("Promised time"), display.show_printed(order.first_promised_at)),
        (_("Handed over"), display.show_printed(order.delivered_at)),
        (_("Mileage out"), f"{km:,} km" if km is not None else ""),
        (_("Service advisor"), names.advisor_name or ""),
    ]


def _mileage_out(order: RepairOrder, record: Handover | None) -> int | None:
    """What was read at the handover; a mileage that is put right later stays as it was signed."""
    if record is None or record.mileage_km is None or order.delivered_at is None:
        return record.mileage_km if record else None
    return signed.stood(order, order.delivered_at).car_km


def _guarantees(order: RepairOrder, record: Handover | None) -> list[Flowable]:
    """The work with its guarantee; before the delivery the periods, afterwards their ends."""
    lines = [line for line in quotation.list_authorised_lines(order) if line.guarantee]
    if not lines:
        return []
    start_km = _mileage_out(order, record) or queries.mileage_out(order, record)
    starts_on = calendar.local_day(order.branch, order.delivered_at) if order.delivered_at else None
    rows = []
    for line in lines:
        guarantee = line.guarantee
        assert guarantee is not None  # Asked for above.
        period = _("%(km)s km or %(days)s days", km=f"{guarantee.km:,}", days=guarantee.days)
        until = ""
        if starts_on is not None:
            end = guarantee.end_after(starts_on, start_km)
            until = _("%(day)s or %(km)s km", day=display.show_date(end.on), km=f"{end.km:,}")
        rows.append((display.show_name(line), period, until))
    return [
        paper.section(_("Work done and its guarantee")),
        paper.table([_("Item"), _("Guarantee period"), _("Until")], rows, "lll", (6, 4, 4)),
        paper.note(_("The guarantee runs from delivery; whichever ends first ends it.")),
    ]


def _deferred(order: RepairOrder) -> list[Flowable]:
    deferred = queries.list_deferred(order)
    if not deferred:
        return []
    rows = [
        (
            each.title,
            _(each.urgency.label),
            each.reason or "—",
            display.show_money(each.price_fen),
        )
        for each in deferred
    ]
    header = [_("Item"), _("Urgency"), _("Reason"), _("Price")]
    parts = [
        paper.section(_("Deferred work")),
        paper.table(header, rows, "lllr", (6, 3, 5, 3)),
    ]
    urgent = queries.list_safety_notices(order)
    if urgent:
        names = "; ".join(each.title for each in urgent)
        parts.append(
            paper.note(
                _(
                    "Safety notice: without this work the car is not safe: %(names)s. The customer "
                    "was told, declined it, and drives on at their own risk until it is done.",
                    names=names,
                ),
                alert=True,
            )
        )
    return parts


def _next_service(record: Handover | None) -> list[Flowable]:
    if record is None or record.next_due_on is None or record.next_due_km is None:
        return []
    rows = [
        (_("Next service on"), display.show_date(record.next_due_on)),
        (_("or at"), f"{record.next_due_km:,} km"),
    ]
    parts = [paper.section(_("Next service and friendly reminders")), paper.facts(rows)]
    return [*parts, paper.note(record.reminders)] if record.reminders else parts


def _checklist(order: RepairOrder) -> list[Flowable]:
    checks = queries.list_checks(order)
    items = [_check(item, checks.get(item.code)) for item in queries.list_items(order)]
    return [paper.section(_("Handover checklist")), paper.checklist(items, in_a_row=3)]


def _check(item: ChecklistItem, check: HandoverCheck | None) -> paper.CheckItem:
    if check is None:
        return paper.CheckItem(display.show_name(item))
    when = f"{display.show_printed(check.checked_at)}  {check.by.display_name}"
    return paper.CheckItem(display.show_name(item), paper.Mark.DONE, when)


def _walkround(order: RepairOrder, record: Handover | None) -> list[Flowable]:
    marks = reception.list_damage(order)
    came = "; ".join(f"{mark.number} {_(mark.place)} {_(mark.kind.label)}" for mark in marks)
    found = "—"
    if record is not None and record.new_damage is not None:
        found = record.damage_note if record.new_damage else _("None")
    rows = [(_("Damage when it came"), came or _("None")), (_("New damage"), found)]
    return [paper.section(_("Second walk-round against the first")), paper.facts(rows)]


def _given_back(order: RepairOrder, record: Handover | None) -> list[Flowable]:
    """What goes back with the car, and when we ask how it went."""
    walkaround = reception.find_walkaround(order)
    if walkaround is None:
        return [paper.note(words) for _label, words in _followup(record)]
    kept = [each.title for each in reception.list_valuables(order) if each.kept_by_us]
    papers = ", ".join(_(each.label) for each in Paper if each.value in walkaround.papers)
    rows = [
        (_("Car keys"), str(walkaround.keys)),
        (_("Papers"), papers or _("None")),
        (_("Valuables"), ", ".join(kept) or _("None")),
        (_("Old parts"), _(walkaround.old_parts.label) if walkaround.old_parts else "—"),
        *_followup(record),
    ]
    return [paper.section(_("Returned to the customer")), paper.facts(rows)]


def _followup(record: Handover | None) -> list[tuple[str, str]]:
    if record is None or record.followup_asked_at is None:
        return []
    if record.followup_refused:
        words = _("No follow-up wished: %(reason)s", reason=record.followup_refused)
    else:
        words = _(
            "We will ask how it went: %(time)s, %(channel)s.",
            time=display.show_printed(record.followup_wished_at),
            channel=display.translate(record.followup_channel),
        )
    return [(_("Follow-up"), words)]


def _signatures(order: RepairOrder, record: Handover | None) -> list[Flowable]:
    png, name, at = None, "", ""
    if record is not None and record.delivered_at is not None:
        name, at = record.signer_name, display.show_printed(record.delivered_at)
        if record.signature_id is not None:
            png = shown.ink(session.get_one(Attachment, record.signature_id).data)
    parts: list[Flowable] = []
    if record is not None and record.collector is Collector.OTHER:
        parts.append(paper.note(_proof(record)))
    boxes = paper.signatures(
        (_("Who takes the car"), png, name, at),
        (_("Service advisor"), None, _advisor(order), at),
    )
    return [*parts, boxes]


def _advisor(order: RepairOrder) -> str:
    return signed.stood(order, order.delivered_at).advisor_name or ""


def _proof(record: Handover) -> str:
    why = display.translate(record.proof)
    words = _("Collected by %(name)s: %(why)s", name=record.collector_name, why=why)
    return f"{words} ({record.proof_note})" if record.proof_note else words
