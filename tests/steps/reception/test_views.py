"""The pages of reception, through a browser without scripts."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.factories import make_branch, make_job, make_order, make_user, make_vehicle
from tests.steps.booking.factories import make_appointment, make_shop
from tests.steps.reception.factories import complete, make_ink, make_photo, make_reception
from workshop.db import session
from workshop.orders import service as orders
from workshop.orders.models import JobState, RepairOrder
from workshop.orders.stages import Stage
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.booking import service as booking
from workshop.steps.reception import queries
from workshop.steps.reception import service as reception
from workshop.steps.reception.car_shapes import CarView
from workshop.steps.reception.models import WalkIn
from workshop.steps.reception.service import Signature

SignIn = Callable[[User], FlaskClient]


def advisor_in(sign_in: SignIn, locale: str = "en") -> tuple[FlaskClient, User]:
    """An advisor who reads `locale`, signed in."""
    advisor = make_user(RoleName.SERVICE_ADVISOR)
    advisor.locale = locale
    return sign_in(advisor), advisor


def address(order: RepairOrder, act: str = "") -> str:
    """The address of an act on the order's reception."""
    return f"/orders/{order.no}/reception{'/' + act if act else ''}"


def reload(order: RepairOrder) -> RepairOrder:
    """The order as it is in the database now."""
    session.expire_all()
    return orders.get_order(order.no)


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
    assert "The mileage is not read." in page


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
        ("name", "", "owner&#39;s name"),
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


def gauges(**values: str) -> dict[str, str]:
    """The posted dashboard."""
    return {"gauges-mileage_km": "50000", "gauges-eighths": "3", **values}


def test_a_whole_reception_by_the_page_alone(sign_in: SignIn, at: datetime) -> None:
    # given
    client, advisor = advisor_in(sign_in)
    order = make_reception(at, advisor=advisor)
    # when
    data = {"interview-finding": "制动片磨损", "interview-when": "冷车"}
    posts: list[tuple[str, dict[str, Any]]] = [
        ("correction", {"correction-words": "是右边"}),
        ("interview", data),
        ("gauges", gauges(**{"gauges-mileage_km": "５０,０００ km"})),
        *(("views", {"view": view.value, "on": "yes"}) for view in CarView),
        *(
            ("covers", {"kind": kind, "on": "yes"})
            for kind in ["seat", "steering_wheel", "floor_mat"]
        ),
        (
            "marks",
            {
                "mark-zone": "left_front_door",
                "mark-kind": "scratch",
                "mark-view": "left",
                "mark-x": "420.4",
                "mark-y": "210",
                "mark-photo": (io.BytesIO(make_photo()), "door.jpg"),
            },
        ),
        ("valuables", {"valuable-title": "相机", "valuable-kept": "yes", "valuable-place": "柜 3"}),
        ("items", {"items-keys": "2", "items-papers": "vehicle_licence", "items-items": "jack"}),
        ("wishes", {"wishes-stays": "yes", "wishes-old_parts": "take", "wishes-wash_wanted": "y"}),
    ]
    for act, values in posts:
        assert client.post(address(order, act), data=values).status_code == 302, act
    # then
    page = client.get(address(order)).text
    for words in ("是右边", "制动片磨损", "Left front door", "相机", "柜 3"):
        assert words in page
    order = reload(order)
    assert (order.mileage_km, order.energy_percent, order.stays) == (50_000, 38, True)
    (mark,) = queries.list_damage(order)
    assert (mark.x, mark.y, len(mark.photos)) == (420, 210, 1)
    # when
    answer = client.post(address(order, "sign"), data={"sign-signature": make_ink()})
    # then
    assert answer.status_code == 302
    assert reload(order).stage is Stage.INSPECTED
    page = client.get(address(order)).text
    assert "signed and frozen" in page
    assert address(order, "gauges") not in page
    sheet = client.get(address(order, "walkaround.pdf"))
    assert sheet.mimetype == "application/pdf"
    assert sheet.data.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("leave_out", "words"),
    [
        ("gauges", "The mileage is not read."),
        ("gauges", "The fuel level is not read."),
        ("rear", "The walk round the car is not confirmed"),
        ("floor_mat", "The protective covers are not fitted."),
        ("valuables", "The customer was not asked about valuables."),
    ],
)
def test_the_gate_refuses_the_signature_and_names_what_is_missing(
    sign_in: SignIn, at: datetime, leave_out: str, words: str
) -> None:
    # given
    client, advisor = advisor_in(sign_in)
    order = make_reception(at, advisor=advisor)
    complete(order, at, leave_out=leave_out)
    # then the words stand beside the button
    assert words in client.get(address(order)).text
    # when
    answer = client.post(address(order, "sign"), data={"sign-signature": make_ink()})
    # then
    assert answer.status_code == 409
    assert words in answer.text
    assert reload(order).stage is Stage.RECEPTION


