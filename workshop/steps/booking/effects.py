"""What a booked visit holds while it is cancelled."""

from __future__ import annotations

from datetime import datetime

from workshop.capacity import service as capacity
from workshop.capacity.models import TakeSource
from workshop.errors import N_
from workshop.orders.effects import Effect
from workshop.orders.kits import Kits
from workshop.orders.models import RepairOrder
from workshop.staff.models import User
from workshop.steps.booking import calls, queries, service
from workshop.steps.booking.models import Appointment


def list_of_order(order: RepairOrder) -> list[Effect]:
    """The hours that the appointment still holds for the order."""
    appointment = queries.find_by_order(order)
    return _hours(appointment) if appointment is not None else []


def list_of_appointment(appointment: Appointment) -> list[Effect]:
    """What is free again when the appointment does not come true, and what nobody does any more.

    The slot, its hours, the parts that are kept in mind for the day, the calls to the customer.
    """
    slot = Effect(
        N_("%(at)s with %(advisor)s is free for another car."),
        {"at": appointment.slot_at, "advisor": appointment.advisor.display_name},
        _nothing,
    )
    return [slot, *_hours(appointment), *_parts(appointment), *_calls(appointment)]


def _hours(appointment: Appointment) -> list[Effect]:
    takes = capacity.list_takes(TakeSource.APPOINTMENT, appointment.id)
    if not takes:
        return []

    def give_back(_by: User, at: datetime) -> None:
        service.release_capacity(appointment, at)

    words = N_("%(minutes)s min that were kept on the day of the appointment are free again.")
    return [Effect(words, {"minutes": sum(each.minutes for each in takes)}, give_back)]


def _parts(appointment: Appointment) -> list[Effect]:
    """The parts that the list of the day's cars counts for it (P4)."""
    operations = queries.list_operations(appointment)
    parts = Kits(operations).parts
    if not parts:
        return []
    words = N_("These parts are not put aside for that day any more: %(parts)s.")
    return [Effect(words, {"parts": "、".join(part.no for part in parts)}, _nothing)]


def _calls(appointment: Appointment) -> list[Effect]:
    """The calls of P3 that have not reached the customer yet."""
    if not appointment.is_expected or calls.is_reached(appointment):
        return []
    return [Effect(N_("Nobody calls to confirm the appointment any more."), {}, _nothing)]


def _nothing(_by: User, _at: datetime) -> None:
    """It follows from the appointment's own status."""
