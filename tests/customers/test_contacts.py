"""The people of a company: whom to call, who may agree, and how they go over with its record."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.databases import Database
from tests.factories import (
    make_company,
    make_contact,
    make_customer,
    make_order,
    make_user,
    make_vehicle,
)
from workshop.customers import corrections
from workshop.customers import queries as customers
from workshop.customers.contacts import queries, service
from workshop.customers.contacts.queries import Reach
from workshop.customers.contacts.service import About
from workshop.customers.identity import queries as identity
from workshop.customers.identity import settling
from workshop.customers.identity.rules import PersonAnswer
from workshop.customers.identity.settling import About as Car
from workshop.customers.merging import service as merging
from workshop.customers.models import ContactRole, CustomerKind
from workshop.db import session
from workshop.errors import Conflict, Invalid, RuleBroken
from workshop.staff.models import User
from workshop.staff.permissions import RoleName

R = ContactRole
WANG, LI = ("王主管", "13800000001"), ("李师傅", "13900000002")


@pytest.fixture
def by(database: Database) -> User:
    return make_user(RoleName.SERVICE_ADVISOR)


def test_only_a_company_has_contacts(at: datetime, by: User) -> None:
    with pytest.raises(RuleBroken, match="Only a company"):
        service.add_contact(make_customer(), About(*WANG), by=by, at=at)


@pytest.mark.parametrize(
    ("name", "phone", "field"), [("\u200b", WANG[1], "name"), ("王", "123", "phone")]
)
def test_a_contact_has_a_name_and_a_number(
    at: datetime, by: User, name: str, phone: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        service.add_contact(make_company(), About(name, phone), by=by, at=at)
    assert refused.value.field == field


def test_one_is_called_first(at: datetime, by: User) -> None:
    company = make_company()
    first = service.add_contact(company, About(*WANG), by=by, at=at)
    second = service.add_contact(company, About(*LI), by=by, at=at)
    assert (first.is_primary, second.is_primary) == (True, False)

    service.change_contact(second, second.version, About(*LI, is_primary=True), by=by, at=at)

    assert [each.name for each in company.people] == ["李师傅", "王主管"]
    assert not first.is_primary


def test_a_stale_page_changes_no_contact(at: datetime, by: User) -> None:
    contact = make_contact()
    seen = contact.version
    service.change_contact(contact, seen, About("李工程师", contact.phone), by=by, at=at)
    with pytest.raises(Conflict) as refused:
        service.change_contact(contact, seen, About("李工", contact.phone), by=by, at=at)
    assert refused.value.theirs["Name"] == "李工程师"


def test_who_left_is_offered_no_more_and_can_come_back(at: datetime, by: User) -> None:
    company = make_company()
    driver = make_contact(company, drives=True, is_primary=True)
    car = make_vehicle(customer=company)
    service.set_driver(car, driver, by=by, at=at)

    service.use_contact(driver, False, by=by, at=at)

    assert not company.people
    assert car.driver is None
    assert queries.reach(company, car) == Reach(company.name, company.phone)
    assert not customers.find_customers(driver.phone)
    with pytest.raises(RuleBroken, match="Bring the contact back"):
        service.change_contact(driver, driver.version, About(*LI), by=by, at=at)
    service.use_contact(driver, True, by=by, at=at)
    assert car.driver is driver


def test_the_driver_belongs_to_the_cars_owner(at: datetime, by: User) -> None:
    driver = make_contact(drives=True)
    car = make_vehicle(customer=driver.customer)
    service.set_driver(car, driver, by=by, at=at)
    with pytest.raises(Invalid, match="Choose a contact"):
        service.set_driver(car, make_contact(name="他人"), by=by, at=at)

    corrections.change_owner(car, make_company("另一公司"), by, at)
    session.flush()
    session.refresh(car)

    assert car.driver is None
    assert car.driver_id is None


def test_each_matter_has_the_person_to_call(at: datetime, by: User) -> None:
    company = make_company()
    make_contact(company, name="王主管", phone=WANG[1], orders=True, is_primary=True)
    boss = make_contact(company, name="赵总", authorises=True)
    accounts = make_contact(company, name="钱会计", pays=True)
    driver = make_contact(company, name="李师傅", phone=LI[1], drives=True)
    car = make_vehicle(customer=company)
    service.set_driver(car, driver, by=by, at=at)

    order = make_order(vehicle=car)

    assert order.bringer_name == "李师傅"
    assert order.reach == Reach(*LI)
    assert order.asked == Reach("赵总", boss.phone)
    assert order.payer == Reach("钱会计", accounts.phone)
    # Who brought the car without a number of their own is not called on the company's.
    order.bringer_name, order.bringer_phone = "路人", ""
    assert order.reach == Reach(*LI)
    order.bringer_name, order.bringer_phone = "路人", "13700000009"
    assert order.reach == Reach("路人", "13700000009")


def test_a_private_person_is_called_as_before(database: Database) -> None:
    owner = make_customer("王小明", "13800138000")
    order = make_order(vehicle=make_vehicle(customer=owner))
    assert order.reach == order.asked == order.payer == Reach("王小明", "13800138000")
    order.bringer_name, order.bringer_phone = "张姐", "13900139000"
    assert order.reach == Reach("张姐", "13900139000")


@pytest.mark.parametrize(
    ("name", "phone", "whole"),
    [
        ("", "", WANG),
        ("李师傅", "", LI),
        ("", LI[1], LI),
        ("路人", "13700000009", ("路人", "13700000009")),
    ],
)
def test_who_comes_is_completed(
    database: Database, name: str, phone: str, whole: tuple[str, str]
) -> None:
    company = make_company()
    make_contact(company, name=WANG[0], phone=WANG[1], is_primary=True)
    make_contact(company, name=LI[0], phone=LI[1])
    found = queries.complete(company, make_vehicle(customer=company), name, phone)
    assert found == Reach(*whole)


def test_who_may_agree(database: Database) -> None:
    company = make_company()
    make_contact(company, name="李师傅", drives=True)
    assert queries.may_agree(company, "谁都行")
    make_contact(company, name="赵总", authorises=True)
    assert queries.may_agree(company, " 赵总 ")
    assert not queries.may_agree(company, "李师傅")
    assert [each.name for each in queries.list_agreeing(company)] == ["赵总", "李师傅"]
    company.kind = CustomerKind.PERSON
    assert queries.may_agree(company, "李师傅")


# ---- Who is this? ----


def test_a_contacts_number_leads_to_the_company(at: datetime, by: User) -> None:
    company = make_company()
    make_contact(company, name=LI[0], phone=LI[1])
    car = make_vehicle(customer=company, plate="粤B10001")
    assert customers.find_customers(LI[1]) == [company]
    assert customers.search_vehicles("00000002") == [car]
    assert customers.search_customers("李师傅") == [company]

    # A driver who calls about a car of the company asks no question, and is noted as who comes.
    said = identity.read_said("粤B10001", "", *LI)
    settled = settling.settle(said, Car(), by=by, at=at)
    assert (settled.customer, settled.contact_name) == (company, "李师傅")

    # And a new car of that driver is the company's.
    said = identity.read_said("粤B10002", "", *LI)
    settled = settling.settle(said, Car(), by=by, at=at)
    assert (settled.customer, settled.contact_phone) == (company, LI[1])


def test_another_name_under_a_contacts_number_never_renames_the_company(
    database: Database,
) -> None:
    company = make_company()
    make_contact(company, name=LI[0], phone=LI[1])
    decision = identity.look(identity.read_said("粤B10002", "", "李石", LI[1]))
    asked = {each.answer for each in decision.about_person}
    assert asked == {PersonAnswer.SAME, PersonAnswer.ANOTHER}


# ---- Two records of one company ----


def test_contacts_go_over_and_come_back(at: datetime, by: User) -> None:
    gone, kept = make_company(), make_company()
    second = make_contact(gone, name="李师傅", is_primary=True)
    first = make_contact(kept, name="王主管", is_primary=True)
    car = make_vehicle(customer=gone)
    service.set_driver(car, second, by=by, at=at)

    merge = merging.join_customers(gone, kept, merging.seen_of(gone, kept), by=by, at=at)

    assert [each.name for each in kept.people] == ["王主管", "李师傅"]
    assert car.driver is second
    merging.part_customers(merge, by=by, at=at)
    assert (gone.people, kept.people) == ([second], [first])
    assert second.is_primary
    assert first.is_primary
