"""Appointments after the booking: confirmed, arrived, converted, moved, cancelled, missed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workshop import events
from workshop.capacity import service as capacity
from workshop.capacity.models import TakeSource
from workshop.customers.models import Channel
from workshop.db import session
from workshop.errors import N_, Conflict, Invalid, RuleBroken, require
from workshop.orders.models import RepairOrder
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.booking import gates, queries, rules
from workshop.steps.booking.models import (
    Appointment,
    AppointmentChange,
    AppointmentContact,
    ContactResult,
)
from workshop.steps.booking.rules import AppointmentStatus


@dataclass(frozen=True)
class AppointmentChanged(events.Event):
    """An appointment was made or its status changed."""

    appointment_id: int
    branch_id: int
    status: AppointmentStatus
    at: datetime


def confirm(appointment: Appointment, by: User, at: datetime) -> None:
    """Note that the customer said yes to the time.

    Raises RuleBroken off the table, and where the appointment cannot take place as it was booked.
    """
    staff.require_permission(by, Permission.BOOK)
    require_allowed(appointment, AppointmentStatus.CONFIRMED)
    require(gates.missing_to_confirm(appointment))
    change_status(appointment, AppointmentStatus.CONFIRMED, by, at)


def agree(appointment: Appointment, reason: str, by: User, at: datetime) -> None:
    """Note that the customer comes although the appointment cannot take place as it was booked.

    Somebody has called and says in `reason` what is agreed with whom.
    """
    staff.require_permission(by, Permission.BOOK)
    if appointment.is_requested:
        change_status(appointment, AppointmentStatus.CONFIRMED, by, at, reason[:200])


def register_arrival(appointment: Appointment, by: User, at: datetime) -> None:
    """Stamp the arrival when the car comes, and class it early, on time or late (P5, P7).

    Raises RuleBroken when the car is not expected, or expected on another day.
    """
    staff.require_permission(by, Permission.REGISTER_ARRIVAL)
    require_allowed(appointment, AppointmentStatus.ARRIVED)
    require(gates.missing_to_arrive(appointment, at))
    _arrive(appointment, at, by, at)


def convert(appointment: Appointment, order: RepairOrder, by: User, at: datetime) -> None:
    """Tie the appointment to the order that reception opened from it.

    An arrival that nobody stamped counts from now. The day's hours stay taken until the order
    takes its own at authorisation (release_capacity).
    """
    if appointment.arrived_at is None and appointment.is_expected:
        _arrive(appointment, order.arrived_at, by, at)
    require_allowed(appointment, AppointmentStatus.CONVERTED)
    appointment.order_id = order.id
    change_status(appointment, AppointmentStatus.CONVERTED, by, at)


def _arrive(appointment: Appointment, arrived_at: datetime, by: User, at: datetime) -> None:
    require_allowed(appointment, AppointmentStatus.ARRIVED)
    appointment.arrived_at = arrived_at
    appointment.arrival = rules.classify_arrival(
        arrived_at, appointment.slot_at, appointment.branch.on_time_minutes
    )
    change_status(appointment, AppointmentStatus.ARRIVED, by, at)


def take_back_arrival(appointment: Appointment, reason: str, *, by: User, at: datetime) -> None:
    """The car has not come, or was not this one: the appointment is expected as before.

    An order that was opened from it has to be taken back first, by the reception. Raises Invalid
    without a reason, RuleBroken when nobody stamped an arrival.
    """
    staff.require_permission(by, Permission.REGISTER_ARRIVAL)
    why = _reason(reason)
    require(gates.missing_to_take_back(appointment))
    was, before = appointment.arrived_at, _status_before(appointment)
    appointment.arrived_at = appointment.arrival = appointment.order_id = None
    appointment.status = before
    _keep_status(appointment, by, at, why)
    told = {"reason": why, "was": was.isoformat() if was else None}
    audit.write(by, "booking.take_back_arrival", appointment, at, **told)
    event = AppointmentChanged(appointment.id, appointment.branch_id, appointment.status, at)
    events.record(event)


def _status_before(appointment: Appointment) -> AppointmentStatus:
    earlier = [each.to_status for each in queries.list_changes(appointment)]
    was_confirmed = AppointmentStatus.CONFIRMED in earlier
    return AppointmentStatus.CONFIRMED if was_confirmed else AppointmentStatus.REQUESTED


def release_capacity(appointment: Appointment, at: datetime) -> None:
    """Give the day's hours back: the order takes its own, or the car does not come."""
    capacity.release(TakeSource.APPOINTMENT, appointment.id, at=at)


