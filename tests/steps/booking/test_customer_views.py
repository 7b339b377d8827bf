"""The pages of customers and vehicles through the client."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests import factories
from tests.databases import Database
from tests.steps.booking.factories import make_appointment, make_shop
from workshop.customers import consents
from workshop.customers import service as customers
from workshop.customers.models import Channel, ConsentPurpose
from workshop.db import session
from workshop.orders.flow import Stage
from workshop.staff.models import User
from workshop.staff.permissions import RoleName

SignIn = Callable[[User], FlaskClient]
ABOUT = {"name": "王建国", "phone": "13800138000", "channel": "phone"}


def english_advisor() -> User:
    factories.make_branch()
    advisor = factories.make_user(RoleName.SERVICE_ADVISOR)
    advisor.locale = "en"
    return advisor


def mark_on(page: str, form: str) -> dict[str, str]:
    """The mark of what the page shows of a form's part."""
    found = re.search(rf'name="{form}-seen" type="hidden" value="(\w+)"', page)
    assert found is not None
    return {f"{form}-seen": found[1]}


def test_the_list_is_empty_at_first_and_finds_by_plate(database: Database, sign_in: SignIn) -> None:
    browser = sign_in(english_advisor())
    assert "No customers yet" in browser.get("/customers").text
    factories.make_vehicle(customer=factories.make_customer("王建国"), plate="粤B12345")
    assert "王建国" in browser.get("/customers?q=12345").text
    assert "Nobody found" in browser.get("/customers?q=99999").text


def test_a_customer_is_corrected(database: Database, sign_in: SignIn) -> None:
    browser = sign_in(english_advisor())
    customer = factories.make_customer("王建国")
    number = customer.id
    assert "王建国" in browser.get(f"/customers/{number}").text
    sent = ABOUT | {"version": "1", "phone": "１３８ ００１３ ８０００", "remark": "喜欢微信"}
    assert browser.post(f"/customers/{number}", data=sent).status_code == 302
    assert customers.get_customer(number).phone == "13800138000"


def test_what_is_known_of_a_person_is_noted_and_offered_again(
    database: Database, sign_in: SignIn
) -> None:
    browser = sign_in(english_advisor())
    number, other = factories.make_customer("王建国").id, factories.make_customer("李娜").id
    more = {"birthday": "1985-06-18", "source": "朋友介绍", "tier": "金卡"}
    assert browser.post(f"/customers/{number}", data=ABOUT | {"version": "1"} | more).location
    page = browser.get(f"/customers/{number}").text
    for each in more.values():
        assert f'value="{each}"' in page
    # The words in use are offered at the next customer.
    assert '<option value="金卡">' in browser.get(f"/customers/{other}").text
    # An impossible day comes back at its field, with what was typed.
    answer = browser.post(
        f"/customers/{number}", data=ABOUT | {"version": "2"} | more | {"birthday": "1885-06-18"}
    )
    assert answer.status_code == 422
    assert "This cannot be a birthday." in answer.text


def test_what_a_customer_agrees_to_is_noted_and_taken_back(
    database: Database, sign_in: SignIn
) -> None:
    browser = sign_in(english_advisor())
    number = factories.make_customer("王建国").id
    seen = mark_on(browser.get(f"/customers/{number}").text, "consent")
    sent = {"consent-reminder": ["sms", "wechat"]} | seen
    assert browser.post(f"/customers/{number}/consents", data=sent).status_code == 302
    page = browser.get(f"/customers/{number}").text
    assert "Last word on" in page
    agreed = consents.agreed(customers.get_customer(number))
    assert agreed[ConsentPurpose.REMINDER] == [Channel.SMS, Channel.WECHAT]
    # A page of before is not the customer's newest word.
    stale = browser.post(f"/customers/{number}/consents", data={"consent-marketing": "sms"} | seen)
    assert stale.status_code == 409
    # Nothing ticked takes all back.
    again = mark_on(browser.get(f"/customers/{number}").text, "consent")
    assert browser.post(f"/customers/{number}/consents", data=again).status_code == 302
    assert not any(consents.agreed(customers.get_customer(number)).values())


def test_papers_that_end_are_told_where_the_caller_is_spoken_to(
    database: Database, sign_in: SignIn
) -> None:
    browser = sign_in(english_advisor())
    car = factories.make_vehicle(customer=factories.make_customer("王建国"), plate="粤B12345")
    number, owner = car.id, car.customer_id
    sent = {
        "version": "1", "energy": "fuel", "model_year": "2021", "engine_no": "CFN1",
        "inspection_due_on": "2026-12-10", "insurance_due_on": "2026-11-01",
        "first_registered_on": "2021-03-08",
    }  # fmt: skip
    assert browser.post(f"/vehicles/{number}", data=sent).status_code == 302
    for address in (f"/vehicles/{number}", f"/customers/{owner}", f"/booking/new?vehicle={number}"):
        page = browser.get(address).text
        assert "Inspection due: " in page, address
        assert "Insurance ends: " in page, address
    page = browser.get(f"/vehicles/{number}").text
    for each in ("2021", "CFN1", "2021-03-08"):
        assert f'value="{each}"' in page


