"""Fifty callers at once, each in a thread of its own, through the same service as the pages."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import func, select

from tests import factories
from tests.databases import Database
from tests.steps.booking.factories import local, make_appointment, make_shop
from workshop import db
from workshop.capacity.models import CapacityTake
from workshop.catalogue.models import Operation
from workshop.customers.models import Vehicle
from workshop.db import session
from workshop.errors import RuleBroken
from workshop.shop.models import Branch
from workshop.staff.models import User
from workshop.steps.booking import making
from workshop.steps.booking.making import Wish
from workshop.steps.booking.models import Appointment
from workshop.steps.booking.rules import HOLDS_SLOT

CALLERS = 50


def all_at_once(app: Flask, call: Callable[[int], None]) -> Counter[str]:
    """Let all callers begin together; count what each was answered."""
    start = threading.Barrier(CALLERS)

    def caller(number: int) -> str:
        start.wait()
        with app.app_context():
            try:
                call(number)
                db.commit()
            except RuleBroken as refusal:
                db.rollback()
                return refusal.code
            return "booked"

    with ThreadPoolExecutor(CALLERS) as pool:
        return Counter(pool.map(caller, range(CALLERS)))


def book(
    vehicle_id: int, advisor_id: int, slot: str, days: int, operation_ids: list[int]
) -> Appointment:
    vehicle = session.get_one(Vehicle, vehicle_id)
    advisor = session.get_one(User, advisor_id)
    return making.book(
        vehicle,
        vehicle.customer,
        Wish("换机油", operations=[session.get_one(Operation, each) for each in operation_ids]),
        advisor=advisor,
        slot_at=local(slot, days),
        branch=session.get_one(Branch, advisor.branch_id),
        by=advisor,
        at=factories.AT,
    )


def test_the_last_slot_goes_to_one_of_fifty_callers(database: Database) -> None:
    # given an hour of which one slot is left, and hours enough
    _, (advisor,) = make_shop(technicians=6)
    make_appointment(advisor, "14:00")
    make_appointment(advisor, "14:30")
    cars = [factories.make_vehicle().id for _ in range(CALLERS)]
    advisor_id = advisor.id
    db.commit()
    # when
    answers = all_at_once(
        database.app, lambda number: void(book(cars[number], advisor_id, "14:15", 0, []))
    )
    # then
    assert answers == {"booked": 1, "slot_taken": CALLERS - 1}
    db.rollback()
    live = select(func.count(Appointment.id)).where(
        Appointment.slot_at == local("14:15"), Appointment.status.in_(HOLDS_SLOT)
    )
    assert session.scalar(live) == 1
    # and those who were refused hold no hours
    assert session.scalar(select(func.count(CapacityTake.id))) == 3


def test_the_last_hours_of_a_day_go_to_one_of_fifty_callers(database: Database) -> None:
    # given 432 sellable minutes of tomorrow, and callers who each want 240 of them at other times
    _, advisors = make_shop(advisors=2, technicians=1)
    operation_id = factories.make_operation(book_minutes=240).id
    cars = [factories.make_vehicle().id for _ in range(CALLERS)]
    slots = [
        (advisor.id, f"{hour:02}:{minute:02}")
        for advisor in advisors
        for hour in range(8, 18)
        for minute in (0, 15, 30)
    ]
    db.commit()

    # when
    def call(number: int) -> None:
        advisor_id, slot = slots[number]
        book(cars[number], advisor_id, slot, 1, [operation_id])

    answers = all_at_once(database.app, call)
    # then
    assert answers == {"booked": 1, "full": CALLERS - 1}
    db.rollback()
    assert session.scalar(select(func.sum(CapacityTake.minutes))) == 240


def void(_appointment: Appointment) -> None:
    """A caller hangs up without reading the slip."""
