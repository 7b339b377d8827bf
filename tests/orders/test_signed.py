"""What somebody signed keeps the plate, the VIN and the names that stood there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import url_for
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import walks
from tests.databases import Database
from tests.e2e import story
from tests.factories import AT, make_order, make_user
from tests.steps.lounge.factories import make_sheet
from workshop import db
from workshop.customers import corrections
from workshop.customers import service as customers
from workshop.db import session
from workshop.desk import papers
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.orders.signed import names as signed
from workshop.orders.signed.models import SignedNames
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.lounge import departure as departures

SignIn = Callable[[User], FlaskClient]
LATER = AT + timedelta(days=2)
# Signed, or handed out, each with whether it names people.
SIGNED = {
    "Walk-around sheet": True,
    "Service authorisation": True,
    "Settlement list": True,
    "Handover sheet": True,
    "Inspection record": False,
    "Completion certificate": False,
    "Gate pass": False,
}
# Nobody signs these: they help to find the car of today.
OF_TODAY = {"Labels: key, baskets, wheels", "Job card", "Pick list"}


def read(browser: FlaskClient, order: RepairOrder, reader: User) -> dict[str, str]:
    """The words of each sheet of the order, by its title."""
    with browser.application.test_request_context():
        addresses = {
            each.title: url_for(each.endpoint, no=order.no, **each.values)
            for each in papers.list_sheets(order, reader)
        }
    return {title: walks.read(browser.get(path)) for title, path in addresses.items()}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_was_signed_keeps_plate_vin_and_names(database: Database, sign_in: SignIn) -> None:
    # given a car that went home, and each of its papers
    story.tell(AT, "x")
    db.commit()
    boss = staff.find_user("manager")
    assert boss is not None
    boss.locale = "en"
    order = session.scalars(select(RepairOrder).where(RepairOrder.stage == Stage.DELIVERED)).first()
    assert order is not None
    number, car, owner = order.id, order.vehicle, order.customer
    plate, name = car.called, owner.name
    browser = sign_in(boss)
    before = read(browser, order, boss)
    assert set(before) >= set(SIGNED) - {"Completion certificate"}

    # when it gets another plate and its customer's name is put right
    order = session.get_one(RepairOrder, number)
    customers.change_plate(order.vehicle, "粤Z99999", boss, LATER)
    corrections.correct_customer(order.customer, "欧阳改名", "13800009999", boss, LATER)
    db.commit()

    # then the signed papers say what they said, and help who looks for the car
    after = read(browser, session.get_one(RepairOrder, number), boss)
    for title, names_people in SIGNED.items():
        if title not in after:
            continue
        assert plate in after[title], title
        assert "粤Z·99999 today" in after[title].replace("\n", " "), title
        assert not names_people or name in after[title], title
        assert "欧阳改名" not in after[title], title
        assert "13800009999" not in after[title], title
    for title in OF_TODAY & set(after):
        assert "99999" in after[title], title
    assert "Gate pass" in after
    # The customer of the story waits here; the departure sheet has a test of its own below.
    assert set(after) <= set(SIGNED) | OF_TODAY


def test_the_departure_sheet_keeps_plate_and_names_until_it_is_filled_in_again(
    database: Database, sign_in: SignIn
) -> None:
    # given a customer who left with the sheet in hand
    order = make_order(stage=Stage.REPAIR)
    attendant = make_user(RoleName.LOUNGE_ATTENDANT, branch=order.branch)
    attendant.locale = "en"
    plate, name, bringer = order.vehicle.called, order.customer.name, order.bringer_name
    departures.save_sheet(order, make_sheet(), seen_version=0, by=attendant, at=AT)
    db.commit()
    browser, path = sign_in(attendant), f"/orders/{order.no}/lounge/departure.pdf"
    first = walks.read(browser.get(path))
    assert plate in first
    assert name in first
    assert "today." not in first

    # when plate and names are put right, and it is printed again
    customers.change_plate(order.vehicle, "粤Z99999", attendant, LATER)
    corrections.correct_customer(order.customer, "欧阳改名", "13800009999", attendant, LATER)
    order.bringer_name = "诸葛改名"
    db.commit()
    again = walks.read(browser.get(path))

    # then it says what the customer has in hand, and how the car is called today
    assert plate in again
    assert name in again
    assert bringer in again
    assert "This car is called 粤Z·99999 today." in again
    assert "改名" not in again

    # and a sheet that is filled in again is a new paper
    departures.save_sheet(order, make_sheet(), seen_version=1, by=attendant, at=LATER)
    db.commit()
    newest = walks.read(browser.get(path))
    assert "粤Z·99999" in newest
    assert "欧阳改名" in newest
    assert "today." not in newest
    assert plate not in newest


def test_each_signature_has_its_own_names(database: Database) -> None:
    order = make_order()
    first, second = AT, AT + timedelta(hours=1)
    old = order.vehicle.called
    signed.keep(order, first)
    customers.change_plate(order.vehicle, "粤Z99999", order.advisor, first)
    signed.keep(order, second)
    assert signed.stood(order, first).called == old
    assert signed.stood(order, second).called == "粤Z·99999"


def test_a_paper_from_before_names_were_kept_says_todays(database: Database) -> None:
    order = make_order()
    customers.change_plate(order.vehicle, "粤Z99999", order.advisor, AT)
    assert signed.stood(order, AT).called == "粤Z·99999"
    signed.keep(order, LATER)
    assert signed.stood(order, AT).called == "粤Z·99999"
    assert signed.stood(order, None).called == "粤Z·99999"
    assert session.scalars(select(SignedNames)).one().at == LATER


def test_a_car_without_a_plate_is_called_by_its_vin_on_what_was_signed(database: Database) -> None:
    order = make_order()
    order.vehicle.vin, order.vehicle.plate = "LVSHCAMB1KE100001", None
    session.flush()
    signed.keep(order, AT)
    customers.change_plate(order.vehicle, "粤Z99999", order.advisor, AT)
    assert signed.stood(order, AT).called == "VIN …100001"


def test_a_paper_from_before_more_was_kept_says_todays_advisor(database: Database) -> None:
    order = make_order()
    old = order.vehicle.called
    signed.keep(order, AT)
    kept = session.scalars(select(SignedNames)).one()
    row = {each.name: getattr(kept, each.name) for each in SignedNames.__table__.columns}
    later = ("advisor_name", "engine_no", "mileage_km", "car_km", "promised_at", "stays")
    row |= {"id": None, "at": LATER} | dict.fromkeys(later)
    session.add(SignedNames(**row))
    customers.change_plate(order.vehicle, "粤Z99999", order.advisor, AT)
    order.mileage_km = 61_870
    session.flush()
    names = signed.stood(order, LATER)
    assert (names.called, names.advisor_name) == (old, order.advisor.display_name)
    assert names.mileage_km == 61_870