def test_a_wrong_number_comes_back_marked_with_what_was_typed(
    database: Database, sign_in: SignIn
) -> None:
    browser = sign_in(english_advisor())
    number = factories.make_customer("王建国").id
    sent = ABOUT | {"version": "1", "phone": "0000", "address": "深圳市南山区"}
    answer = browser.post(f"/customers/{number}", data=sent)
    assert answer.status_code == 422
    assert "is not a phone number" in answer.text
    assert 'value="0000"' in answer.text
    assert "深圳市南山区" in answer.text


def test_a_stale_customer_page_is_a_conflict_and_keeps_what_was_typed(
    database: Database, sign_in: SignIn
) -> None:
    browser = sign_in(english_advisor())
    number = factories.make_customer("王建国").id
    browser.post(f"/customers/{number}", data=ABOUT | {"version": "1"})
    answer = browser.post(f"/customers/{number}", data=ABOUT | {"version": "1", "name": "王建"})
    assert answer.status_code == 409
    assert "Somebody else changed this meanwhile" in answer.text
    assert "Saved meanwhile" in answer.text
    assert 'value="王建"' in answer.text
    assert 'name="version" type="hidden" value="2"' in answer.text


def test_a_version_that_is_no_number_is_a_stale_page(database: Database, sign_in: SignIn) -> None:
    browser = sign_in(english_advisor())
    number = factories.make_customer("王建国").id
    answer = browser.post(f"/customers/{number}", data=ABOUT | {"version": "abc"})
    assert answer.status_code == 409


def test_a_customer_gets_another_car_but_not_somebody_elses(
    database: Database, sign_in: SignIn
) -> None:
    browser = sign_in(english_advisor())
    number = factories.make_customer("王建国").id
    factories.make_vehicle(plate="粤B12345")
    sent = {"new-plate": "粤B12345", "new-energy": "fuel", "new-make": "福特"}
    answer = browser.post(f"/customers/{number}/vehicles", data=sent)
    assert answer.status_code == 409
    assert "Another vehicle has this already" in answer.text
    sent["new-plate"] = "粤BD77777"
    assert browser.post(f"/customers/{number}/vehicles", data=sent).status_code == 302
    assert "粤B·D77777" in browser.get(f"/customers/{number}").text


def test_a_plate_changes_and_the_vehicle_page_shows_both(
    database: Database, sign_in: SignIn
) -> None:
    browser = sign_in(english_advisor())
    number = factories.make_vehicle(plate="粤B12345", vin="LVSHCAMB1KE100001").id
    answer = browser.post(f"/vehicles/{number}/plate", data={"plate-plate": "粤bd12345"})
    assert answer.status_code == 302
    page = browser.get(f"/vehicles/{number}").text
    assert "粤B·D12345" in page
    assert "粤B·12345" in page
    assert "until 2026-11-23" in page


def test_an_empty_plate_field_never_takes_the_plate(database: Database, sign_in: SignIn) -> None:
    browser = sign_in(english_advisor())
    number = factories.make_vehicle(plate="粤B12345", vin="LVSHCAMB1KE100001").id
    answer = browser.post(f"/vehicles/{number}/plate", data={"plate-plate": "\u200b "})
    assert answer.status_code == 422
    assert "Enter the new plate." in answer.text
    assert customers.get_vehicle(number).plate == "粤B12345"
    assert browser.post(f"/vehicles/{number}/plate/back").status_code == 302
    page = browser.get(f"/vehicles/{number}").text
    assert "No plate yet · VIN …100001" in page
    assert "until 2026-11-23" in page


@pytest.mark.parametrize("sign", "\u200b\ufeff\xa0\u202e\xad\u3164\x1b")
def test_what_cannot_be_seen_is_no_part_of_a_customer_or_car(
    database: Database, sign_in: SignIn, sign: str
) -> None:
    browser = sign_in(english_advisor())
    number = factories.make_customer("王伟").id
    about = {"name": f"{sign}李雷{sign}", "phone": f"1380{sign}0138000", "channel": "phone"}
    said = {"version": "1", **about, "address": f"福田{sign}"}
    assert browser.post(f"/customers/{number}", data=said).status_code == 302
    kept = customers.get_customer(number)
    assert (kept.name, kept.phone, kept.address) == ("李雷", "13800138000", "福田")
    car = {"new-plate": f"粤{sign}B77777", "new-energy": "fuel", "new-make": f"福{sign}特"}
    assert browser.post(f"/customers/{number}/vehicles", data=car).status_code == 302
    assert customers.find_vehicle("粤B77777") is not None
    car["new-plate"] = f"粤B77777{sign}"
    answer = browser.post(f"/customers/{number}/vehicles", data=car)
    assert "Another vehicle has this already" in answer.text
    assert (
        "李雷" in browser.get("/customers", query_string={"q": f"李{sign}雷"}).text
        or sign == "\xa0"
    )


