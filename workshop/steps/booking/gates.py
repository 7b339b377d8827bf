"""What a confirmation, an arrival or a no-show still needs."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from workshop.errors import N_, Missing, Way
from workshop.orders import ticks
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.orders.ticks import Tick
from workshop.shop.models import Branch
from workshop.steps.booking import queries, rules
from workshop.steps.booking.models import Appointment
from workshop.steps.booking.rules import AppointmentStatus, Clash

_CLASHES = {
    Clash.CLOSED: N_(
        "The shop is closed at %(slot)s. Give it another time, cancel it, or call the customer "
        "and note on the call list what is agreed."
    ),
    Clash.ADVISOR: N_(
        "%(advisor)s is not at work at %(slot)s. Give it another time or advisor, cancel it, or "
        "call the customer and note on the call list what is agreed."
    ),
}


def missing_to_confirm(appointment: Appointment) -> list[Missing]:
    """What a yes to the time still needs: the shop is open then, and the advisor at work."""
    return list_missing_to_confirm(appointment.branch, [appointment]).get(appointment.id, [])


def list_missing_to_confirm(
    branch: Branch, appointments: list[Appointment]
) -> dict[int, list[Missing]]:
    """The same for several appointments, by appointment id."""
    found: dict[int, list[Missing]] = {}
    for each, clash in queries.clashes_of(branch, appointments):
        if clash in _CLASHES:
            values = {"slot": each.slot_at, "advisor": each.advisor.display_name}
            way = Way("booking.change", N_("Another time or work"), {"no": each.no})
            missing = Missing(_CLASHES[clash], clash.value, values, way)
            found.setdefault(each.id, []).append(missing)
    return found


def missing_to_arrive(appointment: Appointment, at: datetime) -> list[Missing]:
    """What an arrival stamp still needs: it must be the appointment's day."""
    if at.astimezone(ZoneInfo(appointment.branch.zone)).date() == appointment.day:
        return []
    return [
        Missing(
            N_("This appointment is for %(slot)s. Change its time first."),
            "other_day",
            {"slot": appointment.slot_at},
            Way("booking.change", N_("Change the time"), {"no": appointment.no}),
        )
    ]


def missing_to_be_no_show(appointment: Appointment, at: datetime) -> list[Missing]:
    """What a no-show still needs: the customer may come late for a while (P7)."""
    since = rules.no_show_from(appointment.slot_at, appointment.branch.no_show_minutes)
    if at >= since:
        return []
    return [
        Missing(
            N_("Not before %(since)s: the customer may still come."), "too_early", {"since": since}
        )
    ]


def missing(_order: RepairOrder) -> list[Missing]:
    """What booking still needs for an order: nothing, the car is here."""
    return []


def tick(order: RepairOrder) -> Tick:
    """How far the step is: the customer came by appointment, or without."""
    if order.is_walk_in:
        return ticks.skipped(N_("The customer came without an appointment."))
    return ticks.DONE


def missing_to_take_back(appointment: Appointment) -> list[Missing]:
    """Why an arrival cannot be taken back: none is stamped, or the reception has gone on."""
    if appointment.status is AppointmentStatus.ARRIVED:
        return []
    order = queries.find_order_of(appointment)
    if order is None:
        return [Missing(N_("No arrival is stamped for this appointment."), "not_arrived")]
    if order.stage is Stage.CANCELLED:
        return []
    words = N_("Order %(no)s was opened for it. Take the reception back first.")
    way = Way("reception.show", N_("Open the reception"), {"no": order.no})
    return [Missing(words, "received", {"no": order.no}, way)]
