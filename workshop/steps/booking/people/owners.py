"""A car changes hands: what its old owner has agreed on, and what goes over to the new one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from workshop.customers.contacts import queries as contacts
from workshop.customers.models import Customer, Vehicle
from workshop.db import session
from workshop.errors import N_, Way
from workshop.orders.flow import OPEN
from workshop.orders.models import RepairOrder
from workshop.orders.ties import Tie
from workshop.shop.models import Branch
from workshop.staff import audit
from workshop.staff.models import User
from workshop.steps.booking.models import Appointment
from workshop.steps.booking.rules import NOT_RECEIVED


def list_ties(vehicle: Vehicle, owner: Customer, _branch: Branch) -> list[Tie]:
    """The owner's appointments with the car, and their order in the shop."""
    booked = [
        Tie(
            N_("Appointment %(no)s on %(at)s"),
            Way("booking.appointment", N_("Open the appointment"), {"no": each.no}),
            {"no": each.no, "at": each.slot_at},
            moves=True,
        )
        for each in _list_appointments(vehicle)
        if each.customer_id == owner.id
    ]
    query = select(RepairOrder).where(
        RepairOrder.vehicle_id == vehicle.id,
        RepairOrder.customer_id == owner.id,
        RepairOrder.stage.in_(OPEN),
    )
    in_shop = [
        Tie(
            N_("Repair order %(no)s: the car is in the shop"),
            Way("desk.order", N_("Open the order"), {"no": each.no}),
            {"no": each.no},
        )
        for each in session.scalars(query).unique()
    ]
    return [*booked, *in_shop]


def list_former(vehicle: Vehicle) -> list[Customer]:
    """Other customers who have appointments with the car: owners it had when they were made."""
    found = {each.customer for each in _list_appointments(vehicle)}
    return sorted(found - {vehicle.customer}, key=lambda each: each.id)


def has_appointments(vehicle: Vehicle) -> bool:
    """Whether somebody is to come with the car."""
    return bool(_list_appointments(vehicle))


def give_appointments(vehicle: Vehicle, *, by: User, at: datetime) -> list[Appointment]:
    """Let the owner of today have all appointments of the car, and come to them."""
    given = [each for each in _list_appointments(vehicle) if each.customer is not vehicle.customer]
    for each in given:
        old, new = each.customer, vehicle.customer
        if _is_of(old, each.contact_name, each.contact_phone):
            comes = contacts.reach(new, vehicle)
            each.contact_name, each.contact_phone = comes.name, comes.phone
        each.customer_id, each.customer = new.id, new
        audit.write(by, "booking.give", each, at, old=old.id, new=new.id)
    session.flush()
    return given


def _list_appointments(vehicle: Vehicle) -> list[Appointment]:
    query = select(Appointment).where(
        Appointment.vehicle_id == vehicle.id, Appointment.status.in_(NOT_RECEIVED)
    )
    return list(session.scalars(query.order_by(Appointment.slot_at)).unique())


def _is_of(customer: Customer, name: str, phone: str) -> bool:
    people = [(each.name, each.phone) for each in customer.people]
    people.append((customer.name, customer.phone))
    return any(name in ("", own) or phone == number for own, number in people)