def test_an_empty_or_broken_signature_comes_back(sign_in: SignIn, at: datetime) -> None:
    # given
    client, advisor = advisor_in(sign_in)
    order = make_reception(at, advisor=advisor)
    complete(order, at)
    # then
    for ink in ("", "data:image/png;base64,%%%", "javascript:1"):
        answer = client.post(address(order, "sign"), data={"sign-signature": ink})
        assert answer.status_code == 422
    assert reload(order).stage is Stage.RECEPTION


def test_a_falling_mileage_comes_back_with_what_was_typed(sign_in: SignIn, at: datetime) -> None:
    # given
    client, advisor = advisor_in(sign_in)
    order = make_reception(at, advisor=advisor, vehicle=make_vehicle(mileage_km=60_000))
    # when
    answer = client.post(address(order, "gauges"), data=gauges(**{"gauges-lamps_note": "黄灯常亮"}))
    # then
    assert answer.status_code == 409
    assert "below the last one, 60000 km" in answer.text
    assert 'value="50000"' in answer.text
    assert "黄灯常亮" in answer.text
    # when
    data = gauges(**{"gauges-odometer_replaced": "y"})
    assert client.post(address(order, "gauges"), data=data).status_code == 302


@pytest.mark.parametrize(
    ("act", "data", "words"),
    [
        ("gauges", {"gauges-mileage_km": "many", "gauges-eighths": "3"}, "whole number"),
        ("gauges", {"gauges-mileage_km": "100"}, "Read the fuel level"),
        ("correction", {"correction-words": " "}, "what the customer added"),
        ("valuables", {"valuable-title": "", "valuable-kept": "no"}, "Say what it is"),
        ("items", {"items-keys": "12"}, "Between 0 and 9 keys"),
        ("marks", {"mark-zone": "", "mark-kind": "dent"}, "Choose the place"),
        ("marks", {"mark-zone": "roof"}, "Say what it is."),
        ("repeat", {"repeat-same": "no"}, "Say why this is no repeat repair"),
        ("vin", {"vin-vin": "L123"}, "17 characters"),
        ("cancel", {"cancel-reason": ""}, "Say why the order is cancelled"),
    ],
)
def test_a_wrong_value_is_refused_in_words(
    sign_in: SignIn, at: datetime, act: str, data: dict[str, str], words: str
) -> None:
    client, advisor = advisor_in(sign_in)
    order = make_reception(at, advisor=advisor)
    answer = client.post(address(order, act), data=data)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_file_that_is_no_picture_is_refused(sign_in: SignIn, at: datetime) -> None:
    client, advisor = advisor_in(sign_in)
    order = make_reception(at, advisor=advisor)
    data = {"mark-zone": "roof", "mark-kind": "dent", "mark-note": "冰雹"}
    file = (io.BytesIO(b"<svg onload=alert(1)>"), "x.jpg")
    answer = client.post(address(order, "marks"), data={**data, "mark-photo": file})
    assert answer.status_code == 422
    assert "not a picture" in answer.text
    assert "冰雹" in answer.text
    assert queries.list_damage(reload(order)) == []


def test_a_stale_interview_shows_both_versions_and_saves_when_meant(
    sign_in: SignIn, at: datetime
) -> None:
    # given
    client, advisor = advisor_in(sign_in)
    order = make_reception(at, advisor=advisor)
    data = {"interview-seen": "0" * 16, "interview-finding": "我写的"}
    first = {"interview-finding": "别人写的"}
    client.post(address(order, "interview"), data=first)
    # when
    answer = client.post(address(order, "interview"), data=data)
    # then
    assert answer.status_code == 409
    assert "我写的" in answer.text
    assert "别人写的" in answer.text


