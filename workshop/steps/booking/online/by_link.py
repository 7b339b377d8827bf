"""What a customer does by the own link: the visit is cancelled while there is time for others."""

from __future__ import annotations

from datetime import datetime

from workshop import db, events
from workshop.db import session
from workshop.errors import N_, RuleBroken
from workshop.staff import audit
from workshop.steps.booking import service
from workshop.steps.booking.models import Appointment
from workshop.steps.booking.online import queries, rules
from workshop.steps.booking.online.holding import OnlineChanged, give_back
from workshop.steps.booking.online.models import OnlineBooking
from workshop.steps.booking.online.rules import OnlineState
from workshop.steps.booking.rules import AppointmentStatus

BY_CUSTOMER = N_("Cancelled by the customer on the booking page")


def cancel(booking: OnlineBooking, *, at: datetime) -> None:
    """Give the time back for good, and the appointment that was made of it; twice is once.

    Raises RuleBroken after the cut-off, and when the car has come or the desk ended it already.
    """
    db.lock("booking", booking.branch_id)
    session.refresh(booking)
    if booking.state is OnlineState.CANCELLED:
        return
    made = queries.find_current(booking)
    _require_in_time(booking, made, at)
    if booking.takes_time:
        give_back(booking, at, OnlineState.CANCELLED)
    elif made is not None and made.is_expected:
        service.change_status(made, AppointmentStatus.CANCELLED, None, at, BY_CUSTOMER)
        made.reason = BY_CUSTOMER
        service.release_capacity(made, at)
        booking.state, booking.ended_at = OnlineState.CANCELLED, at
    else:
        raise RuleBroken(N_("There is nothing left to cancel. Please call us."), code="over")
    audit.write(None, "booking.cancel_online", booking, at)
    events.record(OnlineChanged(booking.branch_id, at))
    session.flush()


def may_cancel(booking: OnlineBooking, made: Appointment | None, at: datetime) -> bool:
    """Whether the page offers it: something is to come, and there is time."""
    is_to_come = booking.is_requested or (
        booking.is_confirmed and made is not None and made.is_expected
    )
    return is_to_come and _is_in_time(booking, made, at)


def _is_in_time(booking: OnlineBooking, made: Appointment | None, at: datetime) -> bool:
    slot_at = made.slot_at if made is not None else booking.slot_at
    return rules.may_change(slot_at, queries.rules_of(booking.branch).cutoff_minutes, at)


def _require_in_time(booking: OnlineBooking, made: Appointment | None, at: datetime) -> None:
    if not _is_in_time(booking, made, at):
        raise RuleBroken(
            N_("It is too late to cancel here. Please call us: %(phone)s"),
            code="too_late",
            phone=booking.branch.phone,
        )
