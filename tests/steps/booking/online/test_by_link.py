"""What the customer does by the own link, and the entry in the own calendar."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import select

from tests import factories
from tests.factories import AT
from tests.steps.booking.factories import local, make_appointment
from tests.steps.booking.online.factories import ask, hold, make_online
from workshop.db import session
from workshop.errors import RuleBroken
from workshop.staff.models import User
from workshop.steps.booking import making, service
from workshop.steps.booking.making import Wish
from workshop.steps.booking.models import Appointment, AppointmentChange
from workshop.steps.booking.online import answering, by_link, calendar_file, queries
from workshop.steps.booking.online.calendar_file import Visit
from workshop.steps.booking.online.models import OnlineBooking
from workshop.steps.booking.online.rules import OnlineState
from workshop.steps.booking.rules import AppointmentStatus

pytestmark = pytest.mark.usefixtures("database")


def confirm(booking: OnlineBooking, advisor: User) -> Appointment:
    car = factories.make_vehicle()

    def book() -> Appointment:
        return making.book(
            car,
            car.customer,
            Wish("刹车有异响"),
            advisor=advisor,
            slot_at=booking.slot_at,
            branch=booking.branch,
            by=advisor,
            at=AT,
        )

    return answering.make_appointment(booking, book, by=advisor, at=AT)


def test_a_request_is_cancelled_and_its_time_is_free() -> None:
    branch, (advisor,) = make_online()
    booking = ask(hold(branch))
    by_link.cancel(booking, at=AT)
    by_link.cancel(booking, at=AT)
    assert booking.state is OnlineState.CANCELLED
    make_appointment(advisor, "14:00", 1)


def test_a_confirmed_visit_is_cancelled_by_nobody_of_the_shop() -> None:
    branch, (advisor,) = make_online()
    booking = ask(hold(branch))
    made = confirm(booking, advisor)
    by_link.cancel(booking, at=AT)
    assert made.status is AppointmentStatus.CANCELLED
    last = session.scalars(select(AppointmentChange).order_by(AppointmentChange.id.desc())).first()
    assert last is not None
    assert last.by is None
    make_appointment(advisor, "14:00", 1)


def test_after_the_cut_off_the_customer_has_to_call() -> None:
    branch, (advisor,) = make_online()
    booking = ask(hold(branch))
    made = confirm(booking, advisor)
    late = booking.slot_at - timedelta(minutes=119)
    assert by_link.may_cancel(booking, made, late - timedelta(minutes=1))
    assert not by_link.may_cancel(booking, made, late)
    with pytest.raises(RuleBroken) as refusal:
        by_link.cancel(booking, at=late)
    assert refusal.value.code == "too_late"


def test_a_car_that_has_come_is_not_cancelled_from_home() -> None:
    branch, (advisor,) = make_online()
    booking = ask(hold(branch))
    made = confirm(booking, advisor)
    service.register_arrival(made, advisor, made.slot_at - timedelta(hours=3))
    with pytest.raises(RuleBroken):
        by_link.cancel(booking, at=made.slot_at - timedelta(hours=3))
    assert made.status is AppointmentStatus.ARRIVED


def test_the_link_follows_a_visit_that_the_desk_moved() -> None:
    branch, (advisor,) = make_online()
    booking = ask(hold(branch))
    made = confirm(booking, advisor)
    moved = making.reschedule(
        made,
        made.version,
        Wish("刹车有异响"),
        advisor=advisor,
        slot_at=local("15:00", 2),
        by=advisor,
        at=AT,
    )
    assert queries.find_current(booking) is moved
    by_link.cancel(booking, at=AT)
    assert moved.status is AppointmentStatus.CANCELLED


def entry(**values: Any) -> Any:
    visit = Visit(
        **{
            "uid": "a@booking",
            "sequence": 1,
            "starts_at": local("14:00", 1),
            "minutes": 60,
            "zone": "Asia/Shanghai",
            "title": "到店",
            "place": "上海",
            "is_confirmed": True,
            "is_cancelled": False,
            **values,
        }
    )
    return Calendar.from_ical(calendar_file.write(visit, at=AT))


def test_19_a_moved_visit_moves_the_same_entry_and_is_right_on_a_london_laptop() -> None:
    first, moved = entry(), entry(sequence=2, starts_at=local("15:00", 2))
    one, other = first.events[0], moved.events[0]
    assert one["UID"] == other["UID"]
    assert other["SEQUENCE"] > one["SEQUENCE"]
    # The shop's own zone goes along, so that no reader takes 15:00 for the own 15:00.
    assert [str(each["TZID"]) for each in moved.timezones] == ["Asia/Shanghai"]
    assert other["DTSTART"].dt == local("15:00", 2)


def test_a_cancelled_visit_goes_from_the_calendar() -> None:
    gone = entry(is_cancelled=True)
    assert (gone["METHOD"], gone.events[0]["STATUS"]) == ("CANCEL", "CANCELLED")