def cancel(appointment: Appointment, reason: str, by: User, at: datetime) -> None:
    """Cancel with a reason; slot and hours are free again. Raises Invalid without a reason."""
    staff.require_permission(by, Permission.BOOK)
    change_status(appointment, AppointmentStatus.CANCELLED, by, at, _reason(reason))
    appointment.reason = reason.strip()
    release_capacity(appointment, at)


def record_no_show(appointment: Appointment, reason: str, by: User, at: datetime) -> None:
    """Note that the customer did not come, with what is known of why (P7, P8).

    Raises RuleBroken while the slot and the branch's minutes to wait are not over.
    """
    staff.require_permission(by, Permission.BOOK)
    require_allowed(appointment, AppointmentStatus.NO_SHOW)
    require(gates.missing_to_be_no_show(appointment, at))
    change_status(appointment, AppointmentStatus.NO_SHOW, by, at, _reason(reason))
    appointment.reason = reason.strip()
    release_capacity(appointment, at)


def record_contact(
    appointment: Appointment,
    channel: Channel,
    result: ContactResult,
    *,
    by: User,
    at: datetime,
    note: str = "",
) -> AppointmentContact:
    """Write down a try to reach the customer; a yes confirms the appointment (P3).

    A wrong number marks the customer's number, so that the next visit asks for it. Raises
    RuleBroken for a yes to a time at which the appointment cannot take place.
    """
    staff.require_permission(by, Permission.BOOK)
    if result is ContactResult.CONFIRMED and appointment.is_expected:
        require(gates.missing_to_confirm(appointment))
    contact = AppointmentContact(
        appointment_id=appointment.id,
        at=at,
        by_id=by.id,
        channel=channel,
        result=result,
        note=note.strip(),
    )
    session.add(contact)
    if result is ContactResult.CONFIRMED and appointment.status is AppointmentStatus.REQUESTED:
        change_status(appointment, AppointmentStatus.CONFIRMED, by, at)
    if result is ContactResult.WRONG_NUMBER:
        appointment.customer.phone_invalid = True
    session.flush()
    return contact


def check_version(appointment: Appointment, seen_version: int) -> None:
    """Raise Conflict when the page that was sent showed an older version."""
    if appointment.version != seen_version:
        raise Conflict(
            N_("Somebody else changed this meanwhile. Look at both versions and save again."),
            theirs={
                N_("Status"): appointment.status,
                N_("Booked for"): appointment.slot_at,
                N_("Service advisor"): appointment.advisor.display_name,
            },
            version=appointment.version,
        )


def change_status(
    appointment: Appointment,
    status: AppointmentStatus,
    by: User | None,
    at: datetime,
    reason: str = "",
) -> None:
    """Go to another status along the table, and write it down. Raises RuleBroken off the table."""
    require_allowed(appointment, status)
    appointment.status = status
    note_change(appointment, by, at, reason)


def require_allowed(appointment: Appointment, status: AppointmentStatus) -> None:
    """Raise RuleBroken unless the appointment may go to this status now."""
    if status not in rules.ALLOWED[appointment.status]:
        raise RuleBroken(
            N_("An appointment that is “%(current)s” cannot become “%(wanted)s”."),
            code="status",
            current=appointment.status,
            wanted=status,
        )


def note_change(appointment: Appointment, by: User | None, at: datetime, reason: str = "") -> None:
    """Add the present status to the history and to the audit trail."""
    _keep_status(appointment, by, at, reason)
    audit.write(by, f"booking.{appointment.status.value}", appointment, at)
    events.record(AppointmentChanged(appointment.id, appointment.branch_id, appointment.status, at))


def _keep_status(appointment: Appointment, by: User | None, at: datetime, reason: str) -> None:
    session.add(
        AppointmentChange(
            appointment_id=appointment.id,
            to_status=appointment.status,
            at=at,
            by_id=by.id if by is not None else None,
            reason=reason,
        )
    )


def _reason(reason: str) -> str:
    if not reason.strip():
        raise Invalid(N_("Say why."), field="reason")
    return reason.strip()
