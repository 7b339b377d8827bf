"""Booking and reception ask alike when what is typed and what is on record differ."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests import factories
from tests.databases import Database
from tests.steps.booking.factories import local, make_appointment, make_shop
from workshop import db
from workshop.customers.models import Customer, Vehicle
from workshop.db import session
from workshop.orders.models import RepairOrder
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.booking.forms import slot_value
from workshop.steps.booking.models import Appointment
from workshop.touched import lists
from workshop.touched.lists import Open
from workshop.touched.models import Why

SignIn = Callable[[User], FlaskClient]
VIN, NEW_VIN = "LVSHCAMB1KE100001", "LVSHCAMBXKE100014"
TYPED = {"plate": "粤B12345", "vin": NEW_VIN, "name": "韩梅", "phone": "13900000000"}


@pytest.fixture(params=["booking", "reception"])
def desk(
    request: pytest.FixtureRequest, database: Database, sign_in: SignIn
) -> Callable[[dict[str, str]], Any]:
    """Send what was typed at one of both desks."""
    _, (advisor,) = make_shop()
    advisor.locale = "en"
    owner = factories.make_customer("王伟", "13800000001")
    factories.make_vehicle(customer=owner, plate="粤B12345", vin=VIN)
    db.commit()
    browser = sign_in(advisor)
    slot = slot_value(advisor.id, local("14:00"))
    about = {"concern": "异响", "energy": "fuel", "kind": "repair", "source": "phone"}
    about |= {"channel": "phone", "slot": slot}
    is_booking = request.param == "booking"
    address = "/booking/new" if is_booking else "/reception/new?new=1"
    return lambda typed: browser.post(address, data=about | typed)


def test_nothing_typed_is_taken_or_dropped_in_silence(
    desk: Callable[[dict[str, str]], Any],
) -> None:
    # when another VIN is typed for a known plate
    answer = desk(TYPED)
    # then it is asked, and all that was typed is still there
    assert answer.status_code == 409
    assert "What was typed and what is on record differ" in answer.text
    for text in TYPED.values():
        assert f'value="{text}"' in answer.text
    assert _counts() == (1, 1, 0)
    # when it is another car, and its owner is new
    answered = TYPED | {"car_answer": _code(answer.text, "plate_moved")}
    done = desk(answered)
    assert done.status_code == 302
    # then
    assert _counts() == (2, 2, 1)
    made = session.scalars(select(Vehicle).where(Vehicle.vin == NEW_VIN)).one()
    assert (made.plate, made.customer.name) == ("粤B12345", "韩梅")
    old = session.scalars(select(Vehicle).where(Vehicle.vin == VIN)).one()
    assert (old.plate, old.customer.name) == (None, "王伟")


def test_who_only_brings_a_known_car_is_its_contact(
    desk: Callable[[dict[str, str]], Any],
) -> None:
    typed = {"plate": "粤B12345", "name": "司机小赵", "phone": "13900000000"}
    answer = desk(typed)
    assert answer.status_code == 409
    assert "The owner on record is 王伟" in answer.text
    done = desk(typed | {"person_answer": _code(answer.text, "brings")})
    assert done.status_code == 302
    appointment = session.scalars(select(Appointment)).one_or_none()
    order = session.scalars(select(RepairOrder)).one_or_none()
    comes = appointment.contact_name if appointment else order and order.bringer_name
    assert comes == "司机小赵"
    assert _counts() == (1, 1, 1)


BUYER = {"plate": "粤B12345", "name": "买主", "phone": "13900000077"}


@pytest.mark.parametrize("said", ["give", "keep", ""])
def test_a_new_owner_is_asked_about_the_appointments_and_what_stays_is_on_the_call_list(
    desk: Callable[[dict[str, str]], Any], said: str
) -> None:
    # given
    car = session.scalars(select(Vehicle)).one()
    booked = make_appointment(factories.make_user(RoleName.SERVICE_ADVISOR), days=1, vehicle=car)
    db.commit()
    number, branch = booked.id, booked.branch
    assert lists.list_open(branch, factories.AT) == []
    # when: the desk shows what lies with the owner on record, and asks with one tap
    asked = desk(BUYER)
    assert f"Appointment {booked.no} on" in asked.text
    assert 'name="owner_appointments" value="give"' in asked.text
    done = desk(
        BUYER
        | {"person_answer": _code(asked.text, "new_owner")}
        | ({"owner_appointments": said} if said else {})
    )
    # then
    assert done.status_code == 302
    kept = session.get_one(Appointment, number)
    assert kept.vehicle.customer.name == "买主"
    assert kept.customer.name == ("买主" if said == "give" else "王伟")
    open_now = [(each.thing.why, each.thing.appointment) for each in _touched()]
    assert open_now == ([] if said == "give" else [(Why.OWNER, kept)])


def test_who_only_brings_the_car_takes_no_appointment(
    desk: Callable[[dict[str, str]], Any],
) -> None:
    car = session.scalars(select(Vehicle)).one()
    booked = make_appointment(factories.make_user(RoleName.SERVICE_ADVISOR), days=1, vehicle=car)
    db.commit()
    number, code = booked.id, _code(desk(BUYER).text, "brings")
    assert desk(BUYER | {"person_answer": code, "owner_appointments": "give"}).status_code == 302
    assert session.get_one(Appointment, number).customer.name == "王伟"
    assert _touched() == []


def _touched() -> list[Open]:
    return lists.list_open(factories.make_branch(), factories.AT)


def test_a_known_phone_makes_no_second_customer_without_a_word(
    desk: Callable[[dict[str, str]], Any],
) -> None:
    typed = {"plate": "粤B99999", "name": "王薇", "phone": "+86 138 0000 0001"}
    answer = desk(typed)
    assert answer.status_code == 409
    assert "This phone number is known" in answer.text
    done = desk(typed | {"person_answer": _code(answer.text, "same")})
    assert done.status_code == 302
    assert _counts() == (2, 1, 1)


def test_while_typing_a_known_plate_or_phone_says_so(database: Database, sign_in: SignIn) -> None:
    _, (advisor,) = make_shop()
    advisor.locale = "en"
    owner = factories.make_customer("王伟", "13800000001")
    factories.make_vehicle(customer=owner, plate="粤B12345", vin=VIN)
    db.commit()
    browser = sign_in(advisor)

    def known(**typed: str) -> str:
        answer = browser.post("/customers/known", data=typed)
        assert answer.status_code == 200
        return str(answer.text)

    assert "Known: 粤B·12345" in known(plate="粤b 12345")
    assert "one more of this customer" in known(name="王伟", phone="13800000001")
    assert "This phone number is known" in known(name="韩梅", phone="+86 138-0000-0001")
    assert "Which car is it?" in known(plate="粤B12345", vin=NEW_VIN)
    assert "known" not in known(plate="粤B99999", phone="1380").lower()
    technician = factories.make_technician().user
    db.commit()
    assert sign_in(technician).post("/customers/known", data={}).status_code == 403


def _code(page: str, answer: str) -> str:
    found = re.search(rf'value="({answer}:[^"]+)"', page)
    assert found is not None, answer
    return found[1]


def _counts() -> tuple[int, int, int]:
    visits = _count(Appointment) + _count(RepairOrder)
    return _count(Vehicle), _count(Customer), visits


def _count(kind: type[Any]) -> int:
    return session.scalar(select(func.count(kind.id))) or 0
