"""What a booked visit holds while it is cancelled."""

from __future__ import annotations

from datetime import datetime

from workshop.capacity import service as capacity
from workshop.capacity.models import TakeSource
from workshop.errors import N_
from workshop.orders.effects import Effect
from workshop.orders.models import RepairOrder
from workshop.staff.models import User
from workshop.steps.booking import queries, service
from workshop.steps.booking.models import Appointment


def list_of_order(order: RepairOrder) -> list[Effect]:
    """The hours that the appointment still holds for the order."""
    appointment = queries.find_by_order(order)
    return _hours(appointment) if appointment is not None else []


def list_of_appointment(appointment: Appointment) -> list[Effect]:
    """What is free again when the appointment does not come true: the slot and its hours."""
    slot = Effect(
        N_("%(at)s with %(advisor)s is free for another car."),
        {"at": appointment.slot_at, "advisor": appointment.advisor.display_name},
        _nothing,
    )
    return [slot, *_hours(appointment)]


def _hours(appointment: Appointment) -> list[Effect]:
    takes = capacity.list_takes(TakeSource.APPOINTMENT, appointment.id)
    if not takes:
        return []

    def give_back(_by: User, at: datetime) -> None:
        service.release_capacity(appointment, at)

    words = N_("%(minutes)s min that were kept on the day of the appointment are free again.")
    return [Effect(words, {"minutes": sum(each.minutes for each in takes)}, give_back)]


def _nothing(_by: User, _at: datetime) -> None:
    """A slot is free by the appointment's own status."""