def test_a_plate_that_another_car_has_is_asked_about(database: Database, sign_in: SignIn) -> None:
    browser = sign_in(english_advisor())
    factories.make_vehicle(plate="粤B12345", vin="LVSHCAMBXKE100014")
    number = factories.make_vehicle(plate="粤B77777", vin="LVSHCAMB1KE100001").id
    sent = {"plate-plate": "粤B12345"}
    answer = browser.post(f"/vehicles/{number}/plate", data=sent)
    assert answer.status_code == 409
    assert "The plate has moved to this car" in answer.text
    sent["plate-car_answer"] = code_of(answer.text, "plate_moved")
    assert browser.post(f"/vehicles/{number}/plate", data=sent).status_code == 302
    assert customers.get_vehicle(number).plate == "粤B12345"


def test_a_typing_error_in_a_plate_leaves_no_old_plate(database: Database, sign_in: SignIn) -> None:
    browser = sign_in(english_advisor())
    number = factories.make_vehicle(plate="粤B12345").id
    browser.post(f"/vehicles/{number}/plate/correct", data={"plate-plate": "粤B12346"})
    page = browser.get(f"/vehicles/{number}").text
    assert "粤B·12346" in page
    assert "Put right: Plate" in page
    assert "粤B·12345" not in page


def test_a_car_has_a_new_owner_and_the_old_one_stays_readable(
    database: Database, sign_in: SignIn
) -> None:
    browser = sign_in(english_advisor())
    factories.make_customer("李雷", "13900000000")
    owner = factories.make_customer("王伟", "13800000001")
    number = factories.make_vehicle(customer=owner, plate="粤B12345").id
    assert browser.post(f"/vehicles/{number}/owner", data={"owner-name": "李雷"}).status_code == 422
    sent = {"owner-name": "李磊", "owner-phone": "13900000000"}
    answer = browser.post(f"/vehicles/{number}/owner", data=sent)
    assert answer.status_code == 409
    assert 'value="李磊"' in answer.text
    sent["owner-person_answer"] = code_of(answer.text, "new_owner")
    assert browser.post(f"/vehicles/{number}/owner", data=sent).status_code == 302
    page = browser.get(f"/vehicles/{number}").text
    assert "owner until 2026-11-23" in page
    assert customers.get_vehicle(number).customer.name == "李雷"


def test_a_corrected_name_follows_into_what_is_open(database: Database, sign_in: SignIn) -> None:
    _, (advisor,) = make_shop()
    appointment = make_appointment(advisor, days=1)
    customer = appointment.customer
    old, phone = customer.name, customer.phone
    assert appointment.contact_name == old
    browser = sign_in(english_advisor())
    about = {"version": str(customer.version), "name": "汪伟", "phone": phone, "channel": "phone"}
    assert browser.post(f"/customers/{customer.id}", data=about).status_code == 302
    session.expire_all()
    assert appointment.contact_name == "汪伟"


def code_of(page: str, answer: str) -> str:
    """The code of an answer that the desk offers."""
    found = re.search(rf'value="({answer}:[^"]+)"', page)
    assert found is not None
    return found[1]


def test_a_wrong_vin_is_refused_at_its_field(database: Database, sign_in: SignIn) -> None:
    browser = sign_in(english_advisor())
    number = factories.make_vehicle(plate="粤B12345").id
    sent = {"version": "1", "vin": "LVSHCAMB2KE100001", "energy": "fuel", "model": "锐界"}
    answer = browser.post(f"/vehicles/{number}", data=sent)
    assert answer.status_code == 422
    assert "The check digit of this VIN is wrong" in answer.text
    assert 'value="锐界"' in answer.text
    sent["vin"] = "LVSHCAMB1KE100001"
    assert browser.post(f"/vehicles/{number}", data=sent).status_code == 302
    assert customers.get_vehicle(number).vin == "LVSHCAMB1KE100001"


def test_an_unknown_customer_or_vehicle_is_not_found(database: Database, sign_in: SignIn) -> None:
    browser = sign_in(english_advisor())
    assert browser.get("/customers/999").status_code == 404
    assert browser.get("/vehicles/999").status_code == 404


def test_a_vehicle_leads_to_its_reception_and_to_the_order_it_is_here_for(
    database: Database, sign_in: SignIn
) -> None:
    vehicle = factories.make_vehicle()
    client = sign_in(english_advisor())
    assert f"/reception/new?vehicle={vehicle.id}" in client.get(f"/vehicles/{vehicle.id}").text
    # when
    order = factories.make_order(Stage.REPAIR, vehicle=vehicle)
    # then
    page = client.get(f"/vehicles/{vehicle.id}").text
    assert f'href="/orders/{order.no}"' in page
    assert "/reception/new?vehicle=" not in page
