"""The people of a company on its page, and where a car of it is booked and received."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import make_company, make_contact, make_customer, make_user, make_vehicle
from tests.steps.booking.factories import make_appointment, make_shop
from workshop import db
from workshop.customers.models import CustomerContact, CustomerKind
from workshop.db import session
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.booking.models import Appointment

SignIn = Callable[[User], FlaskClient]


def advisor() -> User:
    _, (found,) = make_shop()
    found.locale = "en"
    return found


def test_contacts_are_noted_changed_and_taken_out_of_use(
    database: Database, sign_in: SignIn
) -> None:
    company, browser = make_company(), sign_in(advisor())
    page = f"/customers/{company.id}"
    assert "Nobody is named yet" in browser.get(page).text

    sent = {"contact-0-name": "李师傅", "contact-0-phone": "１３９ 0000 0002"}
    sent["contact-0-roles"] = "drives"
    assert browser.post(f"{page}/contacts", data=sent).status_code == 302
    contact = session.query(CustomerContact).one()
    assert (contact.phone, contact.drives, contact.is_primary) == ("13900000002", True, True)

    # What is known stands ticked in the form, so that saving it again loses nothing.
    ticked = re.findall(r'value="(\w+)" checked', browser.get(page).text)
    assert "drives" in ticked

    number, prefix = contact.id, f"contact-{contact.id}-"
    sent = {f"{prefix}name": "李工", f"{prefix}phone": "13900000002", f"{prefix}version": "1"}
    sent |= {f"{prefix}roles": "authorises", f"{prefix}is_primary": "y"}
    assert browser.post(f"{page}/contacts/{number}", data=sent).status_code == 302
    assert "Authorises" in browser.get(page).text
    stale = browser.post(f"{page}/contacts/{number}", data=sent | {f"{prefix}name": "李大工"})
    assert stale.status_code == 409
    assert "李大工" in stale.text

    assert browser.post(f"{page}/contacts/{number}/use").status_code == 302
    assert "no contact since" in browser.get(page).text
    assert browser.post(f"{page}/contacts/{number}/use").status_code == 302
    assert "no contact since" not in browser.get(page).text


def test_who_was_to_come_still_comes_when_the_contact_is_put_right(
    database: Database, sign_in: SignIn
) -> None:
    who = advisor()
    booked = make_appointment(who)
    booked.customer.kind = CustomerKind.COMPANY
    contact = make_contact(booked.customer, name="李石", phone="13900000002")
    booked.contact_name, booked.contact_phone = contact.name, contact.phone
    db.commit()
    number, prefix = booked.id, f"contact-{contact.id}-"
    sent = {f"{prefix}name": "李师傅", f"{prefix}phone": "13900000003"}
    sent[f"{prefix}version"] = str(contact.version)
    page = f"/customers/{contact.customer_id}/contacts/{contact.id}"
    assert sign_in(who).post(page, data=sent).status_code == 302
    kept = session.get_one(Appointment, number)
    assert (kept.contact_name, kept.contact_phone) == ("李师傅", "13900000003")


def test_a_wrong_contact_comes_back_with_what_was_typed(
    database: Database, sign_in: SignIn
) -> None:
    company, browser = make_company(), sign_in(advisor())
    sent = {"contact-0-name": "李师傅", "contact-0-phone": "0000"}
    answer = browser.post(f"/customers/{company.id}/contacts", data=sent)
    assert answer.status_code == 422
    assert "is not a phone number" in answer.text
    assert 'value="李师傅"' in answer.text


def test_a_contact_of_another_company_is_not_found(database: Database, sign_in: SignIn) -> None:
    contact, other, browser = make_contact(), make_company("另一公司"), sign_in(advisor())
    number = contact.id
    assert browser.post(f"/customers/{other.id}/contacts/{number}/use").status_code == 404


def test_a_private_person_shows_nothing_of_it(database: Database, sign_in: SignIn) -> None:
    owner, browser = make_customer(), sign_in(advisor())
    car = make_vehicle(customer=owner)
    pages = (f"/customers/{owner.id}", f"/vehicles/{car.id}", f"/booking/new?vehicle={car.id}")
    for page in (*pages, f"/reception/new?vehicle={car.id}"):
        answer = browser.get(page)
        assert answer.status_code == 200, page
        for words in ("Contacts and drivers", "Usual driver", "Who of the company"):
            assert words not in answer.text, page


def test_the_usual_driver_is_offered_first_where_the_car_is_booked_and_received(
    database: Database, sign_in: SignIn
) -> None:
    company, browser = make_company(), sign_in(advisor())
    make_contact(company, name="王主管", phone="13800000001", is_primary=True)
    driver = make_contact(company, name="李师傅", phone="13900000002", drives=True)
    car = make_vehicle(customer=company)
    db.commit()
    number = car.id
    assert "李师傅" in browser.get(f"/vehicles/{number}").text
    sent = {"driver-driver": str(driver.id)}
    assert browser.post(f"/vehicles/{number}/driver", data=sent).status_code == 302
    for page in (f"/booking/new?vehicle={number}", f"/reception/new?vehicle={number}"):
        shown = browser.get(page).text
        assert 'value="13900000002"' in shown, page
        assert "王主管" in shown, page
    answer = browser.post(f"/vehicles/{number}/driver", data={"driver-driver": "999"})
    assert answer.status_code == 404
    browser.post(f"/vehicles/{number}/driver", data={"driver-driver": ""})
    assert 'value="13800000001"' in browser.get(f"/booking/new?vehicle={number}").text


def test_only_the_front_desk_changes_contacts(database: Database, sign_in: SignIn) -> None:
    contact = make_contact()
    browser = sign_in(make_user(RoleName.CASHIER))
    page = f"/customers/{contact.customer_id}"
    shown = browser.get(page)
    assert contact.name in shown.text
    assert "/contacts" not in shown.text
    assert browser.post(f"{page}/contacts/{contact.id}/use").status_code == 403
