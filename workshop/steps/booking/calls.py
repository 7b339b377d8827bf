"""Which customers are to be called about their appointment, and why now (P3, P8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from workshop.db import session
from workshop.enums import LabelledEnum
from workshop.errors import N_
from workshop.shop import calendar
from workshop.shop.models import Branch
from workshop.steps.booking.models import Appointment, AppointmentContact, ContactResult
from workshop.steps.booking.rules import EXPECTED, AppointmentStatus

_HOUR = timedelta(hours=1)


class CallReason(LabelledEnum):
    """Why a call is due."""

    NO_SHOW = "no_show", N_("Did not come: book again")
    HOUR_BEFORE = "hour_before", N_("Comes within the hour")
    DAY_BEFORE = "day_before", N_("Confirm the day before")


@dataclass(frozen=True)
class DueCall:
    """A customer to call: about which appointment, why, and how often it was tried."""

    appointment: Appointment
    reason: CallReason
    tries: int

    @property
    def is_no_show(self) -> bool:
        return self.reason is CallReason.NO_SHOW


def list_due(branch: Branch, at: datetime) -> list[DueCall]:
    """The calls that are due at `at`, the most pressing first.

    The day before (on the last open day before a closed one) until the customer has said yes;
    again within the last hour; and once more on the day when the customer did not come.
    """
    today = calendar.local_day(branch, at)
    following = calendar.next_open_day(branch, today)
    query = select(Appointment).where(
        Appointment.branch_id == branch.id,
        Appointment.day.between(today, following),
        Appointment.status.in_(EXPECTED | {AppointmentStatus.NO_SHOW}),
    )
    appointments = list(session.scalars(query.order_by(Appointment.slot_at)))
    contacts = _contacts_of(appointments)
    replaced = _replaced(appointments)
    due = []
    for appointment in appointments:
        reason = _reason(appointment, contacts[appointment.id], at)
        if reason is not None and appointment.id not in replaced:
            tries = _count_tries(contacts[appointment.id])
            due.append(DueCall(appointment, reason, tries))
    order = list(CallReason)
    return sorted(due, key=lambda call: (order.index(call.reason), call.appointment.slot_at))


def _reason(
    appointment: Appointment, contacts: list[AppointmentContact], at: datetime
) -> CallReason | None:
    if appointment.status is AppointmentStatus.NO_SHOW:
        missed = [each for each in contacts if each.at >= appointment.slot_at]
        return None if _is_reached(missed) else CallReason.NO_SHOW
    if appointment.slot_at <= at:
        return None
    if appointment.slot_at - at <= _HOUR:
        recent = [each for each in contacts if each.at >= appointment.slot_at - 2 * _HOUR]
        return None if _is_reached(recent) else CallReason.HOUR_BEFORE
    return None if _is_reached(contacts) else CallReason.DAY_BEFORE


def is_reached(appointment: Appointment) -> bool:
    """Whether somebody has spoken to the customer about the appointment."""
    return _is_reached(_contacts_of([appointment])[appointment.id])


def _is_reached(contacts: list[AppointmentContact]) -> bool:
    return any(each.result is not ContactResult.NO_ANSWER for each in contacts)


def _count_tries(contacts: list[AppointmentContact]) -> int:
    return sum(each.result is ContactResult.NO_ANSWER for each in contacts)


def _contacts_of(appointments: list[Appointment]) -> dict[int, list[AppointmentContact]]:
    ids = [appointment.id for appointment in appointments]
    found: dict[int, list[AppointmentContact]] = {each: [] for each in ids}
    query = select(AppointmentContact).where(AppointmentContact.appointment_id.in_(ids))
    for contact in session.scalars(query.order_by(AppointmentContact.id)):
        found[contact.appointment_id].append(contact)
    return found


def _replaced(appointments: list[Appointment]) -> set[int]:
    ids = [appointment.id for appointment in appointments]
    query = select(Appointment.replaces_id).where(Appointment.replaces_id.in_(ids))
    return {each for each in session.scalars(query) if each is not None}
