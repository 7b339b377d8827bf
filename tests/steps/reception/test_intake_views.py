"""Who waits, and the intake, through a browser without scripts."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from tests.factories import make_user, make_vehicle
from tests.steps.booking.factories import make_appointment, make_shop
from tests.steps.reception.factories import (
    SignIn,
    address,
    advisor_in,
    make_reception,
)
from workshop import clock
from workshop.db import session
from workshop.orders.models import RepairOrder
from workshop.staff.permissions import RoleName
from workshop.steps.booking import service as booking
from workshop.steps.reception.models import WalkIn


def test_the_list_shows_who_waits_who_is_in_reception_and_who_is_expected(
    sign_in: SignIn, at: datetime
) -> None:
    # given
    _, (booker,) = make_shop()
    arrived = make_appointment(booker, "10:30", concern="空调不冷")
    booking.register_arrival(arrived, booker, at - timedelta(minutes=11))
    expected = make_appointment(booker, "14:15")
    in_reception = make_reception(at)
    client, _ = advisor_in(sign_in)
    # when
    page = client.get("/reception").text
    # then
    assert f"/reception/new?appointment={arrived.no}" in page
    assert "11 min" in page
    assert f"/reception/appointments/{expected.no}/arrived" in page
    assert address(in_reception) in page
    assert "The VIN is not read, and nobody said why." in page


def test_an_expected_car_is_late_when_its_slot_is_held_no_longer(sign_in: SignIn) -> None:
    # given
    branch, (booker,) = make_shop()
    slot_at = make_appointment(booker, "14:15").slot_at
    client, _ = advisor_in(sign_in)
    late = '<span class="is-bad">late</span>'
    # then
    clock.freeze(slot_at + timedelta(minutes=branch.on_time_minutes))
    assert late not in client.get("/reception").text
    clock.freeze(slot_at + timedelta(minutes=branch.on_time_minutes + 1))
    assert late in client.get("/reception").text


def test_an_empty_list_says_what_it_would_hold(sign_in: SignIn) -> None:
    client, _ = advisor_in(sign_in)
    page = client.get("/reception").text
    assert "Nobody is waiting" in page
    assert "No order in reception" in page


def test_the_greeter_stamps_arrivals_and_sees_no_names(sign_in: SignIn) -> None:
    # given
    _, (booker,) = make_shop()
    appointment = make_appointment(booker, "10:15")
    name = appointment.customer.name
    greeter = make_user(RoleName.GREETER)
    client = sign_in(greeter)
    # when
    assert (
        client.post("/reception/walk-ins", data={"walk_in-plate": "粤b·12345"}).status_code == 302
    )
    answer = client.post(f"/reception/appointments/{appointment.no}/arrived")
    # then
    assert answer.status_code == 302
    page = client.get("/reception").text
    assert name not in page
    assert "粤B·12345" in page
    assert "/reception/new" not in page
    assert client.get("/reception/new").status_code == 403
    # when
    walk_in = session.scalars(select(WalkIn)).one()
    client.post(f"/reception/walk-ins/{walk_in.id}/left")
    # then
    assert "粤B·12345" not in client.get("/reception").text


def test_an_arrived_appointment_is_received_with_everything_filled_in(
    sign_in: SignIn, at: datetime
) -> None:
    # given
    _, (booker,) = make_shop()
    appointment = make_appointment(booker, "10:15", concern="空调不冷，有异味")
    booking.register_arrival(appointment, booker, at)
    client, _ = advisor_in(sign_in)
    url = f"/reception/new?appointment={appointment.no}"
    # when
    page = client.get(url).text
    assert "空调不冷，有异味" in page
    assert appointment.customer.name in page
    answer = client.post(url, data={"concern": "空调不冷，有异味", "stays": "yes"})
    # then
    order = session.scalars(select(RepairOrder)).one()
    assert answer.location == address(order)
    assert (order.arrived_at, order.stays, order.is_walk_in) == (at, True, False)
    assert order.advisor_id == booker.id


def test_a_known_car_is_found_by_plate_and_says_that_it_is_expected(sign_in: SignIn) -> None:
    # given
    _, (booker,) = make_shop()
    appointment = make_appointment(booker, "10:15", concern="保养")
    client, _ = advisor_in(sign_in)
    # when
    page = client.get("/reception/new", query_string={"q": appointment.vehicle.plate}).text
    # then
    assert appointment.no in page
    assert "保养" in page


def test_a_part_of_a_plate_lists_the_cars_it_may_be(sign_in: SignIn) -> None:
    vehicle = make_vehicle(plate="粤B88886")
    client, _ = advisor_in(sign_in)
    page = client.get("/reception/new?q=8888").text
    assert f"vehicle={vehicle.id}" in page
    assert "We do not know this car yet" in client.get("/reception/new?q=ZZZ999").text


def test_a_new_car_with_an_odd_plate_warns_and_passes(sign_in: SignIn) -> None:
    # given
    client, _ = advisor_in(sign_in)
    data = {
        "plate": "ａｂ·１２",
        "vin": "WAUZZZ8V0FA000001",
        "name": "Hans",
        "phone": "+852 9123 4567",
        "concern": "Noise at the rear",
        "energy": "fuel",
    }
    # when
    answer = client.post("/reception/new?new=1", data=data)
    # then
    order = session.scalars(select(RepairOrder)).one()
    assert order.vehicle.plate == "AB12"
    assert order.bringer_phone == "+85291234567"
    page = client.get(answer.location).text
    assert "This plate has an unusual form" in page
    assert "check digit" in page


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("phone", "12", "is not a phone number"),
        ("vin", "LSVXZ60E0H2345678", "check digit"),
        ("concern", "", "customer&#39;s words"),
        ("name", "", "customer&#39;s name"),
    ],
)
def test_a_wrong_value_comes_back_with_all_that_was_typed(
    sign_in: SignIn, field: str, value: str, words: str
) -> None:
    # given
    client, _ = advisor_in(sign_in)
    data = {"plate": "粤B12345", "vin": "", "name": "王小明", "phone": "13812345678"}
    data |= {"concern": "左前轮响得厉害", "energy": "electric", "colour": "宝石蓝", field: value}
    # when
    answer = client.post("/reception/new?new=1", data=data)
    # then
    assert answer.status_code == 422
    assert words in answer.text
    assert "宝石蓝" in answer.text
    assert field == "concern" or "左前轮响得厉害" in answer.text
    assert session.scalars(select(RepairOrder)).first() is None


def test_a_car_that_is_here_already_is_refused_with_its_order(
    sign_in: SignIn, at: datetime
) -> None:
    order = make_reception(at)
    client, _ = advisor_in(sign_in)
    url = f"/reception/new?vehicle={order.vehicle_id}"
    answer = client.post(url, data={"concern": "再来一次"})
    assert answer.status_code == 409
    assert order.no in answer.text
    assert "再来一次" in answer.text


def test_an_unknown_plate_goes_straight_to_the_new_car(sign_in: SignIn) -> None:
    client, _ = advisor_in(sign_in)
    page = client.get("/reception/new", query_string={"q": "粤b-9 87６5"}).text
    assert 'value="粤B98765"' in page
    assert "We do not know" in page
    assert "Search again" in page


def test_an_unknown_phone_fills_the_phone_and_not_the_plate(sign_in: SignIn) -> None:
    client, _ = advisor_in(sign_in)
    page = client.get("/reception/new", query_string={"q": "１３９ 0000 1111"}).text
    assert re.search(r'name="phone"[^>]*value="13900001111"', page)
    assert not re.search(r'name="plate"[^>]*value="1', page)


def test_a_walk_in_whose_plate_nobody_knows_is_greeted_with_one_press(
    sign_in: SignIn, at: datetime
) -> None:
    client, _ = advisor_in(sign_in)
    client.post("/reception/walk-ins", data={"walk_in-plate": "粤B98765"})
    walk_in = session.scalars(select(WalkIn)).one()
    url = f"/reception/new?walk_in={walk_in.id}"
    assert 'value="粤B98765"' in client.get(url).text
    # when
    data = {"plate": "粤B98765", "name": "王五", "phone": "13800000000", "energy": "fuel"}
    answer = client.post(url, data=data | {"concern": "漏油"})
    # then
    order = session.scalars(select(RepairOrder)).one()
    assert answer.location == address(order)
    assert order.arrived_at == walk_in.arrived_at


def test_all_that_a_new_car_still_needs_is_named_at_once(sign_in: SignIn) -> None:
    client, _ = advisor_in(sign_in)
    answer = client.post("/reception/new?new=1", data={"make": "福特", "energy": "fuel"})
    assert answer.status_code == 422
    for words in (
        "Enter the plate",
        "customer&#39;s name",
        "Enter a phone number",
        "concern in the",
    ):
        assert words in answer.text
    assert 'value="福特"' in answer.text


def test_a_car_that_is_in_the_shop_says_so_before_anything_is_typed(
    sign_in: SignIn, at: datetime
) -> None:
    order = make_reception(at)
    client, _ = advisor_in(sign_in)
    page = client.get(f"/reception/new?vehicle={order.vehicle_id}").text
    assert f"This car is in the shop now under order {order.no}." in page
    assert f'href="/orders/{order.no}"' in page
