"""What is open follows when a car or a customer is put right: contacts, screens, desks, links."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy import select

from workshop import events
from workshop.customers.identity import settling
from workshop.customers.identity.asking import Questions, Typed
from workshop.customers.identity.rules import PersonAnswer
from workshop.customers.identity.settling import About, Settled
from workshop.customers.models import Customer, CustomerContact, Vehicle
from workshop.db import session
from workshop.orders import ties
from workshop.orders.flow import OPEN
from workshop.orders.models import OrderChanged, RepairOrder
from workshop.orders.ties import Tie
from workshop.shop.models import Branch
from workshop.staff.models import User
from workshop.steps.booking.models import Appointment
from workshop.steps.booking.people import owners
from workshop.steps.booking.rules import NOT_RECEIVED

T = TypeVar("T")


def settle(typed: Typed, about: About, *, gives: bool = False, by: User, at: datetime) -> Settled:
    """Find, correct or make the car and the customer; what is open follows.

    A new owner takes the appointments over that the owner so far has made, if that `gives` them;
    else they stand on the call list until somebody has asked. Raises as `settling.settle` does.
    """
    person = typed.decide().person
    known = session.get(Customer, person.target) if person and person.target else None

    def do() -> Settled:
        return settling.settle(
            typed.read(),
            about,
            car_code=typed.car_code,
            person_code=typed.person_code,
            picked=typed.picked,
            by=by,
            at=at,
        )

    settled = put_right(known, do) if known is not None else do()
    if gives and person is not None and person.answer is PersonAnswer.NEW_OWNER:
        owners.give_appointments(settled.vehicle, by=by, at=at)
    tell_of(settled.vehicle, at)
    return settled


def list_at_stake(asked: Questions | None, branch: Branch) -> list[Tie]:
    """What lies with the owner on record, while the desk asks whether the car has a new one."""
    if asked is None or asked.owner is None or asked.car is None:
        return []
    is_asked = any(each.answer is PersonAnswer.NEW_OWNER for each in asked.about_person)
    return ties.list_ties(asked.car, asked.owner, branch) if is_asked else []


def put_right(person: Customer | CustomerContact, act: Callable[[], T]) -> T:
    """Do what corrects a customer or somebody of a company; who was to come still comes."""
    customer = person if isinstance(person, Customer) else person.customer
    name, phone = person.name, person.phone
    done = act()
    for appointment in _appointments_to_come(customer):
        if appointment.contact_name == name:
            appointment.contact_name = person.name
        if appointment.contact_phone == phone:
            appointment.contact_phone = person.phone
    for order in _open_orders(RepairOrder.customer_id == customer.id):
        if order.bringer_name == name:
            order.bringer_name = person.name
        if order.bringer_phone == phone:
            order.bringer_phone = person.phone
    session.flush()
    return done


def tell_of(vehicle: Vehicle, at: datetime) -> None:
    """Tell screens and desks that the car of an open order is called otherwise now."""
    for order in _open_orders(RepairOrder.vehicle_id == vehicle.id):
        events.record(OrderChanged(order.id, order.branch_id, at))


def tell_of_customer(customer: Customer, at: datetime) -> None:
    """Tell screens and desks that the customer of an open order is called otherwise now."""
    for order in _open_orders(RepairOrder.customer_id == customer.id):
        events.record(OrderChanged(order.id, order.branch_id, at))


def _appointments_to_come(customer: Customer) -> list[Appointment]:
    query = select(Appointment).where(
        Appointment.customer_id == customer.id, Appointment.status.in_(NOT_RECEIVED)
    )
    return list(session.scalars(query))


def _open_orders(whose: sa.ColumnElement[bool]) -> list[RepairOrder]:
    query = select(RepairOrder).where(whose, RepairOrder.stage.in_(OPEN))
    return list(session.scalars(query))
