"""A car changes hands: what is open with its owner is seen before, and appointments go or stay."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import AT, make_customer, make_order
from tests.steps.booking.factories import make_appointment, make_shop
from tests.steps.settlement.factories import make_settled, make_settlement
from workshop import db
from workshop.db import session
from workshop.orders.flow import Stage
from workshop.staff.models import AuditEntry, User
from workshop.steps.booking.models import Appointment
from workshop.touched import lists as touched
from workshop.touched import service
from workshop.touched.models import Why

SignIn = Callable[[User], FlaskClient]
BUYER = {"owner-name": "买主", "owner-phone": "13900000077"}


def booked(sign_in: SignIn) -> tuple[FlaskClient, Appointment]:
    """An appointment of an owner, and somebody at the desk."""
    _, (advisor,) = make_shop()
    advisor.locale = "en"
    found = make_appointment(advisor)
    found.contact_name, found.contact_phone = found.customer.name, found.customer.phone
    db.commit()
    return sign_in(advisor), found


def test_who_changes_the_owner_sees_the_appointments_and_says_what_becomes_of_them(
    database: Database, sign_in: SignIn
) -> None:
    browser, appointment = booked(sign_in)
    page = f"/vehicles/{appointment.vehicle_id}"
    assert f"Appointment {appointment.no} on" in browser.get(page).text

    answer = browser.post(f"{page}/owner", data=BUYER)

    assert answer.status_code == 422
    assert "Say what becomes of the appointments." in answer.text
    assert 'value="买主"' in answer.text


@pytest.mark.parametrize(("said", "whose"), [("give", "买主"), ("keep", "")])
def test_appointments_go_or_stay(
    database: Database, sign_in: SignIn, said: str, whose: str
) -> None:
    browser, appointment = booked(sign_in)
    number, old, name = appointment.id, appointment.customer_id, appointment.customer.name
    page, branch = f"/vehicles/{appointment.vehicle_id}", appointment.branch

    sent = BUYER | {"owner-appointments": said}
    assert browser.post(f"{page}/owner", data=sent).status_code == 302

    kept = session.get_one(Appointment, number)
    assert kept.customer.name == (whose or name)
    assert kept.contact_name == (whose or name)
    shown = browser.get(page).text
    is_kept = said == "keep"
    assert ("still has appointments with this car" in shown) is is_kept
    lines = session.query(AuditEntry).filter_by(action="booking.give").all()
    assert len(lines) == (0 if is_kept else 1)

    rows = [(each.thing.why, each.thing.subject) for each in touched.list_open(branch, AT)]
    assert rows == ([(Why.OWNER, f"A{number}")] if is_kept else [])
    if is_kept:
        listed = browser.get("/call-list").text
        assert "The car has a new owner" in listed
        assert f'href="{page}"' in listed

    # What stayed can still be given later, whatever page the owner was changed on.
    if is_kept:
        assert browser.post(f"{page}/owner/appointments").status_code == 302
        assert session.get_one(Appointment, number).customer.name == "买主"
        line = session.query(AuditEntry).filter_by(action="booking.give").one()
        assert line.details["old"] == old
        assert "still has appointments" not in browser.get(page).text
        assert touched.list_open(branch, AT) == []


def test_somebody_else_who_comes_still_comes(database: Database, sign_in: SignIn) -> None:
    browser, appointment = booked(sign_in)
    appointment.contact_name, appointment.contact_phone = "司机小张", "13911110000"
    db.commit()
    number, sent = appointment.id, BUYER | {"owner-appointments": "give"}
    browser.post(f"/vehicles/{appointment.vehicle_id}/owner", data=sent)
    kept = session.get_one(Appointment, number)
    assert (kept.contact_name, kept.contact_phone) == ("司机小张", "13911110000")


def test_open_money_and_an_order_in_the_shop_are_shown_and_stay(
    database: Database, sign_in: SignIn
) -> None:
    order = make_settlement().order
    order.advisor.locale = "en"
    db.commit()
    number = order.vehicle_id
    browser = sign_in(order.advisor)
    shown = browser.get(f"/vehicles/{number}").text
    assert f"of order {order.no} is open" in shown
    assert f"Repair order {order.no}: the car is in the shop" in shown
    assert "Appointments of the owner so far" not in shown
    owner = order.customer_id
    assert browser.post(f"/vehicles/{number}/owner", data=BUYER).status_code == 302
    session.refresh(order)
    assert order.customer_id == owner
    # and it is on the call list until it is agreed, not on the car's page alone
    (row,) = touched.list_open(order.branch, AT)
    assert (row.thing.why, row.thing.order) == (Why.OWNER, order)
    service.agree(row, order.branch, "王小明", by=order.advisor, at=AT)
    assert touched.list_open(order.branch, AT) == []


def test_a_car_with_nothing_open_asks_nothing(database: Database, sign_in: SignIn) -> None:
    order = make_order(Stage.RECEPTION)
    make_customer()
    make_settled()
    order.advisor.locale = "en"
    order.move_to(Stage.CANCELLED, order.advisor, order.created_at)
    db.commit()
    shown = sign_in(order.advisor).get(f"/vehicles/{order.vehicle_id}").text
    assert "Open with" not in shown
