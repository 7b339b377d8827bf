"""What is read, asked and received at the car. Each act is one fact and one commit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from workshop import events
from workshop.db import session
from workshop.errors import N_, Invalid
from workshop.orders import service as orders
from workshop.orders.flow import Action
from workshop.orders.models import OrderChanged, RepairOrder
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.reception import odometer, queries, repeat, snapshots
from workshop.steps.reception import service as reception
from workshop.steps.reception.car.shapes import CarView
from workshop.steps.reception.checks import PayWay
from workshop.steps.reception.models import (
    ConcernCorrection,
    Cover,
    Valuable,
    ViewCheck,
    Walkaround,
)
from workshop.steps.reception.rules import (
    BoardItem,
    CoverKind,
    OldParts,
    Paper,
    Question,
    WarningLamp,
)
from workshop.web import versions


def begin(order: RepairOrder, by: User) -> Walkaround:
    """Check that `by` may change the reception now, and wait for whoever does so too."""
    open_for(order, by)
    return reception.get_walkaround(order)


def open_for(order: RepairOrder, by: User) -> None:
    """As `begin`, for what is kept beside the walk-around itself."""
    staff.require_permission(by, Permission.RECEIVE)
    orders.lock(order)
    orders.require_stage(order, Action.EDIT_RECEPTION)


def correct_concern(order: RepairOrder, words: str, *, by: User, at: datetime) -> ConcernCorrection:
    """Add what the customer said later; the first words stay untouched. Raises Invalid."""
    begin(order, by)
    if not words.strip():
        raise Invalid(N_("Write down what the customer added."), field="words")
    correction = ConcernCorrection(order_id=order.id, words=words.strip(), at=at, by_id=by.id)
    session.add(correction)
    audit.write(by, "reception.correct_concern", order, at)
    return correction


def record_interview(
    order: RepairOrder,
    answers: Mapping[Question, str],
    finding: str,
    *,
    seen: str | None,
    by: User,
    at: datetime,
) -> None:
    """Keep the answers of the interview and the advisor's own finding.

    `seen` is the mark of what the page showed (`states`). Raises Conflict with both versions when
    somebody else wrote meanwhile.
    """
    walkaround = begin(order, by)
    yours = snapshots.interview(answers, finding)
    versions.refuse_stale(seen, snapshots.interview_now(walkaround), yours)
    walkaround.interview = {
        question.value: answer.strip() for question, answer in answers.items() if answer.strip()
    }
    walkaround.finding = finding.strip()
    audit.write(by, "reception.record_interview", order, at)


def record_gauges(
    order: RepairOrder,
    mileage_km: int,
    energy_percent: int,
    *,
    ev_km: int | None = None,
    odometer_replaced: bool = False,
    correction_reason: str = "",
    lamps: Iterable[WarningLamp] = (),
    lamps_note: str = "",
    seen: str | None = None,
    by: User,
    at: datetime,
) -> None:
    """Read the dashboard: odometer, fuel or charge level in per cent, and what is lit.

    The mileage never falls unless the odometer was replaced; what was misread in this reception
    may be corrected with a reason. Raises RuleBroken or Invalid at `mileage_km`, Conflict when the
    page was stale. `ev_km` is what a plug-in hybrid counts by its battery apart, under the same
    rule; None leaves what is known.
    """
    walkaround = begin(order, by)
    lit = list(lamps)
    told = (mileage_km, energy_percent, odometer_replaced, lit, lamps_note)
    yours = snapshots.gauges(*told, order.ev_km if ev_km is None else ev_km)
    versions.refuse_stale(seen, snapshots.gauges_now(order, walkaround), yours)
    if not 0 <= energy_percent <= 100:
        raise Invalid(N_("The level lies between 0 and 100 %%."), field="level")
    if mileage_km != order.mileage_km or odometer_replaced != walkaround.odometer_replaced:
        odometer.read(
            order, walkaround, mileage_km, odometer_replaced, correction_reason, by=by, at=at
        )
    if ev_km is not None and ev_km != order.ev_km:
        odometer.read_by_battery(order, ev_km, odometer_replaced)
    order.energy_percent = energy_percent
    walkaround.lamps = [lamp.value for lamp in lit]
    walkaround.lamps_note = lamps_note.strip()
    audit.write(
        by, "reception.record_gauges", order, at, mileage_km=mileage_km, percent=energy_percent
    )
    repeat.look_again(order, by=by, at=at)


def check_view(
    order: RepairOrder, view: CarView, is_checked: bool, *, by: User, at: datetime
) -> None:
    """Confirm that a side was looked at with the customer, or take that back."""
    open_for(order, by)
    known = queries.view_checks(order).get(view)
    if is_checked and known is None:
        session.add(ViewCheck(order_id=order.id, view=view, checked_at=at, by_id=by.id))
    elif not is_checked and known is not None:
        audit.write(by, "reception.uncheck_view", order, at, view=view.value)
        session.delete(known)
    session.flush()


def fit_cover(
    order: RepairOrder, kind: CoverKind, is_fitted: bool, *, by: User, at: datetime
) -> None:
    """Note that a protective cover is on, with its time, or take that back."""
    open_for(order, by)
    known = queries.covers(order).get(kind)
    if is_fitted and known is None:
        session.add(Cover(order_id=order.id, kind=kind, fitted_at=at, by_id=by.id))
    elif not is_fitted and known is not None:
        audit.write(by, "reception.take_off_cover", order, at, kind=kind.value)
        session.delete(known)
    session.flush()


def ask_for_valuables(order: RepairOrder, *, by: User, at: datetime) -> None:
    """Note that the customer was asked to take valuables out of the car."""
    walkaround = begin(order, by)
    if walkaround.valuables_asked_at is None:
        walkaround.valuables_asked_at, walkaround.valuables_asked_by_id = at, by.id
        audit.write(by, "reception.ask_for_valuables", order, at)


def add_valuable(
    order: RepairOrder, title: str, kept_by_us: bool, *, place: str = "", by: User, at: datetime
) -> Valuable:
    """Note a valuable; one that we keep needs its place. It also counts as asked for.

    Raises Invalid.
    """
    begin(order, by)
    if not title.strip():
        raise Invalid(N_("Say what it is."), field="title")
    if kept_by_us and not place.strip():
        raise Invalid(N_("Say where we keep it."), field="place")
    valuable = Valuable(
        order_id=order.id,
        title=title.strip(),
        kept_by_us=kept_by_us,
        place=place.strip() if kept_by_us else "",
        noted_at=at,
        noted_by_id=by.id,
    )
    session.add(valuable)
    ask_for_valuables(order, by=by, at=at)
    audit.write(by, "reception.add_valuable", valuable, at, title=title.strip(), kept=kept_by_us)
    return valuable


def remove_valuable(order: RepairOrder, valuable: Valuable, *, by: User, at: datetime) -> None:
    """Take a valuable off the list before the signature; the audit trail keeps it."""
    begin(order, by)
    audit.write(by, "reception.remove_valuable", order, at, title=valuable.title)
    session.delete(valuable)


def record_items(
    order: RepairOrder,
    *,
    items: Iterable[BoardItem],
    items_note: str,
    keys: int,
    papers: Iterable[Paper],
    seen: str | None = None,
    by: User,
    at: datetime,
) -> None:
    """Note what stays in the car, and the keys and papers that we received.

    Raises Invalid, and Conflict when the page was stale.
    """
    walkaround = begin(order, by)
    if not 0 <= keys <= 9:
        raise Invalid(N_("Between 0 and 9 keys."), field="keys")
    things, received = list(items), list(papers)
    yours = snapshots.items(keys, received, things, items_note)
    versions.refuse_stale(seen, snapshots.items_now(walkaround), yours)
    walkaround.items = [item.value for item in things]
    walkaround.items_note = items_note.strip()
    walkaround.keys = keys
    walkaround.papers = [paper.value for paper in received]
    audit.write(by, "reception.record_items", order, at, keys=keys)


def record_wishes(
    order: RepairOrder,
    *,
    stays: bool | None,
    old_parts: OldParts | None,
    wash_wanted: bool,
    road_test_wanted: bool = False,
    pay_way: PayWay | None = None,
    seen: str | None = None,
    by: User,
    at: datetime,
) -> None:
    """Note what the customer wishes while we work, at the handover and at the till.

    Raises Conflict when the page was stale.
    """
    walkaround = begin(order, by)
    yours = snapshots.wishes(stays, old_parts, wash_wanted, road_test_wanted, pay_way)
    versions.refuse_stale(seen, snapshots.wishes_now(order, walkaround), yours)
    order.stays = stays
    walkaround.old_parts, walkaround.wash_wanted = old_parts, wash_wanted
    walkaround.road_test_wanted, walkaround.pay_way = road_test_wanted, pay_way
    audit.write(by, "reception.record_wishes", order, at, stays=stays)
    events.record(OrderChanged(order.id, order.branch_id, at))


def labels(kind: type[Any], values: Iterable[str]) -> list[str]:
    """The msgids of kept enum values, in the enum's order."""
    kept = set(values)
    return [member.label for member in kind if member.value in kept]
