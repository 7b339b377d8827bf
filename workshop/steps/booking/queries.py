"""Reading appointments: the day's board, a vehicle's, an order's."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import select

from workshop.catalogue import queries as catalogue
from workshop.catalogue.models import Operation
from workshop.customers.models import Vehicle
from workshop.db import session
from workshop.errors import N_, NotFound
from workshop.orders import history
from workshop.orders.flow import OPEN
from workshop.orders.models import DeferredWork, RepairOrder
from workshop.shop.calendar import Timetable
from workshop.shop.models import Branch
from workshop.staff.permissions import Permission
from workshop.steps.booking.models import (
    Appointment,
    AppointmentChange,
    AppointmentContact,
    AppointmentOperation,
)
from workshop.steps.booking.online.models import OnlineBooking
from workshop.steps.booking.online.rules import TAKES_TIME
from workshop.steps.booking.rules import EXPECTED, HOLDS_SLOT, NOT_RECEIVED, Clash


def get_appointment(no: str, branch_id: int) -> Appointment:
    """The appointment of this number in this branch; raises NotFound."""
    query = select(Appointment).where(Appointment.no == no, Appointment.branch_id == branch_id)
    appointment = session.scalars(query).one_or_none()
    if appointment is None:
        raise NotFound(N_("There is no appointment %(no)s."), no=no)
    return appointment


def find_expected(vehicle: Vehicle, day: date) -> Appointment | None:
    """The appointment under which the vehicle is expected, or already arrived, on the day."""
    query = select(Appointment).where(
        Appointment.vehicle_id == vehicle.id,
        Appointment.day == day,
        Appointment.status.in_(NOT_RECEIVED),
    )
    return session.scalars(query).one_or_none()


def find_next(vehicle: Vehicle, at: datetime) -> Appointment | None:
    """The vehicle's next appointment that is still to come."""
    query = (
        select(Appointment)
        .where(
            Appointment.vehicle_id == vehicle.id,
            Appointment.status.in_(EXPECTED),
            Appointment.slot_at >= at,
        )
        .order_by(Appointment.slot_at)
        .limit(1)
    )
    return session.scalars(query).one_or_none()


def find_last(vehicle: Vehicle) -> Appointment | None:
    """The vehicle's latest appointment, whatever became of it."""
    query = select(Appointment).where(Appointment.vehicle_id == vehicle.id)
    return session.scalars(query.order_by(Appointment.id.desc()).limit(1)).one_or_none()


def find_open_order(vehicle: Vehicle) -> RepairOrder | None:
    """The order under which the vehicle is in the shop now."""
    query = select(RepairOrder).where(
        RepairOrder.vehicle_id == vehicle.id, RepairOrder.stage.in_(OPEN)
    )
    return session.scalars(query.order_by(RepairOrder.id.desc()).limit(1)).one_or_none()


def find_by_order(order: RepairOrder) -> Appointment | None:
    """The appointment that the order came from."""
    return session.scalars(
        select(Appointment).where(Appointment.order_id == order.id)
    ).one_or_none()


def find_replacement(appointment: Appointment) -> Appointment | None:
    """The appointment that was made instead of this one."""
    query = select(Appointment).where(Appointment.replaces_id == appointment.id)
    return session.scalars(query).one_or_none()


def find_replaced(appointment: Appointment) -> Appointment | None:
    """The appointment that this one was made in place of."""
    if appointment.replaces_id is None:
        return None
    return session.get(Appointment, appointment.replaces_id)


def find_order_of(appointment: Appointment) -> RepairOrder | None:
    """The order that was opened from the appointment."""
    if appointment.order_id is None:
        return None
    return session.get(RepairOrder, appointment.order_id)


def list_day(branch: Branch, day: date) -> list[Appointment]:
    """All appointments of the branch's day by time, what became of them included."""
    query = (
        select(Appointment)
        .where(Appointment.branch_id == branch.id, Appointment.day == day)
        .order_by(Appointment.slot_at, Appointment.id)
    )
    return list(session.scalars(query))


def list_taken(
    branch: Branch, day: date, *, online_id: int | None = None
) -> set[tuple[int, datetime]]:
    """The (advisor id, time) pairs of the day that are booked, or kept for who books online.

    What is kept for the request `online_id` is free for it.
    """
    booked = select(Appointment.advisor_id, Appointment.slot_at).where(
        Appointment.branch_id == branch.id,
        Appointment.day == day,
        Appointment.status.in_(HOLDS_SLOT),
    )
    kept = select(OnlineBooking.advisor_id, OnlineBooking.slot_at).where(
        OnlineBooking.branch_id == branch.id,
        OnlineBooking.day == day,
        OnlineBooking.state.in_(TAKES_TIME),
        OnlineBooking.id != (online_id or 0),
    )
    both = session.execute(booked.union_all(kept))
    return {(advisor_id, slot_at) for advisor_id, slot_at in both}


