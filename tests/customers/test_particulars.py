"""What is known of a person and of a car's papers: kept, told in time, never guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.databases import Database
from tests.factories import AT, make_customer, make_user, make_vehicle
from workshop.customers import corrections, particulars
from workshop.customers.merging import service as merging
from workshop.customers.models import Channel, Customer, Vehicle
from workshop.customers.particulars import Papers, Person
from workshop.db import session
from workshop.errors import Conflict, Invalid
from workshop.staff.models import AuditEntry, User
from workshop.staff.permissions import RoleName

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)
PERSON = Person(date(1985, 6, 18), "朋友介绍", "金卡")
PAPERS = Papers("CFN123456", date(2021, 3, 8), 2021, date(2027, 3, 31), date(2027, 3, 7))


def advisor() -> User:
    return make_user(RoleName.SERVICE_ADVISOR)


def save(customer: Customer, version: int, person: Person | None, by: User) -> None:
    corrections.change_customer(
        customer, version, name=customer.name, phone=customer.phone, channel=Channel.PHONE,
        person=person, by=by, at=AT,
    )  # fmt: skip


def save_car(vehicle: Vehicle, papers: Papers | None, by: User) -> None:
    corrections.change_vehicle(
        vehicle, vehicle.version, vin=vehicle.vin, make=vehicle.make, model=vehicle.model,
        colour=vehicle.colour, energy=vehicle.energy, vehicle_class=vehicle.vehicle_class,
        papers=papers, by=by, at=AT,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("days", "is_over"), [(61, None), (60, False), (0, False), (-1, True)], ids=str
)
def test_a_paper_is_told_two_months_before_it_ends(days: int, is_over: bool | None) -> None:
    car = Vehicle(inspection_due_on=TODAY + days * DAY, insurance_due_on=None)
    found = particulars.list_due(car, TODAY)
    assert [(each.label, each.is_over) for each in found] == (
        [] if is_over is None else [("Inspection due", is_over)]
    )


def test_a_car_of_which_nothing_is_known_is_told_nothing() -> None:
    assert particulars.list_due(Vehicle(), TODAY) == []


def test_a_person_is_kept_and_what_is_not_said_stays(database: Database) -> None:
    customer, by = make_customer("王建国"), advisor()
    save(customer, customer.version, PERSON, by)
    session.flush()
    assert particulars.person_of(customer) == PERSON
    save(customer, customer.version, None, by)
    assert particulars.person_of(customer) == PERSON
    # The trail says that it changed, not what: nobody could take a birthday out again.
    entry = session.query(AuditEntry).filter_by(action="customers.change").first()
    assert entry is not None
    assert entry.details["fields"] == ["birthday", "source", "tier"]
    assert "1985" not in str(entry.details)


def test_a_stale_page_shows_both_versions_of_it(database: Database) -> None:
    customer, by = make_customer("王建国"), advisor()
    save(customer, customer.version, PERSON, by)
    session.flush()
    with pytest.raises(Conflict) as conflict:
        save(customer, customer.version - 1, replace(PERSON, tier="银卡"), by)
    assert conflict.value.theirs["Tier"] == "金卡"
    assert conflict.value.yours["Tier"] == "银卡"


@pytest.mark.parametrize("day", [date(1899, 12, 31), date(2027, 1, 1)], ids=str)
def test_a_day_on_which_nobody_was_born_is_refused(database: Database, day: date) -> None:
    customer = make_customer("王建国")
    with pytest.raises(Invalid) as refused:
        save(customer, customer.version, Person(day), advisor())
    assert refused.value.field == "birthday"


def test_papers_are_kept_and_the_trail_says_before_and_after(database: Database) -> None:
    car, by = make_vehicle(plate="沪A12345"), advisor()
    save_car(car, PAPERS, by)
    session.flush()
    assert particulars.papers_of(car) == PAPERS
    save_car(car, None, by)
    assert particulars.papers_of(car) == PAPERS
    entry = session.query(AuditEntry).filter_by(action="customers.change_vehicle").first()
    assert entry is not None
    assert entry.details["changed"]["Inspection due"] == [None, "2027-03-31"]
    with pytest.raises(Invalid) as refused:
        save_car(car, Papers(model_year=21), by)
    assert refused.value.field == "model_year"


def test_two_records_become_one_and_two_again(database: Database) -> None:
    # given: only the record that goes knows it
    kept, by = make_customer("王建国", "13800138001"), advisor()
    gone = make_customer("王建国", "13800138002")
    save(gone, gone.version, PERSON, by)
    session.flush()
    # when
    merge = merging.join_customers(gone, kept, merging.seen_of(gone, kept), by=by, at=AT)
    # then
    assert particulars.person_of(kept) == PERSON
    merging.part_customers(merge, by=by, at=AT)
    assert particulars.person_of(kept) == Person()


def test_two_records_of_a_car_become_one_and_two_again(database: Database) -> None:
    kept, by = make_vehicle(plate="沪A12345"), advisor()
    gone = make_vehicle(plate="沪A54321", customer=kept.customer)
    save_car(gone, PAPERS, by)
    session.flush()
    merge = merging.join_vehicles(gone, kept, merging.seen_of(gone, kept), by=by, at=AT)
    assert particulars.papers_of(kept) == PAPERS
    merging.part_vehicles(merge, by=by, at=AT)
    assert particulars.papers_of(kept) == Papers()
    assert particulars.papers_of(gone) == PAPERS