def test_an_unknown_choice_or_number_is_refused(sign_in: SignIn, at: datetime) -> None:
    client, advisor = advisor_in(sign_in)
    order = make_reception(at, advisor=advisor)
    assert client.post(address(order, "covers"), data={"kind": "hat"}).status_code == 422
    assert client.post(address(order, "marks/99/remove")).status_code == 404
    assert client.get("/orders/RO1-1/reception").status_code == 404
    assert client.get("/reception/new?appointment=AP1").status_code == 404


def test_a_signed_reception_is_frozen_until_it_is_reopened(sign_in: SignIn, at: datetime) -> None:
    # given
    client, advisor = advisor_in(sign_in)
    order = make_reception(at, advisor=advisor)
    complete(order, at)
    reception.sign(order, Signature("王小明"), by=advisor, at=at)
    # then
    answer = client.post(address(order, "gauges"), data=gauges())
    assert answer.status_code == 409
    assert "is not possible while the order is “Inspected”" in answer.text
    answer = client.post(address(order, "reopen"), data={"reopen-reason": " "})
    assert answer.status_code == 422
    assert "Say why the reception is reopened" in answer.text
    # when
    assert (
        client.post(address(order, "reopen"), data={"reopen-reason": "漏看车顶"}).status_code == 302
    )
    # then
    assert reload(order).stage is Stage.RECEPTION
    assert client.post(address(order, "gauges"), data=gauges()).status_code == 302


def test_the_red_mark_is_shown_confirmed_and_cleared(sign_in: SignIn, at: datetime) -> None:
    # given
    client, _advisor = advisor_in(sign_in)
    earlier = make_order(Stage.DELIVERED, concern="刹车响")
    earlier.ready_at = earlier.delivered_at = at - timedelta(days=5)
    make_job(earlier, state=JobState.DONE)
    url = f"/reception/new?vehicle={earlier.vehicle_id}"
    assert "Perhaps a repeat repair" in client.get(url).text
    # when
    answer = client.post(url, data={"concern": "刹车还是响"})
    # then
    page = client.get(answer.location).text
    assert "Repeat repair" in page
    assert earlier.no in page
    # when
    data = {"repeat-same": "no", "repeat-reason": "这次是空调"}
    client.post(f"{answer.location}/repeat", data=data)
    # then
    page = client.get(answer.location).text
    assert "Another matter" in page
    assert 'class="mark-red"' not in page


def test_an_order_is_cancelled_with_a_reason_and_not_once_work_began(
    sign_in: SignIn, at: datetime
) -> None:
    # given
    client, advisor = advisor_in(sign_in)
    order = make_reception(at, advisor=advisor)
    # when
    client.post(address(order, "cancel"), data={"cancel-reason": "客户改天"})
    # then
    assert reload(order).stage is Stage.CANCELLED
    # given
    started = make_order(Stage.SCHEDULED, advisor=advisor)
    make_job(started, started_at=at)
    # when
    answer = client.post(address(started, "cancel"), data={"cancel-reason": "x"})
    # then
    assert answer.status_code == 409
    assert "Work has begun on this car" in answer.text


@pytest.mark.parametrize(
    "role", [RoleName.TECHNICIAN, RoleName.PARTS_CLERK, RoleName.CASHIER, RoleName.GREETER]
)
def test_other_roles_may_not_write(sign_in: SignIn, at: datetime, role: RoleName) -> None:
    order = make_reception(at)
    client = sign_in(make_user(role))
    for act in ("sign", "gauges", "marks", "repeat", "reopen", "cancel", "valuables/asked"):
        assert client.post(address(order, act)).status_code == 403


def test_another_branch_does_not_exist(sign_in: SignIn, at: datetime) -> None:
    order = make_reception(at)
    stranger = make_user(RoleName.SERVICE_ADVISOR, branch=make_branch("second"))
    client = sign_in(stranger)
    assert client.get(address(order)).status_code == 404
    assert client.post(address(order, "valuables/asked")).status_code == 404
