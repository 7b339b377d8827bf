"""Making an appointment, and moving one to another time.

Everything is checked and taken in one transaction: the slot, the car's day, and the hours of each
skill. Whoever comes second is refused with the next free day (domain.md P1, P9, step 1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from workshop import db
from workshop.catalogue.models import Operation
from workshop.customers import rules as customer_rules
from workshop.customers.contacts import queries as contacts
from workshop.customers.models import Channel, Customer, Vehicle
from workshop.db import session
from workshop.errors import N_, Invalid, RuleBroken
from workshop.orders.models import DeferredWork
from workshop.shop import calendar, numbers
from workshop.shop.models import Branch, Technician
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.booking import estimates, hours, queries, service, slots
from workshop.steps.booking.estimates import Estimate
from workshop.steps.booking.models import (
    Appointment,
    AppointmentKind,
    AppointmentOperation,
    AppointmentSource,
)
from workshop.steps.booking.rules import AppointmentStatus

NO_CONCERN = N_("Write down what the customer says.")


@dataclass(frozen=True)
class Wish:
    """What the customer wants: the words, the work, and how the visit is to go."""

    concern: str
    operations: Sequence[Operation] = ()
    deferred: Sequence[DeferredWork] = ()
    kind: AppointmentKind = AppointmentKind.REPAIR
    source: AppointmentSource = AppointmentSource.PHONE
    channel: Channel = Channel.PHONE
    stays: bool | None = None
    contact_name: str = ""
    contact_phone: str = ""
    wished_technician: Technician | None = None


def book(
    vehicle: Vehicle,
    customer: Customer,
    wish: Wish,
    *,
    advisor: User,
    slot_at: datetime,
    branch: Branch,
    by: User,
    at: datetime,
    overbook_reason: str = "",
) -> Appointment:
    """Book a free slot of an advisor and the hours that the work needs on that day.

    With `overbook_reason` a full day is booked all the same by somebody who may override rules,
    and it is written down (NotAllowed otherwise). Raises Invalid (field "concern" or "slot") for
    what cannot be a booking; RuleBroken, field "slot", when somebody has the slot or the day is
    full (the next free day is named), and code "booked_twice" when the car is expected that day.
    """
    staff.require_permission(by, Permission.BOOK)
    _require_concern(wish)
    # One booking at a time in a branch: the last slot goes to one caller, the others are told.
    db.lock("booking", branch.id)
    day = calendar.local_day(branch, slot_at)
    _require_slot(branch, day, advisor, slot_at, at)
    _refuse_second_booking(vehicle, day)
    needed = estimates.estimate(branch, wish.operations, day=day, size=vehicle.size)
    appointment = _appointment(vehicle, customer, wish, advisor, slot_at, day, branch, needed)
    appointment.no = numbers.next_number(branch.id, "AP", calendar.local_day(branch, at))
    appointment.created_by_id, appointment.created_at = by.id, at
    session.add(appointment)
    session.flush()
    _add_operations(appointment, wish)
    hours.take(appointment, needed, overbook_reason, by=by, at=at)
    service.note_change(appointment, by, at)
    session.flush()
    return appointment


def reschedule(
    appointment: Appointment,
    seen_version: int,
    wish: Wish,
    *,
    advisor: User,
    slot_at: datetime,
    by: User,
    at: datetime,
    reason: str = "",
    overbook_reason: str = "",
) -> Appointment:
    """Make a new appointment in place of this one, whose slot and hours are free again.

    A no-show who is booked again stays a no-show. Raises as `book` does, Conflict when the page
    was stale, and RuleBroken when the car has come or the appointment has been replaced already.
    """
    staff.require_permission(by, Permission.BOOK)
    db.lock("booking", appointment.branch_id)
    service.check_version(appointment, seen_version)
    _refuse_second_replacement(appointment)
    if appointment.status is not AppointmentStatus.NO_SHOW:
        service.change_status(appointment, AppointmentStatus.RESCHEDULED, by, at, reason.strip())
        appointment.reason = reason.strip()
    service.release_capacity(appointment, at)
    session.flush()
    replacement = book(
        appointment.vehicle,
        appointment.customer,
        wish,
        advisor=advisor,
        slot_at=slot_at,
        branch=appointment.branch,
        by=by,
        at=at,
        overbook_reason=overbook_reason,
    )
    replacement.replaces_id = appointment.id
    session.flush()
    return replacement


def _refuse_second_replacement(appointment: Appointment) -> None:
    other = queries.find_replacement(appointment)
    if other is not None:
        raise RuleBroken(
            N_("This appointment was replaced by %(no)s."), code="replaced", no=other.no
        )


def _require_concern(wish: Wish) -> None:
    if not wish.concern.strip():
        raise Invalid(NO_CONCERN, field="concern")


def _require_slot(
    branch: Branch, day: date, advisor: User, slot_at: datetime, at: datetime
) -> None:
    if advisor not in slots.list_advisors(branch):
        raise Invalid(N_("This person receives no booked cars."), field="slot")
    if slot_at < at:
        raise Invalid(N_("This time is over."), field="slot")
    on_grid = [each for each in slots.day_grid(branch, day) if each.at == slot_at]
    if not on_grid:
        raise Invalid(N_("This is no time of the arrival grid."), field="slot")
    if on_grid[0].is_for_walk_ins:
        raise RuleBroken(
            N_("The last quarter of each hour stays free for walk-ins."),
            field="slot",
            code="walk_ins",
        )
    if not slots.is_on_duty(branch, advisor, slot_at):
        raise RuleBroken(
            N_("%(advisor)s is not at work at %(slot)s. Choose another time or advisor."),
            field="slot",
            code="advisor_away",
            slot=slot_at,
            advisor=advisor.display_name,
        )
    if (advisor.id, slot_at) in queries.list_taken(branch, day):
        raise RuleBroken(
            N_("Somebody else has just taken %(slot)s with %(advisor)s. Choose another time."),
            field="slot",
            code="slot_taken",
            slot=slot_at,
            advisor=advisor.display_name,
        )


def _refuse_second_booking(vehicle: Vehicle, day: date) -> None:
    other = queries.find_expected(vehicle, day)
    if other is not None:
        raise RuleBroken(
            N_("This vehicle is expected on that day already, at %(slot)s (%(no)s)."),
            code="booked_twice",
            slot=other.slot_at,
            no=other.no,
        )


def _appointment(
    vehicle: Vehicle,
    customer: Customer,
    wish: Wish,
    advisor: User,
    slot_at: datetime,
    day: date,
    branch: Branch,
    needed: Estimate,
) -> Appointment:
    phone = wish.contact_phone
    if phone:
        phone = customer_rules.normalise_phone(phone, field="contact_phone")
    comes = contacts.complete(customer, vehicle, wish.contact_name.strip(), phone)
    return Appointment(
        branch_id=branch.id,
        vehicle_id=vehicle.id,
        customer_id=customer.id,
        advisor_id=advisor.id,
        slot_at=slot_at,
        day=day,
        concern=wish.concern.strip(),
        status=AppointmentStatus.REQUESTED,
        kind=wish.kind,
        source=wish.source,
        channel=wish.channel,
        stays=wish.stays,
        contact_name=comes.name,
        contact_phone=comes.phone,
        wished_technician_id=wish.wished_technician.id if wish.wished_technician else None,
        estimated_minutes=needed.minutes,
        estimated_fen=needed.fen,
    )


def _add_operations(appointment: Appointment, wish: Wish) -> None:
    offered = {each.operation_id: each.id for each in wish.deferred if each.operation_id}
    for operation in dict.fromkeys(wish.operations):
        session.add(
            AppointmentOperation(
                appointment_id=appointment.id,
                operation_id=operation.id,
                deferred_work_id=offered.get(operation.id),
            )
        )
