"""What the desk does with a customer's own request: it becomes an appointment, or is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from workshop import db, events
from workshop.db import session
from workshop.errors import N_, Invalid
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.booking import service
from workshop.steps.booking.models import Appointment
from workshop.steps.booking.online import gates
from workshop.steps.booking.online.holding import OnlineChanged, give_back
from workshop.steps.booking.online.models import OnlineBooking
from workshop.steps.booking.online.rules import OnlineState


def make_appointment(
    booking: OnlineBooking, book: Callable[[], Appointment], *, by: User, at: datetime
) -> Appointment:
    """Let the desk's own booking take the place of the request, in one transaction.

    `book` makes the appointment as always: if it is refused, the request stays as it was. The
    customer has been called, so the appointment is confirmed with it.
    """
    staff.require_permission(by, Permission.BOOK)
    db.lock("booking", booking.branch_id)
    session.refresh(booking)
    gates.require_allowed(booking, OnlineState.CONFIRMED)
    if booking.takes_time:
        give_back(booking, at, OnlineState.LAPSED)
    made = book()
    booking.appointment_id = made.id
    booking.state, booking.ended_at, booking.answered_by_id = OnlineState.CONFIRMED, at, by.id
    if made.is_requested:
        service.confirm(made, by, at)
    audit.write(by, "booking.confirm_online", booking, at, no=made.no)
    events.record(OnlineChanged(booking.branch_id, at))
    session.flush()
    session.refresh(booking)
    return made


def refuse(booking: OnlineBooking, reason: str, *, by: User, at: datetime) -> None:
    """Say no, with the reason that the customer reads; the time is free again.

    Raises Invalid without a reason, RuleBroken when it was answered already.
    """
    staff.require_permission(by, Permission.BOOK)
    if not reason.strip():
        raise Invalid(N_("Say why."), field="reason")
    db.lock("booking", booking.branch_id)
    session.refresh(booking)
    gates.require_allowed(booking, OnlineState.REFUSED)
    booking.reason, booking.answered_by_id = reason.strip()[:200], by.id
    give_back(booking, at, OnlineState.REFUSED)
    audit.write(by, "booking.refuse_online", booking, at, reason=booking.reason)
    events.record(OnlineChanged(booking.branch_id, at))
