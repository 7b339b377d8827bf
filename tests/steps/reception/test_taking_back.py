"""A mistaken arrival or reception is taken back while nothing was signed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import make_branch, make_user, make_vehicle
from tests.steps.booking import factories as bookings
from tests.steps.reception.factories import complete, make_reception
from workshop.db import session
from workshop.errors import Invalid, RuleBroken
from workshop.orders.flow import Stage
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.booking import service as booking
from workshop.steps.booking.rules import AppointmentStatus
from workshop.steps.reception import arrivals, taking_back, walkaround
from workshop.steps.reception import service as reception


def test_a_stamped_arrival_is_taken_back_and_the_car_is_expected_again(
    database: Database, at: datetime
) -> None:
    # given
    booked = bookings.make_appointment(bookings.make_shop()[1][0])
    by = make_user(RoleName.GREETER)
    with pytest.raises(RuleBroken, match="No arrival is stamped"):
        booking.take_back_arrival(booked, "认错车", by=by, at=at)
    before = booked.status
    booking.register_arrival(booked, by, booked.slot_at)
    # when
    with pytest.raises(Invalid):
        booking.take_back_arrival(booked, " ", by=by, at=at)
    booking.take_back_arrival(booked, "认错车", by=by, at=at)
    # then
    assert (booked.status, booked.arrived_at, booked.arrival) == (before, None, None)
    booking.register_arrival(booked, by, booked.slot_at)
    assert booked.status is AppointmentStatus.ARRIVED


def test_a_reception_by_mistake_leaves_everything_as_it_was(
    database: Database, at: datetime
) -> None:
    # given
    booked = bookings.make_appointment(bookings.make_shop()[1][0])
    booked.vehicle.mileage_km = 40_000
    advisor = booked.advisor
    order = reception.receive(
        booked.vehicle,
        booked.customer,
        concern="异响",
        branch=booked.branch,
        appointment=booked,
        by=advisor,
        at=booked.slot_at,
    )
    walkaround.record_gauges(order, 90_000, 50, by=advisor, at=at)
    with pytest.raises(RuleBroken, match="Take the reception back first") as caught:
        booking.take_back_arrival(booked, "认错车", by=advisor, at=at)
    assert caught.value.way is not None
    # when
    taking_back.take_back(order, "认错车", by=advisor, at=at)
    # then
    assert order.stage is Stage.CANCELLED
    assert (booked.is_expected, booked.order_id, booked.arrived_at) == (True, None, None)
    assert (order.mileage_km, booked.vehicle.mileage_km) == (None, 40_000)


def test_a_walk_in_waits_again(database: Database, at: datetime) -> None:
    by = make_user(RoleName.SERVICE_ADVISOR)
    car = make_vehicle()
    walk_in = arrivals.register_walk_in(make_branch(), car.plate or "", by=by, at=at)
    order = reception.receive(
        car, car.customer, concern="异响", branch=make_branch(), by=by, at=at, walk_in=walk_in
    )
    taking_back.take_back(order, "认错车", by=by, at=at)
    assert (walk_in.order_id, walk_in.left_at) == (None, None)


def test_what_was_signed_is_not_taken_back(database: Database, at: datetime) -> None:
    order = make_reception(at)
    complete(order, at)
    reception.sign(order, reception.Signature(name="王小明"), by=order.advisor, at=at)
    reception.reopen(order, "漏看一处", by=order.advisor, at=at)
    with pytest.raises(RuleBroken, match="The customer has signed"):
        taking_back.take_back(order, "认错车", by=order.advisor, at=at)


def test_the_pages_take_an_arrival_and_a_reception_back(
    database: Database, at: datetime, sign_in: Callable[[User], FlaskClient]
) -> None:
    # given
    booked = bookings.make_appointment(bookings.make_shop()[1][0])
    booking.register_arrival(booked, booked.advisor, booked.slot_at)
    order = make_reception(at)
    advisor = make_user(RoleName.SERVICE_ADVISOR)
    advisor.locale = "en"
    session.commit()
    client = sign_in(advisor)
    url = f"/booking/{booked.no}"
    assert "Take the arrival back" in client.get(url).text
    assert "Received by mistake" in client.get(f"/orders/{order.no}/reception").text
    # when
    assert client.post(f"{url}/arrival/take-back", data={}).status_code == 422
    sent = {"back-chip": "Another car", "back-words": "", "back-reason": "Another car"}
    answer = client.post(f"{url}/arrival/take-back", data=sent)
    assert answer.status_code == 302, answer.text
    back = client.post(f"/orders/{order.no}/reception/take-back", data={"back-reason": "认错车"})
    # then
    assert back.status_code == 302
    assert "Take the arrival back" not in client.get(url).text