def list_operations(appointment: Appointment) -> list[Operation]:
    """The wished operations, in the order they were chosen."""
    return list_operations_of([appointment]).get(appointment.id, [])


def list_operations_of(appointments: list[Appointment]) -> dict[int, list[Operation]]:
    """The wished operations of several appointments, by appointment id."""
    query = (
        select(AppointmentOperation)
        .where(AppointmentOperation.appointment_id.in_([each.id for each in appointments]))
        .order_by(AppointmentOperation.id)
    )
    found: dict[int, list[Operation]] = {}
    for row in session.scalars(query):
        found.setdefault(row.appointment_id, []).append(row.operation)
    return found


def find_deferred(vehicle: Vehicle, deferred_id: int | None) -> DeferredWork | None:
    """The deferred work of this number, if it is still open for the vehicle."""
    open_now = history.list_deferred(vehicle)
    return next((each for each in open_now if each.id == deferred_id), None)


def list_offered(deferred: DeferredWork | None, package_id: int | None) -> list[Operation]:
    """The operations of a package, or of deferred work; raises NotFound for an unknown package."""
    if package_id is not None:
        return [item.operation for item in catalogue.get_package(package_id).items]
    if deferred is None or deferred.operation_id is None:
        return []
    return [catalogue.get_operation(deferred.operation_id)]


def list_contacts(appointment: Appointment) -> list[AppointmentContact]:
    """The tries to reach the customer, the newest first."""
    query = select(AppointmentContact).where(AppointmentContact.appointment_id == appointment.id)
    return list(session.scalars(query.order_by(AppointmentContact.id.desc())))


def list_changes(appointment: Appointment) -> list[AppointmentChange]:
    """The changes of status, the newest first."""
    query = select(AppointmentChange).where(AppointmentChange.appointment_id == appointment.id)
    return list(session.scalars(query.order_by(AppointmentChange.id.desc())))


def list_to_come(branch: Branch, since: datetime) -> list[Appointment]:
    """The appointments of the branch from `since` on whose cars are still to come, by time."""
    query = select(Appointment).where(
        Appointment.branch_id == branch.id,
        Appointment.status.in_(NOT_RECEIVED),
        Appointment.status.in_(EXPECTED),
        Appointment.slot_at >= since,
    )
    return list(session.scalars(query.order_by(Appointment.slot_at, Appointment.id)))


def clashes_of(
    branch: Branch, appointments: list[Appointment]
) -> Iterator[tuple[Appointment, Clash]]:
    """Why which of these appointments cannot take place as they were booked."""
    if not appointments:
        return
    wished = {each.wished_technician for each in appointments} - {None}
    days = [each.day for each in appointments]
    technicians = [each for each in wished if each is not None]
    advisors = {each.advisor for each in appointments}
    table = Timetable(branch, min(days), max(days), technicians, advisors)
    operations = list_operations_of(appointments)
    for each in appointments:
        for clash in _clashes(each, table, operations.get(each.id, ())):
            yield each, clash


def _clashes(
    appointment: Appointment, table: Timetable, operations: Collection[Operation]
) -> Iterator[Clash]:
    opening, slot_at = table.opening(appointment.day), appointment.slot_at
    if not any(opens <= slot_at < closes for opens, closes in opening):
        yield Clash.CLOSED
    if not _is_at_work(appointment, table):
        yield Clash.ADVISOR
    wished = appointment.wished_technician
    if wished is not None and opening:
        span = (slot_at, slot_at + timedelta(minutes=appointment.estimated_minutes))
        is_away = not wished.active or not wished.user.active
        if is_away or table.has_absence(wished.id, span):
            yield Clash.WISHED
    if any(not each.active for each in operations):
        yield Clash.OPERATION


def _is_at_work(appointment: Appointment, table: Timetable) -> bool:
    """Whether the advisor receives cars at all, and is on duty at this time."""
    advisor, slot_at = appointment.advisor, appointment.slot_at
    if not advisor.active or not advisor.may(Permission.RECEIVE):
        return False
    step = timedelta(minutes=appointment.branch.slot_minutes)
    return table.is_on_duty(advisor.id, (slot_at, slot_at + step))
