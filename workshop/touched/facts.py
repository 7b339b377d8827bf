"""What lies where it cannot be, computed from the facts of this minute."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from workshop.catalogue.models import Operation, Package
from workshop.customers.models import Vehicle
from workshop.db import session
from workshop.orders.models import RepairOrder
from workshop.shop import calendar
from workshop.shop.models import Branch
from workshop.staff import duty
from workshop.staff.duty import Duty
from workshop.staff.models import User
from workshop.steps.booking import overfull
from workshop.steps.booking import queries as booking
from workshop.steps.booking.models import Appointment
from workshop.steps.booking.rules import NOT_RECEIVED, Clash
from workshop.steps.quotation.models import Decision, Quotation, QuotationLine, QuotationState
from workshop.steps.scheduling import queries as scheduling
from workshop.steps.scheduling.watch import people as watch
from workshop.steps.scheduling.watch.models import AlarmKind
from workshop.stock.models import Part, Reservation, ReservationState
from workshop.touched.models import Why
from workshop.touched.things import Held, Thing

_WHYS = {
    Clash.CLOSED: Why.CLOSED,
    Clash.ADVISOR: Why.ADVISOR,
    Clash.WISHED: Why.WISHED,
    Clash.OPERATION: Why.OPERATION,
    AlarmKind.ABSENT: Why.TECHNICIAN,
    AlarmKind.CERTIFICATE: Why.SKILL,
    AlarmKind.BAY_OUT: Why.BAY,
    AlarmKind.OFF_HOURS: Why.HOURS,
}


def find_all(branch: Branch, at: datetime) -> list[Thing]:
    """Everything of the branch that cannot stay as it is, by time; what has no time comes last."""
    found = [
        *_appointments(branch, at),
        *_jobs(branch, at),
        *_quotations(branch),
        *_reservations(branch),
        *_duties(branch, at),
        *_promises(branch, at),
        *_owners(branch),
    ]
    # Two who are away from one job are one thing to solve.
    found = list({each.key: each for each in found}.values())
    whys = list(Why)
    far = datetime.max.replace(tzinfo=at.tzinfo)
    return sorted(found, key=lambda each: (each.at or far, whys.index(each.why), each.subject))


def _appointments(branch: Branch, at: datetime) -> Iterator[Thing]:
    to_come = booking.list_to_come(branch, at)
    for each in overfull.list_too_many(branch, to_come, at):
        yield Thing(Why.HOURS, f"A{each.id}", each.slot_at, appointment=each)
    for each, clash in booking.clashes_of(branch, to_come):
        what: Any = {
            Clash.ADVISOR: each.advisor.display_name,
            Clash.WISHED: each.wished_technician.name if each.wished_technician else None,
        }.get(clash)
        if clash is Clash.OPERATION:
            gone = [one for one in booking.list_operations(each) if not one.active]
            what = gone[0] if gone else None
        yield Thing(_WHYS[clash], f"A{each.id}", each.slot_at, appointment=each, what=what)


def _jobs(branch: Branch, at: datetime) -> Iterator[Thing]:
    found = watch.list_misplaced(branch, scheduling.list_movable(branch), at)
    days = [calendar.local_day(branch, each.live.starts_at) for each in found]
    table = calendar.Timetable(branch, min(days), max(days)) if days else None
    for each, day in zip(found, days, strict=True):
        why, what = _WHYS[each.kind], (each.away or each.live.technician).name
        if why is Why.BAY:
            what = each.live.bay.code if each.live.bay is not None else ""
        if why is Why.HOURS and table is not None and not table.is_open(day):
            why, what = Why.CLOSED, ""
        subject, order = f"J{each.job.id}", each.job.order
        yield Thing(why, subject, each.live.starts_at, order=order, job=each.job, what=what)


def _quotations(branch: Branch) -> Iterator[Thing]:
    """What is offered in a quotation that nobody has answered, and is offered no more."""
    query = (
        select(Quotation, Operation, Package, Part)
        .join(QuotationLine, QuotationLine.quotation_id == Quotation.id)
        .join(RepairOrder, Quotation.order_id == RepairOrder.id)
        .outerjoin(Operation, QuotationLine.operation_id == Operation.id)
        .outerjoin(Package, QuotationLine.package_id == Package.id)
        .outerjoin(Part, QuotationLine.part_id == Part.id)
        .where(
            RepairOrder.here(branch.id),
            Quotation.state.in_((QuotationState.DRAFT, QuotationState.OFFERED)),
            QuotationLine.decision != Decision.DECLINED,
            or_(Operation.active.is_(False), Package.active.is_(False), Part.active.is_(False)),
        )
        .order_by(QuotationLine.id)
    )
    named: set[tuple[Why, int]] = set()
    for quotation, operation, package, part in session.execute(query).unique():
        for why, what in (
            (Why.OPERATION, operation),
            (Why.PACKAGE, package),
            (Why.PART, part),
        ):
            if what is None or what.active or (why, quotation.id) in named:
                continue
            named.add((why, quotation.id))
            subject = f"Q{quotation.id}"
            at = quotation.offered_promise_at
            yield Thing(why, subject, at, order=quotation.order, what=what)


def _reservations(branch: Branch) -> Iterator[Thing]:
    """Pieces of a part that is out of use, kept for a car."""
    query = (
        select(Reservation, RepairOrder)
        .join(Part, Reservation.part_id == Part.id)
        .join(RepairOrder, Reservation.order_id == RepairOrder.id)
        .where(
            Reservation.branch_id == branch.id,
            Reservation.state == ReservationState.HELD,
            Part.active.is_(False),
        )
        .order_by(Reservation.id)
    )
    for reservation, order in session.execute(query).unique():
        subject = f"P{reservation.id}"
        yield Thing(Why.PART, subject, order.promised_at, order=order, what=reservation.part)


def _duties(branch: Branch, at: datetime) -> Iterator[Thing]:
    """Whatever is still open and bound to somebody who works here no longer."""
    query = select(User).where(User.branch_id == branch.id, User.active.is_(False))
    gone = {each.id: each for each in session.scalars(query)}
    for kind in duty.list_kinds() if gone else ():
        if kind.key in _TOLD_ELSEWHERE:
            continue
        for record in kind.list_held(list(gone.values()), at):
            yield _held(kind, record, gone[kind.holder_id(record)])


# An appointment and a planned job of somebody who left lie wrong by their time; and who left is
# not asked to call anybody, so that a line of a call list is everybody's again.
_TOLD_ELSEWHERE = frozenset({"appointment", "planned_work", "call"})


def _held(kind: Duty, record: Any, user: User) -> Thing:
    order: RepairOrder | None = kind.order_of(record)
    is_order = order is not None and order is record
    return Thing(
        Why.DUTY,
        f"R{record.id}" if is_order else f"D{kind.key}:{record.id}",
        order.promised_at if order is not None and is_order else None,
        order=order,
        what=user.display_name,
        held=None if is_order else Held(kind, record, user),
    )


def _promises(branch: Branch, at: datetime) -> Iterator[Thing]:
    """Cars in the shop that are promised for a time at which nobody is there to hand them over."""
    query = select(RepairOrder).where(
        RepairOrder.here(branch.id),
        RepairOrder.promised_at >= at,
    )
    promised = {
        order: order.promised_at
        for order in session.scalars(query.order_by(RepairOrder.id)).unique()
        if order.promised_at is not None
    }
    days = {order: calendar.local_day(branch, due) for order, due in promised.items()}
    if not days:
        return
    table = calendar.Timetable(branch, min(days.values()), max(days.values()))
    for order, due in promised.items():
        if not any(opens <= due <= closes for opens, closes in table.opening(days[order])):
            yield Thing(Why.CLOSED, f"R{order.id}", due, order=order)


def _owners(branch: Branch) -> Iterator[Thing]:
    """What was agreed with somebody whose car it is no longer."""
    appointments = (
        select(Appointment)
        .join(Vehicle, Appointment.vehicle_id == Vehicle.id)
        .where(
            Appointment.branch_id == branch.id,
            Appointment.status.in_(NOT_RECEIVED),
            Appointment.customer_id != Vehicle.customer_id,
        )
        .order_by(Appointment.id)
    )
    for booked in session.scalars(appointments).unique():
        yield Thing(Why.OWNER, f"A{booked.id}", booked.slot_at, appointment=booked)
    orders = (
        select(RepairOrder)
        .join(Vehicle, RepairOrder.vehicle_id == Vehicle.id)
        .where(
            RepairOrder.here(branch.id),
            RepairOrder.customer_id != Vehicle.customer_id,
        )
        .order_by(RepairOrder.id)
    )
    for order in session.scalars(orders).unique():
        yield Thing(Why.OWNER, f"R{order.id}", order.promised_at, order=order)
