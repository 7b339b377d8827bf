"""What the page of one appointment shows: who comes when, what for, and what may be done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from workshop.errors import N_
from workshop.staff.access import me
from workshop.staff.permissions import Permission
from workshop.steps.booking import effects, estimates, gates, queries
from workshop.steps.booking.forms import ContactForm, ReasonForm
from workshop.steps.booking.models import Appointment
from workshop.steps.booking.rules import AppointmentStatus

CANCEL_REASONS = (
    N_("No time"),
    N_("Repaired elsewhere"),
    N_("Price too high"),
    N_("Vehicle sold"),
    N_("Booked by mistake"),
)
BACK_REASONS = (
    N_("Another car"),
    N_("Stamped by mistake"),
    N_("Only asked something"),
)
NO_SHOW_REASONS = (
    N_("Cannot be reached"),
    N_("Forgot the appointment"),
    N_("Held up, will call"),
    N_("Comes another day"),
)


def show(found: Appointment, at: datetime, **submitted: Any) -> dict[str, Any]:
    """All that the page needs; `submitted` are forms that come back with what was typed."""
    may_book = me().may(Permission.BOOK)
    return {
        "appointment": found,
        "estimate": estimates.estimate(
            found.branch,
            queries.list_operations(found),
            day=found.day,
            size=found.vehicle.size,
        ),
        "contacts": queries.list_contacts(found),
        "changes": queries.list_changes(found),
        "order": queries.find_order_of(found),
        "replacement": queries.find_replacement(found),
        "replaced": queries.find_replaced(found),
        "confirm_missing": gates.missing_to_confirm(found) if found.is_expected else [],
        "arrival_missing": gates.missing_to_arrive(found, at),
        "can_record_no_show": may_book and found.is_expected,
        "can_cancel": may_book and found.is_open,
        "can_take_back": found.status is AppointmentStatus.ARRIVED
        and me().may(Permission.REGISTER_ARRIVAL),
        "back_reasons": BACK_REASONS,
        "back_form": ReasonForm(formdata=None, prefix="back-"),
        "no_show_missing": gates.missing_to_be_no_show(found, at),
        "effects": effects.list_of_appointment(found),
        "cancel_reasons": CANCEL_REASONS,
        "no_show_reasons": NO_SHOW_REASONS,
        "cancel_form": ReasonForm(formdata=None, prefix="cancel-"),
        "missed_form": ReasonForm(formdata=None, prefix="missed-"),
        "contact_form": ContactForm(formdata=None, channel=found.channel),
        **submitted,
    }
