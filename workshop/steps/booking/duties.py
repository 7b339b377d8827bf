"""What an open appointment binds to one person: the advisor who receives the car."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from workshop.db import session
from workshop.errors import N_, Missing
from workshop.staff.duty import Duty
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.booking import slots
from workshop.steps.booking.models import Appointment
from workshop.steps.booking.rules import HOLDS_SLOT, NOT_RECEIVED


def _list_held(users: Collection[User], _at: datetime) -> list[Appointment]:
    query = select(Appointment).where(
        Appointment.advisor_id.in_([each.id for each in users]),
        Appointment.status.in_(NOT_RECEIVED),
    )
    return list(session.scalars(query.order_by(Appointment.slot_at, Appointment.id)))


def _find_obstacle(made: Appointment, to: User, at: datetime) -> Missing | None:
    """Why this person cannot receive the car at its time: no advisor, away, or booked already."""
    values = {"name": to.display_name, "slot": made.slot_at}
    if not to.is_(RoleName.SERVICE_ADVISOR):
        return Missing(N_("%(name)s receives no booked cars."), "no_advisor", values)
    if made.slot_at > at and not slots.is_on_duty(made.branch, to, made.slot_at):
        return Missing(N_("%(name)s is not at work at %(slot)s."), "advisor_away", values)
    query = select(Appointment.id).where(
        Appointment.advisor_id == to.id,
        Appointment.slot_at == made.slot_at,
        Appointment.status.in_(HOLDS_SLOT),
    )
    if session.scalar(query.limit(1)) is not None:
        return Missing(N_("%(name)s has another car at %(slot)s."), "slot_taken", values)
    return None


def _hand(made: Appointment, to: User) -> None:
    made.advisor_id, made.advisor = to.id, to


DUTIES = (
    Duty(
        "appointment",
        N_("Appointments"),
        "appointment.advisor_id",
        N_("While the advisor is not at work any advisor receives the car"),
        _list_held,
        lambda made: f"{made.no} {made.vehicle.called}",
        lambda made: f"/booking/{made.no}",
        _find_obstacle,
        _hand,
    ),
)
