"""Each answer at the identity desk does exactly what it says, and the past stays readable."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from sqlalchemy import func, select

from tests import factories
from tests.databases import Database
from workshop import db
from workshop.customers import queries as customer_queries
from workshop.customers.identity import queries as identity
from workshop.customers.identity import settling
from workshop.customers.identity.rules import CarAnswer, PersonAnswer
from workshop.customers.identity.settling import About, Settled
from workshop.customers.models import Customer, PlateChange, Vehicle
from workshop.db import session
from workshop.errors import RuleBroken
from workshop.staff.models import AuditEntry, User
from workshop.staff.permissions import RoleName

VIN = "LVSHCAMB1KE100001"
NEW_VIN = "LVSHCAMBXKE100014"
C, P = CarAnswer, PersonAnswer


@pytest.fixture
def by(database: Database) -> User:
    return factories.make_user(RoleName.SERVICE_ADVISOR)


@pytest.fixture
def car(by: User, at: datetime) -> Vehicle:
    owner = factories.make_customer("王伟", "13800000001")
    return factories.make_vehicle(customer=owner, plate="粤B12345", vin=VIN)


def settle(
    by: User,
    at: datetime,
    *answers: CarAnswer | PersonAnswer,
    person: int | None = None,
    **typed: str,
) -> Settled:
    """What the desk does when these answers are given to what was typed."""
    said = identity.read_said(**typed)  # type: ignore[arg-type]
    first = identity.look(said)
    car_code = next((each.code for each in first.about_car if each.answer in answers), "")
    asked = identity.look(said, car_code).about_person
    person_code = next(
        (each.code for each in asked if each.answer in answers and person in (None, each.target)),
        "",
    )
    return settling.settle(said, About(), car_code=car_code, person_code=person_code, by=by, at=at)


def test_nothing_is_taken_or_dropped_in_silence(car: Vehicle, by: User, at: datetime) -> None:
    for typed in (
        {"plate": "粤B12345", "vin": NEW_VIN},
        {"plate": "粤B99999", "vin": VIN},
        {"plate": "粤B12345", "name": "韩梅", "phone": "13900000000"},
        {"plate": "粤B77777", "name": "韩梅", "phone": "13800000001"},
    ):
        with pytest.raises(RuleBroken) as refusal:
            settle(by, at, **typed)
        assert refusal.value.code == settling.UNSURE
    assert session.scalar(select(func.count(Vehicle.id))) == 1
    assert session.scalar(select(func.count(Customer.id))) == 1


def test_the_same_car_with_a_new_plate(car: Vehicle, by: User, at: datetime) -> None:
    done = settle(by, at, C.NEW_PLATE, plate="粤B99999", vin=VIN)
    assert done.vehicle is car
    assert car.plate == "粤B99999"
    assert [each.plate for each in customer_queries.list_plate_changes(car)] == ["粤B12345"]


def test_a_plate_that_was_a_typing_error_was_never_the_cars(
    car: Vehicle, by: User, at: datetime
) -> None:
    settle(by, at, C.CORRECT_PLATE, plate="粤B99999", vin=VIN)
    assert car.plate == "粤B99999"
    assert customer_queries.list_plate_changes(car) == []
    assert _trail(car) == {"Plate": ["粤B12345", "粤B99999"]}


def test_a_vin_that_was_a_typing_error_stands_in_the_trail(
    car: Vehicle, by: User, at: datetime
) -> None:
    done = settle(by, at, C.CORRECT_VIN, plate="粤B12345", vin=NEW_VIN)
    assert done.vehicle is car
    assert _trail(car) == {"VIN": [VIN, NEW_VIN]}


def test_the_plate_has_moved_to_a_new_car_of_the_same_owner(
    car: Vehicle, by: User, at: datetime
) -> None:
    done = settle(by, at, C.PLATE_MOVED, plate="粤B12345", vin=NEW_VIN)
    assert (done.vehicle.plate, done.vehicle.vin) == ("粤B12345", NEW_VIN)
    assert done.customer is car.customer
    assert car.plate is None
    assert car.called == "VIN …100001"
    assert [each.plate for each in customer_queries.list_plate_changes(car)] == ["粤B12345"]


def test_the_plate_has_moved_to_another_car_that_we_know(
    car: Vehicle, by: User, at: datetime
) -> None:
    other = factories.make_vehicle(plate="粤B22222", vin=NEW_VIN)
    done = settle(by, at, C.PLATE_MOVED, plate="粤B12345", vin=NEW_VIN)
    assert done.vehicle is other
    assert (car.plate, other.plate) == (None, "粤B12345")
    assert session.scalar(select(func.count(PlateChange.id))) == 2


@pytest.mark.parametrize("answer", [C.BY_PLATE, C.BY_VIN])
def test_a_typing_error_here_changes_no_record(
    car: Vehicle, by: User, at: datetime, answer: CarAnswer
) -> None:
    other = factories.make_vehicle(plate="粤B22222", vin=NEW_VIN)
    done = settle(by, at, answer, plate="粤B12345", vin=NEW_VIN)
    assert done.vehicle is (car if answer is C.BY_PLATE else other)
    assert (car.plate, car.vin, other.plate) == ("粤B12345", VIN, "粤B22222")


def test_another_car_is_made_without_what_belongs_to_the_one_on_record(
    car: Vehicle, by: User, at: datetime
) -> None:
    about = {"name": "韩梅", "phone": "13900000000"}
    done = settle(by, at, C.ANOTHER_CAR, plate="粤B12345", vin=NEW_VIN, **about)
    assert (done.vehicle.plate, done.vehicle.vin) == (None, NEW_VIN)
    assert car.plate == "粤B12345"
    other = settle(by, at, C.ANOTHER_CAR, plate="粤B88888", vin=VIN, **about)
    assert (other.vehicle.plate, other.vehicle.vin) == ("粤B88888", None)
    assert other.customer is done.customer


def test_a_new_owner_keeps_the_old_one_in_the_history(car: Vehicle, by: User, at: datetime) -> None:
    old = car.customer
    done = settle(by, at, P.NEW_OWNER, plate="粤B12345", name="韩梅", phone="13900000000")
    assert (done.customer.name, car.customer.phone) == ("韩梅", "13900000000")
    (was,) = identity.list_owner_changes(car)
    assert (was.owner, was.until) == (old, at)


def test_a_known_person_may_be_the_new_owner(car: Vehicle, by: User, at: datetime) -> None:
    li = factories.make_customer("李雷", "13900000000")
    done = settle(by, at, P.NEW_OWNER, plate="粤B12345", name="李雷", phone="13900000000")
    assert done.customer is li


def test_who_only_brings_the_car_is_the_contact(car: Vehicle, by: User, at: datetime) -> None:
    done = settle(by, at, P.BRINGS, plate="粤B12345", name="司机小赵", phone="13900000000")
    assert done.customer.name == "王伟"
    assert (done.contact_name, done.contact_phone) == ("司机小赵", "13900000000")


def test_the_record_of_a_customer_is_put_right(car: Vehicle, by: User, at: datetime) -> None:
    settle(by, at, P.CORRECT, plate="粤B12345", name="汪伟", phone="13800000001")
    assert car.customer.name == "汪伟"
    assert car.customer.initials == "ww"
    assert _trail(car.customer) == {"Name": ["王伟", "汪伟"]}


def test_a_known_phone_is_taken_or_is_another_persons(car: Vehicle, by: User, at: datetime) -> None:
    typed = {"name": "韩梅", "phone": "+86 138-0000-0001"}
    same = settle(by, at, P.SAME, plate="粤B77777", **typed)
    assert same.customer is car.customer
    other = settle(by, at, P.ANOTHER, plate="粤B77778", **typed)
    assert other.customer is not car.customer
    assert other.customer.name == "韩梅"


def test_of_two_who_decide_on_one_car_the_second_is_asked_again(
    database: Database, at: datetime
) -> None:
    """Both were shown the same question; what the first decides makes it another one."""
    by = factories.make_user(RoleName.SERVICE_ADVISOR)
    vehicle = factories.make_vehicle(plate="粤B12345", vin=VIN)
    by_id, number = by.id, vehicle.id
    said = identity.read_said("粤B12345", NEW_VIN)
    codes = {each.answer: each.code for each in identity.look(said).about_car}
    db.commit()
    start = threading.Barrier(2)

    def decide(answer: CarAnswer) -> str:
        start.wait()
        with database.app.app_context():
            try:
                user = session.get_one(User, by_id)
                settling.settle(said, About(), car_code=codes[answer], by=user, at=at)
                db.commit()
            except RuleBroken as refusal:
                db.rollback()
                return refusal.code
            return "done"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(decide, (C.CORRECT_VIN, C.PLATE_MOVED)))
    assert answers.count("done") >= 1
    session.expire_all()
    cars = session.scalars(select(Vehicle).order_by(Vehicle.id)).all()
    # Either the one car has the VIN, or the new one has both; never a mixture.
    plates = {(each.id == number, each.plate, each.vin) for each in cars}
    assert plates in (
        {(True, "粤B12345", NEW_VIN)},
        {(True, None, VIN), (False, "粤B12345", NEW_VIN)},
    )


def _trail(record: Vehicle | Customer) -> dict[str, list[str]]:
    query = select(AuditEntry).where(AuditEntry.subject == record.__tablename__)
    entry = session.scalars(query.order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    changed: dict[str, list[str]] = entry.details["changed"]
    return changed
