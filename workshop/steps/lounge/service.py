"""Care for who stays: the six acts, seat and drinks, and the reports on progress."""

from __future__ import annotations

from datetime import datetime, timedelta

from workshop import events
from workshop.cases import service as cases
from workshop.cases.models import CaseTopic
from workshop.customers.models import Channel
from workshop.db import session
from workshop.errors import N_, Invalid, RuleBroken
from workshop.orders import service as orders
from workshop.orders.flow import Action
from workshop.orders.models import OrderChanged, RepairOrder
from workshop.shop import calendar
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.lounge import due_reports, queries, suggesting
from workshop.steps.lounge.enums import CareKind, Occasion
from workshop.steps.lounge.models import CareAct, CareRecord, ProgressReport

LABELS = {
    "seat": N_("Seat or zone"),
    "drinks": N_("Drinks"),
    "remarks": N_("Remarks"),
    "complained": N_("The customer complained"),
    "complaint": N_("What about"),
}
"""What people call the parts of a care record."""


def require_care(by: User) -> None:
    """Raise NotAllowed unless this person cares for customers."""
    staff.require_permission(by, Permission.CARE)


def record_stay(order: RepairOrder, stays: bool, *, by: User, at: datetime) -> None:
    """Note whether the customer waits here (True) or leaves; it may change during the day."""
    _require_care(order, by)
    if order.stays is stays:
        return
    order.stays = stays
    audit.write(by, "lounge.record_stay", order, at, stays=stays)
    events.record(OrderChanged(order.id, order.branch_id, at))


def do_act(order: RepairOrder, kind: CareKind, *, by: User, at: datetime) -> CareAct:
    """Note one of the six acts at its own time; a second press changes nothing (domain.md N8).

    Raises RuleBroken unless the customer stays, and for the report: that is done by reporting.
    """
    _require_waiting(order, by)
    if kind is CareKind.REPORT:
        raise RuleBroken(
            N_("This act is done by recording what the customer was told."), code="report_words"
        )
    return _note_act(order, kind, by, at)


def take_back_act(order: RepairOrder, act: CareAct, *, by: User, at: datetime) -> None:
    """Undo a slip of the finger; the line stays, and the act is open again."""
    _require_waiting(order, by)
    if act.taken_back_at is None:
        act.taken_back_at, act.taken_back_by_id = at, by.id
        audit.write(by, "lounge.take_back_act", act, at, kind=act.kind.value)


def save_record(
    order: RepairOrder,
    *,
    seat: str,
    drinks: str,
    remarks: str,
    complained: bool,
    complaint: str,
    topic: CaseTopic = CaseTopic.OTHER,
    seen_version: int,
    by: User,
    at: datetime,
) -> CareRecord:
    """Note seat, drinks and complaint. `seen_version` is that of the page, 0 for a first note.

    A complaint opens a case about its `topic` at once. Raises Invalid when a complaint has no
    words, Conflict when the page was stale.
    """
    _require_waiting(order, by)
    if complained and not complaint.strip():
        raise Invalid(N_("Write down what the customer complained about."), field="complaint")
    values = {
        "seat": seat.strip(),
        "drinks": drinks.strip(),
        "remarks": remarks.strip(),
        "complained": complained,
        "complaint": complaint.strip() if complained else "",
    }
    record = queries.find_record(order)
    was = record.complaint if record is not None else ""
    if record is None:
        record = CareRecord(order_id=order.id, noted_at=at, by_id=by.id, **values)
        session.add(record)
    else:
        if record.version != seen_version:
            raise orders.stale(record, values, LABELS)
        for name, value in values.items():
            setattr(record, name, value)
        record.noted_at, record.by_id = at, by.id
    audit.write(by, "lounge.save_record", record, at, complained=complained)
    if record.complaint and record.complaint != was:
        day = calendar.local_day(order.branch, at)
        cases.report(order, record.complaint, topic=topic, day=day, by=by, at=at)
    return record


def record_report(
    order: RepairOrder,
    occasion: Occasion,
    said: str,
    channel: Channel,
    *,
    seen_facts: str | None = None,
    by: User,
    at: datetime,
) -> ProgressReport:
    """Note what the customer was told, and compute when the next word is due (step 4 rules).

    For a waiting customer it also does the sixth care act. `seen_facts` are those of a suggestion
    that was taken as it stood. Raises Invalid without words, and RuleBroken when the suggestion
    is not true any more.
    """
    _require_care(order, by)
    _refuse_overtaken(order, seen_facts, at)
    if not said.strip():
        raise Invalid(N_("Write down what the customer was told."), field="said")
    report = ProgressReport(
        order_id=order.id,
        at=at,
        occasion=occasion,
        said=said.strip(),
        channel=channel,
        by_id=by.id,
        next_due_at=_next_regular(order, at),
    )
    session.add(report)
    session.flush()
    if order.stays:
        _note_act(order, CareKind.REPORT, by, at)
    events.record(OrderChanged(order.id, order.branch_id, at))
    return report


def _refuse_overtaken(order: RepairOrder, seen_facts: str | None, at: datetime) -> None:
    now = suggesting.suggest(order, at, due_reports.find(order))
    if seen_facts is not None and seen_facts != now.facts:
        raise RuleBroken(
            N_("What is true has changed since this page was opened. Here are the words of now."),
            code="overtaken",
        )


def _next_regular(order: RepairOrder, at: datetime) -> datetime | None:
    """The next regular report after one at `at`; events may call for an earlier one."""
    if order.ready_at is not None:
        return None
    if order.stays:
        return at + timedelta(minutes=order.branch.report_every_minutes)
    departure = queries.find_departure(order)
    agreed = departure.report_at if departure else None
    return agreed if agreed is not None and agreed > at else None


def _note_act(order: RepairOrder, kind: CareKind, by: User, at: datetime) -> CareAct:
    done = queries.find_act(order, kind)
    if done is not None:
        return done
    act = CareAct(order_id=order.id, kind=kind, done_at=at, by_id=by.id)
    session.add(act)
    session.flush()
    return act


def _require_care(order: RepairOrder, by: User) -> None:
    require_care(by)
    orders.require_stage(order, Action.CARE)


def _require_waiting(order: RepairOrder, by: User) -> None:
    _require_care(order, by)
    if not order.stays:
        raise RuleBroken(N_("This customer does not wait here."), code="not_waiting")
