"""The booking page as a customer's phone sees it, and the desk's answer."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from tests import factories
from tests.steps.booking.factories import local
from tests.steps.booking.online.factories import ask, hold, make_online
from workshop import db
from workshop.db import session
from workshop.shop.models import Branch
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.booking.online import holding, settings
from workshop.steps.booking.online.models import OnlineBooking
from workshop.steps.booking.rules import AppointmentStatus

ENGLISH = {"Accept-Language": "en"}
SignIn = Callable[[User], FlaskClient]


def value_of(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found is not None, name
    return found[1]


def open_page(client: FlaskClient, branch: Branch, service: str = "other") -> str:
    return client.get(f"/book/{branch.code}?service={service}", headers=ENGLISH).text


def choose(client: FlaskClient, branch: Branch, page: str, **values: str) -> tuple[int, str]:
    data = {
        "seal": value_of(page, "seal"),
        "service": "other",
        "slot": str(int(local("14:00", 1).timestamp())),
        "phone": "13800138000",
        **values,
    }
    answer = client.post(f"/book/{branch.code}", data=data, headers=ENGLISH)
    return answer.status_code, answer.headers.get("Location", answer.text)


def picture() -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", (40, 30), "red")
    data = image.getexif()
    data[0x010F] = "Maker of the phone"
    image.save(out, "JPEG", exif=data)
    return out.getvalue()


def test_from_the_services_to_a_request_in_three_pages(client: FlaskClient) -> None:
    # given a package that is offered
    branch, _ = make_online()
    package = factories.make_package(
        factories.make_operation(), fen=38_000, name_en="Minor service"
    )
    settings.offer(branch, {package.id: ("换机油", "Oil and filter")}, by=None, at=factories.AT)
    db.commit()
    # when
    services = client.get(f"/book/{branch.code}", headers=ENGLISH).text
    times = open_page(client, branch, str(package.id))
    code, link = choose(client, branch, times, service=str(package.id))
    held = client.get(link, headers=ENGLISH).text
    data = {
        "name": "Wang",
        "plate": "粤b12345",
        "stays": "stays",
        "photos": (io.BytesIO(picture()), "a.jpg"),
    }
    sent = client.post(link, data=data, headers=ENGLISH, content_type="multipart/form-data")
    answer = client.get(link, headers=ENGLISH).text
    # then
    assert "Oil and filter" in services
    assert "from ¥380.00" in services
    assert "We recommend" in times
    assert code == 303
    assert "Kept for you until 10:05." in held
    assert sent.status_code == 303
    assert "Requested, not confirmed yet" in answer
    booking = session.scalars(select(OnlineBooking)).one()
    assert (booking.plate, booking.stays) == ("粤B12345", True)
    assert b"Maker of the phone" not in booking.photos[0].data


def test_a_closed_page_names_the_phone_and_no_time(client: FlaskClient) -> None:
    branch, _ = make_online(is_open=False)
    db.commit()
    page = open_page(client, branch)
    assert "Online booking is closed at the moment" in page
    assert f"tel:{branch.phone}" in page
    assert 'name="slot"' not in page


def test_a_known_number_and_plate_get_the_same_pages_as_unknown_ones(client: FlaskClient) -> None:
    branch, _ = make_online(advisors=2)
    car = factories.make_vehicle()
    db.commit()
    pages = []
    for phone, plate in ((car.customer.phone, car.plate or ""), ("13912345678", "粤Z99999")):
        code, link = choose(client, branch, open_page(client, branch), phone=phone)
        assert code == 303
        client.post(link, data={"name": "Li", "plate": plate, "concern": "noise"}, headers=ENGLISH)
        text = client.get(link, headers=ENGLISH).text.replace(phone, "…")
        pages.append(re.sub(r"csrf_token\" value=\"[^\"]*|/book/at/[^\"?&]*|at%2F[^\"]*", "", text))
    assert pages[0] == pages[1]


def test_who_lost_the_time_keeps_what_was_typed_and_sees_three_others(client: FlaskClient) -> None:
    branch, _ = make_online()
    db.commit()
    _, link = choose(client, branch, open_page(client, branch))
    mine = session.scalars(select(OnlineBooking)).one()
    holding.give_back(mine, factories.AT)
    hold(branch, phone="13900139000")
    db.commit()
    typed = {"name": "Wang", "concern": "A noise from the left wheel"}
    lost = client.post(link, data=typed, headers=ENGLISH)
    assert lost.status_code == 409
    assert "A noise from the left wheel" in lost.text
    assert len(re.findall(r'type="radio" name="slot"', lost.text)) == 3
    other = re.findall(r'name="slot" value="(\d+)"', lost.text)[0]
    client.post(link, data={**typed, "slot": other}, headers=ENGLISH)
    assert "Requested, not confirmed yet" in client.get(link, headers=ENGLISH).text


@pytest.mark.parametrize(
    "values",
    [{"website": "http://spam.example"}, {"seal": "forged"}, {"phone": "12"}, {"slot": ""}],
)
def test_a_robot_and_a_slip_take_no_time(client: FlaskClient, values: dict[str, str]) -> None:
    branch, _ = make_online()
    db.commit()
    code, _ = choose(client, branch, open_page(client, branch), **values)
    assert code in (409, 422)
    assert session.scalars(select(OnlineBooking)).all() == []


def test_who_is_faster_than_a_person_is_asked_to_look_again(client: FlaskClient) -> None:
    branch, _ = make_online()
    db.commit()
    client.application.config["BOOK_LEAST_SECONDS"] = 3600
    try:
        assert choose(client, branch, open_page(client, branch))[0] == 409
    finally:
        client.application.config["BOOK_LEAST_SECONDS"] = 0


def test_the_desk_calls_and_books_and_the_customers_page_says_confirmed(
    client: FlaskClient, sign_in: SignIn
) -> None:
    branch, (advisor,) = make_online()
    booking = ask(hold(branch, token="secret"), plate="粤B12345", stays=True)
    booking_id = booking.id
    db.commit()
    desk = sign_in(advisor)
    page = desk.get("/booking/online", headers=ENGLISH).text
    assert "刹车有异响" in page
    form = desk.get(f"/booking/new?online={booking_id}", headers=ENGLISH).text
    slot = re.search(r'name="slot" value="([^"]*)"\s+checked', form)
    assert slot is not None
    data = {
        "csrf_token": value_of(form, "csrf_token"),
        "online": str(booking_id),
        "plate": "粤B12345",
        "name": "王芳",
        "phone": "13800138000",
        "concern": "刹车有异响",
        "kind": "diagnosis",
        "source": "website",
        "energy": "fuel",
        "channel": "phone",
        "stays": "stays",
        "day": booking.day.isoformat(),
        "slot": slot[1],
    }
    assert desk.post("/booking/new", data=data).status_code == 302
    db.rollback()
    made = session.get_one(OnlineBooking, booking_id)
    assert made.is_confirmed
    assert made.appointment is not None
    assert made.appointment.status is AppointmentStatus.CONFIRMED
    assert made.appointment.slot_at == made.slot_at
    phone = client.application.test_client()
    assert "We expect you." in phone.get("/book/at/secret", headers=ENGLISH).text


def test_the_desk_turns_a_request_down_and_the_customer_reads_why(
    client: FlaskClient, sign_in: SignIn
) -> None:
    branch, (advisor,) = make_online()
    booking_id = ask(hold(branch, token="secret")).id
    db.commit()
    desk = sign_in(advisor)
    page = desk.get("/booking/online", headers=ENGLISH).text
    token = value_of(page, "csrf_token")
    url = f"/booking/online/{booking_id}/refuse"
    assert desk.post(url, data={"csrf_token": token, "reason": ""}).status_code == 422
    assert (
        desk.post(url, data={"csrf_token": token, "reason": "No lift that day"}).status_code == 302
    )
    assert "No lift that day" in client.get("/book/at/secret", headers=ENGLISH).text


def test_the_manager_opens_the_page_and_finds_its_address(sign_in: SignIn) -> None:
    branch, _ = make_online(is_open=False)
    package = factories.make_package(factories.make_operation())
    package_id, code = package.id, branch.code
    boss = factories.make_user(RoleName.ADMINISTRATOR)
    db.commit()
    desk = sign_in(boss)
    page = desk.get("/shop/online-booking", headers=ENGLISH).text
    assert f"/book/{code}" in page
    data = {
        "csrf_token": value_of(page, "csrf_token"),
        "version": value_of(page, "version"),
        "is_open": "y",
        "cutoff_minutes": "60",
        "days_ahead": "14",
        "share_percent": "40",
        "origins": "https://www.example.com",
        "offered": str(package_id),
        f"zh{package_id}": "换机油",
    }
    assert desk.post("/shop/online-booking", data=data).status_code == 302
    stale = desk.post("/shop/online-booking", data=data)
    assert stale.status_code == 409
    shown = desk.get("/shop/online-booking", headers=ENGLISH).text
    assert "换机油" in shown
    assert 'value="14"' in shown


def test_the_customer_cancels_on_the_page_and_takes_the_visit_along(client: FlaskClient) -> None:
    branch, _ = make_online()
    ask(hold(branch, token="secret"))
    db.commit()
    page = client.get("/book/at/secret", headers=ENGLISH).text
    assert "I cannot come" in page
    calendar = client.get("/book/at/secret/visit.ics")
    assert calendar.mimetype == "text/calendar"
    assert b"STATUS:TENTATIVE" in calendar.data
    assert "王芳".encode() not in calendar.data
    client.get("/book/at/secret/cancel")
    assert session.scalars(select(OnlineBooking)).one().is_requested
    assert client.post("/book/at/secret/cancel").status_code == 303
    db.rollback()
    assert session.scalars(select(OnlineBooking)).one().is_answered_no
    assert b"STATUS:CANCELLED" in client.get("/book/at/secret/visit.ics").data


def test_18_only_the_sites_of_the_list_may_show_the_page_inside_theirs(client: FlaskClient) -> None:
    branch, _ = make_online(origins="https://dealer.example")
    db.commit()
    framed = client.get(f"/embed/book/{branch.code}?service=other", headers=ENGLISH)
    assert "frame-ancestors https://dealer.example" in framed.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed.headers
    for address in (f"/book/{branch.code}", "/t/guessed", "/sign-in"):
        plain = client.get(address)
        assert "frame-ancestors 'none'" in plain.headers["Content-Security-Policy"], address
        assert plain.headers["X-Frame-Options"] == "DENY"


def test_18_without_a_list_no_site_may_show_it(client: FlaskClient) -> None:
    branch, _ = make_online()
    db.commit()
    framed = client.get(f"/embed/book/{branch.code}")
    assert "frame-ancestors 'none'" in framed.headers["Content-Security-Policy"]
    assert framed.headers["X-Frame-Options"] == "DENY"


def test_inside_another_site_a_visit_is_asked_for_without_any_cookie(client: FlaskClient) -> None:
    branch, _ = make_online(origins="https://dealer.example")
    db.commit()
    frame = client.application.test_client(use_cookies=False)
    url = f"/embed/book/{branch.code}"
    times = frame.get(f"{url}?service=other", headers=ENGLISH)
    data = {
        "seal": value_of(times.text, "seal"),
        "service": "other",
        "slot": str(int(local("14:00", 1).timestamp())),
        "phone": "13800138000",
    }
    held = frame.post(url, data=data, headers=ENGLISH)
    link = held.headers["Location"]
    details = frame.get(link, headers=ENGLISH)
    sent = frame.post(link, data={"name": "Wang", "concern": "noise"}, headers=ENGLISH)
    answer = frame.get(sent.headers["Location"], headers=ENGLISH)
    assert link.startswith("/embed/at/")
    assert "Requested, not confirmed yet" in answer.text
    for each in (times, held, details, sent, answer):
        assert "Set-Cookie" not in each.headers
