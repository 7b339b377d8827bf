"""The reception of one order, through a browser without scripts."""

from __future__ import annotations

import html
import io
import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.factories import make_branch, make_job, make_order, make_user, make_vehicle
from tests.steps.reception.factories import (
    SignIn,
    address,
    advisor_in,
    complete,
    make_ink,
    make_photo,
    make_reception,
    reload,
)
from workshop.db import session
from workshop.orders.flow import Stage
from workshop.orders.models import JobState
from workshop.orders.past.models import PastLine, PastVisit
from workshop.staff.permissions import RoleName
from workshop.steps.reception import queries
from workshop.steps.reception import service as reception
from workshop.steps.reception.car.shapes import CarView
from workshop.steps.reception.checks import PayWay
from workshop.steps.reception.service import Signature


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
        ("vin", {"vin-vin": "lvshcamb1ke100001"}),
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
        ("vin", "The VIN is not read, and nobody said why."),
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


def test_a_refused_form_brings_the_drawn_signature_back(sign_in: SignIn, at: datetime) -> None:
    # given
    client, advisor = advisor_in(sign_in)
    order = make_reception(at, advisor=advisor)
    ink = make_ink()
    # when the facts are not there yet
    answer = client.post(address(order, "sign"), data={"sign-signature": ink})
    # then
    assert answer.status_code == 409
    assert f'name="sign-signature" value="{ink}"' in html.unescape(answer.text)


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


@pytest.mark.parametrize(
    ("act", "form", "first", "second"),
    [
        ("gauges", "gauges", gauges(), gauges(**{"gauges-lamps_note": "黄灯"})),
        ("items", "items", {"items-keys": "2"}, {"items-keys": "1", "items-items_note": "雨伞"}),
        ("wishes", "wishes", {"wishes-stays": "no"}, {"wishes-stays": "yes"}),
        ("checks", "checks", {"checks-tyres": "green"}, {"checks-tyres": "yellow"}),
    ],
)
def test_a_section_that_somebody_else_saved_shows_both_versions_and_is_saved_again(
    sign_in: SignIn,
    at: datetime,
    act: str,
    form: str,
    first: dict[str, str],
    second: dict[str, str],
) -> None:
    # given two pages of the same state
    client, advisor = advisor_in(sign_in)
    order = make_reception(at, advisor=advisor)
    seen = mark_on(client.get(address(order)).text, form)
    assert client.post(address(order, act), data=first | seen).status_code == 302
    # when
    answer = client.post(address(order, act), data=second | seen)
    # then
    assert answer.status_code == 409
    assert "Saved meanwhile" in answer.text
    # when it is sent again, both having been seen
    again = second | mark_on(answer.text, form)
    assert client.post(address(order, act), data=again).status_code == 302


def test_a_sheet_that_somebody_else_changed_is_not_signed_unseen(
    sign_in: SignIn, at: datetime
) -> None:
    # given a page that the customer is looking at
    client, advisor = advisor_in(sign_in)
    order = make_reception(at, advisor=advisor)
    complete(order, at)
    data = {"sign-signature": make_ink()} | mark_on(client.get(address(order)).text, "sign")
    # when somebody else notes another number of keys meanwhile
    client.post(address(order, "items"), data={"items-keys": "3"})
    answer = client.post(address(order, "sign"), data=data)
    # then
    assert answer.status_code == 409
    assert "Look at it again, then sign" in answer.text
    assert reload(order).stage is Stage.RECEPTION
    # when it was looked at again
    data |= mark_on(answer.text, "sign")
    assert client.post(address(order, "sign"), data=data).status_code == 302


def mark_on(page: str, form: str) -> dict[str, str]:
    """The hidden mark of a form of the page."""
    found = re.search(rf'name="{form}-seen"(?: type="hidden")? value="(\w+)"', page)
    assert found is not None
    return {f"{form}-seen": found[1]}


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


def test_a_visit_in_an_old_system_sets_the_red_mark_too(sign_in: SignIn, at: datetime) -> None:
    # given
    client, advisor = advisor_in(sign_in)
    car = make_vehicle()
    visit = PastVisit(
        branch_id=advisor.branch_id, vehicle_id=car.id, no="RO-881", arrived_at=at - timedelta(7)
    )
    session.add(visit)
    session.flush()
    session.add(PastLine(visit_id=visit.id, title="更换前制动片"))
    session.flush()
    url = f"/reception/new?vehicle={car.id}"
    assert "RO-881 was delivered 7 days ago: 更换前制动片" in client.get(url).text
    # when
    answer = client.post(url, data={"concern": "刹车还是响"})
    # then
    page = client.get(answer.location).text
    assert "A visit in the old system." in page
    assert "Delivered 7 days ago" in page
    client.post(f"{answer.location}/repeat", data={"repeat-same": "yes"})
    assert "Same complaint" in client.get(answer.location).text


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


CHECKS = {"checks-tyres": "green", "checks-brake_pads": "red", "checks-brake_pads_measure": "２ mm"}


def test_the_checks_at_the_car_are_kept_and_shown_to_who_quotes(
    sign_in: SignIn, at: datetime
) -> None:
    # given
    client, advisor = advisor_in(sign_in)
    order = make_reception(at, advisor=advisor)
    page = client.get(address(order)).text
    assert "0 of 14 looked at" in page
    assert not re.search(r'name="checks-\w+" value="\w+" checked', page)
    # when
    data = CHECKS | {"checks-note": "前轮快磨到底"}
    assert client.post(address(order, "checks"), data=data).status_code == 302
    # then
    assert "2 of 14 looked at" in client.get(address(order)).text
    quoting = client.get(f"/orders/{order.no}/quotation").text
    assert "Brake pads 2 mm" in quoting
    assert "前轮快磨到底" in quoting
    assert "Tyre tread" not in quoting
    assert client.get(address(order, "walkaround.pdf")).data.startswith(b"%PDF")


def test_something_defective_is_said_in_words(sign_in: SignIn, at: datetime) -> None:
    client, advisor = advisor_in(sign_in)
    order = make_reception(at, advisor=advisor)
    answer = client.post(address(order, "checks"), data=CHECKS)
    assert answer.status_code == 422
    assert "Say in words what is defective." in answer.text
    assert re.search(r'name="checks-brake_pads" value="red" checked', answer.text)
    assert 'value="2 mm"' in answer.text


def test_the_ways_to_pay_and_the_road_test_stand_on_the_sheet(
    sign_in: SignIn, at: datetime
) -> None:
    client, advisor = advisor_in(sign_in)
    order = make_reception(at, advisor=advisor)
    data = {"wishes-stays": "yes", "wishes-pay_way": "wechat", "wishes-road_test_wanted": "y"}
    assert client.post(address(order, "wishes"), data=data).status_code == 302
    sheet = queries.show_walkaround(order)
    assert (sheet.pay_way, sheet.road_test_wanted) == (PayWay.WECHAT, True)


def test_a_refused_mark_says_that_its_photos_are_to_be_chosen_again(
    sign_in: SignIn, at: datetime
) -> None:
    client, advisor = advisor_in(sign_in)
    order = make_reception(at, advisor=advisor)
    photo = (io.BytesIO(make_photo()), "left.jpg")
    answer = client.post(address(order, "marks"), data={"mark-note": "旧伤", "mark-photo": photo})
    assert answer.status_code == 422
    assert "choose the photos again" in answer.text
    assert 'value="旧伤"' in answer.text
