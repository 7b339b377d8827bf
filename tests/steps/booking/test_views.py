"""The pages of booking through the client: what people see, and what they are refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories
from tests.databases import Database
from tests.steps.booking.factories import local, make_appointment, make_shop
from workshop import clock
from workshop.db import session
from workshop.orders import history
from workshop.orders.flow import Stage
from workshop.orders.models import Urgency
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.booking import service
from workshop.steps.booking.forms import slot_value
from workshop.steps.booking.models import Appointment, AppointmentOperation
from workshop.steps.booking.rules import AppointmentStatus, Arrival

SignIn = Callable[[User], FlaskClient]


def english(user: User) -> User:
    user.locale = "en"
    return user


def shop(advisors: int = 1, technicians: int = 1) -> list[User]:
    _, people = make_shop(advisors, technicians)
    return [english(each) for each in people]


def wanted(
    advisor: User, slot: str = "14:00", days: int = 0, **values: object
) -> dict[str, object]:
    """The booking form as a page sends it."""
    return {
        "concern": "刹车时有异响",
        "kind": "repair",
        "source": "phone",
        "channel": "phone",
        "stays": "stays",
        "energy": "fuel",
        "slot": slot_value(advisor.id, local(slot, days)),
    } | values


def the_appointment() -> Appointment:
    return session.scalars(select(Appointment).order_by(Appointment.id.desc())).first()  # type: ignore[return-value]


# ---- The board ----


def test_the_board_of_an_empty_day_says_so_and_leads_on(
    database: Database, sign_in: SignIn
) -> None:
    (advisor,) = shop()
    page = sign_in(advisor).get("/booking").text
    assert "Nobody is booked for this day" in page
    assert "New appointment" in page
    assert "The shop is closed on this day" in sign_in(advisor).get("/booking?day=2026-11-29").text


def test_the_board_shows_the_day_by_time_with_load_and_calls(
    database: Database, sign_in: SignIn
) -> None:
    (advisor,) = shop()
    make_appointment(advisor, "15:00", operations=[factories.make_operation(book_minutes=90)])
    make_appointment(advisor, "14:00", concern="空调不凉")
    make_appointment(advisor, "10:00", 1, concern="换机油")
    page = sign_in(advisor).get("/booking").text
    assert page.index("空调不凉") < page.index("刹车时有异响")
    assert "Confirm the day before" in page
    assert "2 h of 5 h 36 min sold" in page


def test_an_impossible_day_shows_today(database: Database, sign_in: SignIn) -> None:
    (advisor,) = shop()
    for day in ("yesterday", "9999-12-31", "0001-01-01"):
        answer = sign_in(advisor).get(f"/booking?day={day}")
        assert answer.status_code == 200
        assert "2026-11-23" in answer.text


def test_the_arrival_is_stamped_from_the_board(database: Database, sign_in: SignIn) -> None:
    (advisor,) = shop()
    no = make_appointment(advisor).no
    greeter = english(factories.make_user(RoleName.GREETER))
    clock.freeze(local("14:20"))
    # when
    answer = sign_in(greeter).post(f"/booking/{no}/arrival", data={"back": "board"})
    # then
    assert answer.status_code == 302
    assert the_appointment().arrival is Arrival.LATE
    page = sign_in(advisor).get("/booking").text
    assert "Late 14:20" in page
    assert "Here, waiting for reception" in page


def test_the_greeter_sees_no_phone_number(database: Database, sign_in: SignIn) -> None:
    (advisor,) = shop()
    appointment = make_appointment(advisor)
    phone, no = appointment.contact_phone, appointment.no
    greeter = factories.make_user(RoleName.GREETER)
    for path in ("/booking", f"/booking/{no}"):
        assert phone not in sign_in(greeter).get(path).text
        assert phone in sign_in(advisor).get(path).text


def test_a_stamp_on_another_day_is_refused_in_words(database: Database, sign_in: SignIn) -> None:
    (advisor,) = shop()
    no = make_appointment(advisor, "10:00", 1).no
    answer = sign_in(advisor).post(f"/booking/{no}/arrival")
    assert answer.status_code == 409
    assert "Change its time first" in answer.text
    assert "Change its time first" in sign_in(advisor).get(f"/booking/{no}").text


def test_a_car_that_is_late_is_marked_and_may_be_a_no_show(
    database: Database, sign_in: SignIn
) -> None:
    (advisor,) = shop()
    no = make_appointment(advisor).no
    record = f'action="/booking/{no}/no-show"'
    # when the slot is no longer held, the car is late, and its customer may still come
    clock.freeze(local("14:59"))
    assert sign_in(advisor).post(f"/booking/{no}/no-show").status_code == 409
    page = sign_in(advisor).get("/booking").text
    assert "59 min late" in page
    assert "no-show?" not in page
    assert record not in page
    # when an hour is over
    clock.freeze(local("15:00"))
    page = sign_in(advisor).get("/booking").text
    assert "1 h late: no-show?" in page
    assert record in page
    # when
    answer = sign_in(advisor).post(
        f"/booking/{no}/no-show", data={"missed-chip": "Cannot be reached", "back": "board"}
    )
    assert answer.status_code == 302
    assert the_appointment().reason == "Cannot be reached"
    assert "Did not come: book again" in sign_in(advisor).get("/booking").text


def test_a_no_show_or_cancellation_needs_a_reason_and_keeps_what_was_typed(
    database: Database, sign_in: SignIn
) -> None:
    (advisor,) = shop()
    no = make_appointment(advisor).no
    answer = sign_in(advisor).post(f"/booking/{no}/cancel", data={"cancel-reason": " "})
    assert answer.status_code == 422
    assert "Say why." in answer.text
    long = "长" * 201
    answer = sign_in(advisor).post(f"/booking/{no}/cancel", data={"cancel-reason": long})
    assert answer.status_code == 422
    assert long in answer.text


def test_a_call_confirms_the_appointment_from_the_board(
    database: Database, sign_in: SignIn
) -> None:
    (advisor,) = shop()
    no = make_appointment(advisor, "10:00", 1).no
    answer = sign_in(advisor).post(
        f"/booking/{no}/contacts",
        data={"channel": "phone", "result": "confirmed", "back": "board", "day": "2026-11-23"},
    )
    assert answer.headers["Location"] == "/booking?day=2026-11-23"
    assert the_appointment().status is AppointmentStatus.CONFIRMED


def test_a_call_without_a_result_comes_back_with_what_was_typed(
    database: Database, sign_in: SignIn
) -> None:
    (advisor,) = shop()
    no = make_appointment(advisor).no
    answer = sign_in(advisor).post(f"/booking/{no}/contacts", data={"note": "下午再打"})
    assert answer.status_code == 422
    assert "下午再打" in answer.text
    assert "Say what came of it." in answer.text


def test_an_illegal_step_is_refused_with_both_words(database: Database, sign_in: SignIn) -> None:
    (advisor,) = shop()
    no = make_appointment(advisor).no
    sign_in(advisor).post(f"/booking/{no}/cancel", data={"cancel-chip": "No time"})
    answer = sign_in(advisor).post(f"/booking/{no}/arrival")
    assert answer.status_code == 409
    assert "“Cancelled” cannot become “Arrived”" in answer.text


def test_an_unknown_appointment_is_not_found(database: Database, sign_in: SignIn) -> None:
    (advisor,) = shop()
    assert sign_in(advisor).get("/booking/AP20990101-0001").status_code == 404


# ---- The welcome board ----


def test_the_welcome_board_tells_no_stranger_whose_car_it_is(
    database: Database, sign_in: SignIn
) -> None:
    (advisor,) = shop()
    customer = factories.make_customer("曾小贤", "13912345678")
    vehicle = factories.make_vehicle(customer=customer, plate="粤B12345")
    make_appointment(advisor, vehicle=vehicle, concern="异响很大")
    page = sign_in(advisor).get("/booking/welcome").text
    assert "粤B·12•••5" in page
    assert advisor.display_name in page
    assert "14:00" in page
    for secret in ("粤B12345", "12345", "曾小贤", "13912345678", "异响很大"):
        assert secret not in page


def test_the_welcome_board_turns_to_the_next_open_day_in_the_evening(
    database: Database, sign_in: SignIn
) -> None:
    (advisor,) = shop()
    make_appointment(advisor, "10:00", 1)
    clock.freeze(local("18:05"))
    page = sign_in(advisor).get("/booking/welcome").text
    assert "Booked for 2026-11-24" in page
    assert "10:00" in page


# ---- One screen ----


@pytest.mark.parametrize("text", ["粤b·12345", "12345", "5678", "曾小贤", "zxx", "KE100001"])
def test_a_caller_is_found_by_whatever_is_known(
    database: Database, sign_in: SignIn, text: str
) -> None:
    (advisor,) = shop()
    customer = factories.make_customer("曾小贤", "13912345678", initials="zxx")
    vehicle = factories.make_vehicle(customer=customer, plate="粤B12345", vin="LVSHCAMB1KE100001")
    page = sign_in(advisor).get("/booking/find", query_string={"q": text}).text
    assert f"/booking/new?vehicle={vehicle.id}" in page


def test_an_unknown_plate_begins_a_new_customer(database: Database, sign_in: SignIn) -> None:
    (advisor,) = shop()
    page = sign_in(advisor).get("/booking/find?q=粤B99999").text
    assert "New customer with the car 粤B·99999" in page
    assert sign_in(advisor).get("/booking/find?q=").text.strip() == ""
    page = sign_in(advisor).get("/booking/new?new=1&plate=粤B99999").text
    assert 'value="粤B99999"' in page


def test_what_is_known_of_the_car_is_offered(
    database: Database, sign_in: SignIn, at: datetime
) -> None:
    (advisor,) = shop()
    order = factories.make_order(Stage.DELIVERED, advisor=advisor)
    operation = factories.make_operation()
    history.add_deferred(
        order,
        title="更换前制动片",
        urgency=Urgency.RED,
        reason="下次",
        price_fen=70_000,
        operation_id=operation.id,
        at=at,
    )
    order.vehicle.next_due_on = at.date()
    page = sign_in(advisor).get(f"/booking/new?vehicle={order.vehicle_id}").text
    assert "Offer this" in page
    assert "更换前制动片" in page
    assert "¥700.00" in page
    assert "The next service is due" in page


def test_an_operation_is_taken_on_and_the_day_planned_again(
    database: Database, sign_in: SignIn
) -> None:
    (advisor,) = shop()
    vehicle = factories.make_vehicle()
    operation = factories.make_operation(book_minutes=90, name_en="Replace front brake pads")
    sent = wanted(advisor, vehicle_id=vehicle.id, add=operation.id, day="2026-11-24")
    # when
    answer = sign_in(advisor).post("/booking/new/plan", data=sent)
    # then
    assert answer.status_code == 200
    assert f'name="operations" value="{operation.id}"' in answer.text
    assert "1 h 30 min needed" in answer.text
    assert "¥360.00" in answer.text
    assert 'value="2026-11-24"' in answer.text
    assert "刹车时有异响" in answer.text
    # and off again
    sent = wanted(advisor, operations=[operation.id], remove=operation.id)
    page = sign_in(advisor).post("/booking/new/plan", data=sent).text
    assert f'name="operations" value="{operation.id}"' not in page


def test_a_day_that_is_full_offers_the_next(database: Database, sign_in: SignIn) -> None:
    (advisor,) = shop()
    long = factories.make_operation(book_minutes=430)
    make_appointment(advisor, "08:00", 1, operations=[long])
    operation = factories.make_operation(book_minutes=60)
    sent = wanted(advisor, add=operation.id, day="2026-11-24")
    page = sign_in(advisor).post("/booking/new/plan", data=sent).text
    assert "This day is full for the work: Skill engine, Lift bay." in page
    assert "Next free day: 2026-11-25 Wednesday" in page


def test_from_a_new_plate_to_a_booked_job(database: Database, sign_in: SignIn) -> None:
    (advisor,) = shop()
    operation = factories.make_operation()
    sent = wanted(
        advisor,
        plate="粤ｂ·８Ｋ３２１",
        name=" 陈晓梅 ",
        phone="+86 138-1234-5678",
        make="福特",
        operations=[operation.id],
    )
    browser = sign_in(advisor)
    # when
    answer = browser.post("/booking/new", data=sent)
    # then
    made = the_appointment()
    assert answer.headers["Location"] == f"/booking/{made.no}"
    assert made.vehicle.plate == "粤B8K321"
    assert (made.customer.name, made.customer.phone) == ("陈晓梅", "13812345678")
    assert made.customer.initials == "cxm"
    assert (made.slot_at, made.stays) == (local("14:00"), True)
    page = browser.get(answer.headers["Location"]).text
    assert "Booked: 11-23 14:00" in page
    assert "To be confirmed" in page


def test_a_foreign_vin_and_an_odd_plate_pass_with_a_warning(
    database: Database, sign_in: SignIn
) -> None:
    # given
    (advisor,) = shop()
    about = {"plate": "粤B１２３４５６７8", "vin": "wba-ZZZ60E0H234567", "name": "陈晓梅"}
    sent = wanted(advisor, **about, phone="13812345678")
    # when
    browser = sign_in(advisor)
    booked = browser.post("/booking/new", data=sent)
    # then
    assert booked.status_code == 302
    page = browser.get(booked.location).text
    assert "This plate has an unusual form" in page
    assert "The check digit of this VIN is wrong" in page
    # when a caller asks again, the known plate begins no new customer
    found = browser.get("/booking/find", query_string={"q": "粤B12345678"}).text
    assert "/booking/new?vehicle=" in found
    assert "New customer with the car" not in found


def test_ticked_deferred_work_is_booked(database: Database, sign_in: SignIn, at: datetime) -> None:
    (advisor,) = shop()
    order = factories.make_order(Stage.DELIVERED, advisor=advisor)
    deferred = history.add_deferred(
        order,
        title="更换前制动片",
        urgency=Urgency.RED,
        reason="",
        price_fen=1,
        operation_id=factories.make_operation().id,
        at=at,
    )
    sent = wanted(advisor, vehicle_id=order.vehicle_id, deferred=[deferred.id])
    deferred_id = deferred.id
    assert sign_in(advisor).post("/booking/new", data=sent).status_code == 302
    assert session.scalars(select(AppointmentOperation)).one().deferred_work_id == deferred_id


@pytest.mark.parametrize(
    ("values", "status", "words"),
    [
        ({"concern": " "}, 422, "Write down what the customer says."),
        ({"slot": ""}, 422, "Choose a time."),
        ({"slot": "x@y"}, 422, "Choose a time."),
        ({"phone": "12"}, 422, "is not a phone number"),
        ({"name": ""}, 422, "Enter the customer&#39;s name."),
        ({"plate": ""}, 422, "Enter the plate, or the VIN"),
        ({"plate": "", "vin": "LSVXZ60E0H2345678"}, 422, "The check digit of this VIN is wrong"),
        ({"kind": "spaceship"}, 422, "Choose one of what is offered"),
    ],
)
def test_a_wrong_value_comes_back_with_what_was_typed(
    database: Database, sign_in: SignIn, values: dict[str, str], status: int, words: str
) -> None:
    (advisor,) = shop()
    sent = wanted(
        advisor, plate="粤B77777", name="陈晓梅", phone="13812345678", contact_name="她先生"
    )
    answer = sign_in(advisor).post("/booking/new", data=sent | values)
    assert answer.status_code == status
    assert words in answer.text
    assert session.scalars(select(Appointment)).first() is None
    for name in ("plate", "name", "phone"):
        if name not in values:
            assert f'value="{sent[name]}"' in answer.text


def test_a_slot_that_somebody_took_meanwhile_is_refused_and_nothing_is_lost(
    database: Database, sign_in: SignIn
) -> None:
    (advisor,) = shop()
    make_appointment(advisor)
    sent = wanted(advisor, plate="粤B77777", name="陈晓梅", phone="13812345678")
    answer = sign_in(advisor).post("/booking/new", data=sent)
    assert answer.status_code == 409
    assert "Somebody else has just taken" in answer.text
    assert 'value="粤B77777"' in answer.text


def test_the_walk_ins_quarter_is_refused(database: Database, sign_in: SignIn) -> None:
    (advisor,) = shop()
    sent = wanted(advisor, "14:45", vehicle_id=factories.make_vehicle().id)
    answer = sign_in(advisor).post("/booking/new", data=sent)
    assert answer.status_code == 409
    assert "free for walk-ins" in answer.text


def test_an_appointment_is_moved_on_the_same_screen(database: Database, sign_in: SignIn) -> None:
    (advisor,) = shop()
    old = make_appointment(advisor)
    no, version = old.no, old.version
    page = sign_in(advisor).get(f"/booking/{no}/change").text
    assert f"Another time for {no}" in page
    assert "刹车时有异响" in page
    sent = wanted(advisor, "10:00", 1, version=version, vehicle_id=old.vehicle_id, reason="出差")
    page = sign_in(advisor).post(f"/booking/{no}/change/plan", data=sent).text
    assert "Move the appointment" in page
    # when
    answer = sign_in(advisor).post(f"/booking/{no}/change", data=sent)
    # then
    made = the_appointment()
    assert answer.headers["Location"] == f"/booking/{made.no}"
    assert made.slot_at == local("10:00", 1)
    assert f"Replaced by {made.no}" in sign_in(advisor).get(f"/booking/{no}").text


def test_a_stale_screen_shows_that_somebody_was_quicker(
    database: Database, sign_in: SignIn
) -> None:
    (advisor,) = shop()
    old = make_appointment(advisor)
    sent = wanted(advisor, "10:00", 1, version=old.version, vehicle_id=old.vehicle_id)
    no = old.no
    sign_in(advisor).post(f"/booking/{no}/confirm")
    answer = sign_in(advisor).post(f"/booking/{no}/change", data=sent)
    assert answer.status_code == 409
    assert "Somebody else changed this meanwhile" in answer.text
    assert "刹车时有异响" in answer.text


def test_operations_are_found_by_any_word(database: Database, sign_in: SignIn) -> None:
    (advisor,) = shop()
    factories.make_operation(name_en="Wheel alignment", keywords="跑偏")
    assert "Wheel alignment" in sign_in(advisor).get("/booking/operations?q=跑偏").text
    assert "No operation matches." in sign_in(advisor).get("/booking/operations?q=火箭").text


# ---- An order's booking ----


def test_an_order_shows_the_appointment_it_came_from(
    database: Database, sign_in: SignIn, at: datetime
) -> None:
    (advisor,) = shop()
    appointment = make_appointment(advisor)
    order = factories.make_order(
        vehicle=appointment.vehicle, advisor=advisor, is_walk_in=False, arrived_at=at
    )
    service.convert(appointment, order, advisor, at)
    no, appointment_no = order.no, appointment.no
    page = sign_in(advisor).get(f"/orders/{no}/booking").text
    assert appointment_no in page
    page = sign_in(advisor).get(f"/booking/{appointment_no}").text
    assert f"Repair order {no}" in page


def test_a_walk_ins_order_says_so(database: Database, sign_in: SignIn) -> None:
    (advisor,) = shop()
    no = factories.make_order(advisor=advisor).no
    page = sign_in(advisor).get(f"/orders/{no}/booking").text
    assert "This car came without an appointment" in page


# ---- Who may ----


@pytest.mark.parametrize(
    ("role", "method", "path"),
    [
        (RoleName.TECHNICIAN, "get", "/booking"),
        (RoleName.GREETER, "get", "/booking/new"),
        (RoleName.GREETER, "get", "/booking/find?q=1"),
        (RoleName.GREETER, "post", "/booking/new"),
        (RoleName.GREETER, "post", "/booking/NO/cancel"),
        (RoleName.CUSTOMER_RELATIONS, "post", "/booking/NO/arrival"),
        (RoleName.WASHER, "get", "/booking/welcome"),
        (RoleName.GREETER, "get", "/customers"),
        (RoleName.CASHIER, "post", "/customers/1"),
    ],
)
def test_a_role_without_the_right_is_refused(
    database: Database, sign_in: SignIn, role: RoleName, method: str, path: str
) -> None:
    (advisor,) = shop()
    no = make_appointment(advisor).no
    browser = sign_in(factories.make_user(role))
    assert browser.open(path.replace("NO", no), method=method.upper()).status_code == 403


# ---- With a telephone at the ear ----


def test_enter_in_the_search_goes_on_with_the_one_car_it_can_mean(
    database: Database, sign_in: SignIn
) -> None:
    (advisor,) = shop()
    vehicle = factories.make_vehicle(plate="粤B88886")
    answer = sign_in(advisor).get("/booking/new?q=ｂ8·8886&day=2026-11-24")
    assert answer.status_code == 302
    assert f"vehicle={vehicle.id}" in answer.location
    assert "day=2026-11-24" in answer.location


def test_enter_with_an_unknown_plate_goes_on_with_a_new_car(
    database: Database, sign_in: SignIn
) -> None:
    (advisor,) = shop()
    client = sign_in(advisor)
    answer = client.get("/booking/new?q=粤b 8８6·16")
    assert answer.status_code == 302
    page = client.get(answer.location).text
    assert 'value="粤B88616"' in page
    assert "New customer and vehicle" in page


def test_enter_with_several_meanings_keeps_what_was_typed_and_lists_them(
    database: Database, sign_in: SignIn
) -> None:
    (advisor,) = shop()
    first = factories.make_vehicle(plate="粤B88886")
    second = factories.make_vehicle(plate="粤B88887")
    page = sign_in(advisor).get("/booking/new?q=8888").text
    assert 'value="8888"' in page
    assert f"vehicle={first.id}" in page
    assert f"vehicle={second.id}" in page


def test_all_that_is_missing_is_named_at_once(database: Database, sign_in: SignIn) -> None:
    (advisor,) = shop()
    data = wanted(advisor, concern="", make="福特") | {"slot": ""}
    answer = sign_in(advisor).post("/booking/new", data=data)
    assert answer.status_code == 422
    for words in (
        "Write down what the customer says.",
        "Choose a time.",
        "Enter the plate, or the VIN of a car without one.",
        "Enter the customer&#39;s name.",
        "Enter a phone number.",
    ):
        assert words in answer.text
    assert 'value="福特"' in answer.text


def test_a_typed_plate_that_is_known_needs_no_name(database: Database, sign_in: SignIn) -> None:
    (advisor,) = shop()
    vehicle = factories.make_vehicle(plate="粤B88886")
    answer = sign_in(advisor).post("/booking/new", data=wanted(advisor, plate="粤b·88886"))
    assert answer.status_code == 302
    assert the_appointment().vehicle_id == vehicle.id


def test_a_car_that_is_booked_leads_to_its_appointment(database: Database, sign_in: SignIn) -> None:
    (advisor,) = shop()
    appointment = make_appointment(advisor, "15:00")
    page = sign_in(advisor).get(f"/booking/new?vehicle={appointment.vehicle_id}").text
    assert f"/booking/{appointment.no}/change" in page


def test_the_grid_has_a_row_for_each_hour_of_the_clock(database: Database, sign_in: SignIn) -> None:
    (advisor,) = shop()
    page = sign_in(advisor).get("/booking/new?new=1").text
    assert '<th scope="row">14:00</th>' in page


def test_the_welcome_board_begins_with_who_is_still_to_come(
    database: Database, sign_in: SignIn
) -> None:
    (advisor,) = shop()
    arrived = make_appointment(advisor, "14:00", vehicle=factories.make_vehicle(plate="粤A11111"))
    make_appointment(advisor, "15:00", vehicle=factories.make_vehicle(plate="粤B22222"))
    service.register_arrival(arrived, advisor, local("14:00"))
    page = sign_in(advisor).get("/booking/welcome").text
    assert page.index("粤B·22") < page.index("粤A·11")
