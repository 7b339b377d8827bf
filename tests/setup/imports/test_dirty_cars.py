"""Dirty lists of cars, row by row: what is asked, and what each answer does.

Source: the table of dirty input that old systems give. Single cells are tests/sheets.
"""

from __future__ import annotations

from sqlalchemy import select

from tests.databases import Database
from tests.factories import AT
from tests.setup.imports import factories
from tests.setup.imports.factories import (
    answer,
    apply,
    check,
    names,
    rows,
    table,
    take_over,
    told,
    verdicts,
    zhang,
)
from workshop import db
from workshop.customers import service as customers
from workshop.customers.models import (
    Customer,
    EnergyType,
    OdometerReading,
    PlateChange,
    Vehicle,
    VehicleClass,
)
from workshop.db import session
from workshop.setup.imports import service

CAR = "车牌 车架号 手机 姓名"


def car(plate: str | None = "沪A12345", vin: str | None = None) -> Vehicle:
    """A car of 张伟 whom the shop has."""
    made = customers.make_vehicle(zhang(), plate, vin=vin, by=factories.boss(), at=AT)
    db.commit()
    return made


def test_a_plate_is_one_however_it_is_written(database: Database) -> None:
    zhang()
    written = ("沪a·12345", "沪Ａ 12345", "沪A-12345")
    data = table("车牌 手机", *((each, "13800138001") for each in written))
    assert verdicts(check("vehicles", data)) == ["new", "same", "same"]


def test_a_car_without_a_plate_yet_is_known_by_its_vin(database: Database) -> None:
    zhang()
    data = table(
        CAR, ("未上牌", "WVWZZZ1KZ00000001", "13800138001", ""), ("临牌", "", "13800138001", "")
    )
    assert verdicts(check("vehicles", data)) == ["new", "refused"]


def test_two_plates_in_a_cell_are_two_cars_when_somebody_says_so(database: Database) -> None:
    zhang()
    batch = check("vehicles", table("车牌 手机", ("粤B12345、粤B67890", "13800138001")))
    assert verdicts(batch) == ["doubtful: several_plates"]
    apply(answer(batch, "several_plates", "cars"))
    assert sorted(session.scalars(select(Vehicle.plate))) == ["粤B12345", "粤B67890"]


def test_a_missing_owner_is_made_when_somebody_says_so(database: Database) -> None:
    data = table(
        CAR, ("沪A12345", "", "13800138001", "张伟"), ("沪B12345", "", "13800138001", "张伟"),
        ("沪C12345", "", "", "张伟"),
    )  # fmt: skip
    batch = check("vehicles", data)
    assert verdicts(batch) == ["doubtful: owner_missing", "doubtful: owner_missing", "refused"]
    assert "Say whose car it is" in told(rows(batch)[2])
    apply(answer(batch, "owner_missing", "yes"))
    # then: one owner for both cars
    assert names() == [("张伟", "13800138001")]
    assert len(session.scalars(select(Vehicle)).all()) == 2


def test_one_plate_with_two_owners_is_asked(database: Database) -> None:
    car()
    customers.make_customer("李娜", "13800138002", by=factories.boss(), at=AT)
    db.commit()
    data = table(f"{CAR} 颜色", ("沪A12345", "", "13800138002", "李娜", "白"))
    # when: the owner that is there stays, the colour comes
    batch = check("vehicles", data)
    assert verdicts(batch) == ["doubtful: two_owners"]
    apply(answer(batch, "two_owners", "keep"))
    known = customers.find_vehicle("沪A12345")
    assert known is not None
    assert (known.customer.name, known.colour) == ("张伟", "白")
    # when: once more, and it is her car now
    apply(answer(check("vehicles", data), "two_owners", "change"))
    session.expire_all()
    assert known.customer.name == "李娜"


def test_one_plate_with_two_owners_within_the_file_is_asked(database: Database) -> None:
    for name, phone in (("张伟", "13800138001"), ("李娜", "13800138002")):
        customers.make_customer(name, phone, by=factories.boss(), at=AT)
    db.commit()
    data = table("车牌 手机", ("沪A12345", "13800138001"), ("沪A12345", "13800138002"))
    batch = check("vehicles", data)
    assert verdicts(batch) == ["new", "doubtful: two_owners"]
    batch = apply(answer(batch, "two_owners", "change"))
    known = customers.find_vehicle("沪A12345")
    assert known is not None
    assert known.customer.name == "李娜"
    # and it can be taken back
    factories.undo(batch)
    assert session.scalars(select(Vehicle)).first() is None


def test_a_plate_that_is_on_another_car_is_asked(database: Database) -> None:
    car("沪A12345", "WVWZZZ1KZ00000001")
    data = table(CAR, ("沪A12345", "WVWZZZ1KZ00000002", "13800138001", "张伟"))
    batch = check("vehicles", data)
    assert verdicts(batch) == ["doubtful: plate_taken"]
    batch = apply(answer(batch, "plate_taken", "move"))
    now = customers.find_vehicle("沪A12345")
    assert now is not None
    assert now.vin == "WVWZZZ1KZ00000002"
    assert session.scalars(select(PlateChange)).one().plate == "沪A12345"
    # and back again
    factories.undo(batch)
    session.expire_all()
    back = customers.find_vehicle("沪A12345")
    assert back is not None
    assert back.vin == "WVWZZZ1KZ00000001"
    assert session.scalars(select(PlateChange)).first() is None


def test_a_plate_and_an_owner_that_are_both_unsure_are_both_asked(database: Database) -> None:
    # given: the plate is on another car, the VIN is a car of somebody else than the file says
    car("沪A12345", "WVWZZZ1KZ00000001")
    customers.make_vehicle(
        session.scalars(select(Customer)).one(), "沪B12345", vin="WVWZZZ1KZ00000002",
        by=factories.boss(), at=AT,
    )  # fmt: skip
    db.commit()
    data = table(CAR, ("沪A12345", "WVWZZZ1KZ00000002", "13800138002", "李娜"))
    # when
    batch = check("vehicles", data)
    # then: one answer decides both
    assert verdicts(batch) == ["doubtful: plate_taken_two_owners"]
    said = told(rows(batch)[0])
    assert "another VIN" in said
    assert "the file says 李娜's" in said
    question = (rows(batch)[0].said or {})["question"]
    assert [value for value, _ in question["choices"]] == [
        "move_keep", "move_change", "without_keep", "without_change", "skip",
    ]  # fmt: skip
    batch = apply(answer(batch, "plate_taken_two_owners", "move_change"))
    assert batch.failure is None
    moved = customers.find_vehicle("沪A12345")
    assert moved is not None
    assert (moved.vin, moved.customer.name) == ("WVWZZZ1KZ00000002", "李娜")
    factories.undo(batch)
    session.expire_all()
    assert names() == [("张伟", "13800138001")]
    assert (moved.plate, moved.customer.name) == ("沪B12345", "张伟")


def test_a_new_car_whose_plate_is_taken_and_whose_owner_is_missing_asks_both(
    database: Database,
) -> None:
    car("沪A12345", "WVWZZZ1KZ00000001")
    data = table(CAR, ("沪A12345", "WVWZZZ1KZ00000002", "13800138002", "李娜"))
    batch = check("vehicles", data)
    assert verdicts(batch) == ["doubtful: plate_taken_owner_missing"]
    apply(answer(batch, "plate_taken_owner_missing", "without_yes"))
    new = session.scalars(select(Vehicle).where(Vehicle.vin == "WVWZZZ1KZ00000002")).one()
    assert (new.plate, new.customer.name) == (None, "李娜")
    # and two cars in one cell with an owner who is not here
    data = table("车牌 手机 姓名", ("粤B12345、粤B67890", "13800138003", "王芳"))
    batch = check("vehicles", data)
    assert verdicts(batch) == ["doubtful: several_plates_owner_missing"]
    apply(answer(batch, "several_plates_owner_missing", "cars_yes"))
    assert len(session.scalars(select(Vehicle)).all()) == 4


def test_two_new_owners_with_one_number_and_two_names_are_asked(database: Database) -> None:
    data = table(
        CAR, ("沪A12345", "", "13800138001", "张伟"), ("沪B12345", "", "13800138001", "王芳"),
        ("沪C12345", "", "13800138001", ""), ("沪A12345", "", "13800138001", "王芳"),
    )  # fmt: skip
    for choice, owners in (("same", {"张伟"}), ("other", {"张伟", "王芳"})):
        batch = check("vehicles", data)
        assert verdicts(batch) == [
            "doubtful: owner_missing", "doubtful: owner_two_names", "doubtful: owner_missing",
            "doubtful: two_owners",
        ]  # fmt: skip
        assert "has 张伟 with the number" in told(rows(batch)[1])
        answer(batch, "owner_missing", "yes")
        batch = apply(answer(batch, "owner_two_names", choice))
        assert {name for name, _ in names()} == owners
        assert len(session.scalars(select(Vehicle)).all()) == 3
        factories.undo(batch)
        session.expire_all()
        assert names() == []


def test_the_number_of_somebody_else_may_be_that_of_a_new_owner_too(database: Database) -> None:
    zhang()
    data = table(CAR, ("沪A12345", "", "13800138001", "王芳"))
    apply(answer(check("vehicles", data), "owner_unsure", "other"))
    assert names() == [("张伟", "13800138001"), ("王芳", "13800138001")]
    known = customers.find_vehicle("沪A12345")
    assert known is not None
    assert known.customer.name == "王芳"


def test_a_known_car_whose_owner_has_another_name_in_the_file_says_so(database: Database) -> None:
    car()
    batch = check("vehicles", table(CAR, ("沪A12345", "", "13800138001", "王芳")))
    assert verdicts(batch) == ["same"]
    assert "the number of 张伟 here, and of 王芳" in told(rows(batch)[0])


def test_a_car_with_a_new_plate_keeps_the_old_one_in_its_history(database: Database) -> None:
    car("沪A12345", "WVWZZZ1KZ00000001")
    take_over("vehicles", table(CAR, ("沪C88888", "WVWZZZ1KZ00000001", "13800138001", "张伟")))
    assert session.scalars(select(Vehicle.plate)).one() == "沪C88888"
    assert session.scalars(select(PlateChange.plate)).one() == "沪A12345"


def test_a_car_comes_with_its_class_and_what_it_drove_by_battery(database: Database) -> None:
    zhang()
    data = table("车牌 手机 车型级别 纯电里程", ("沪A12345", "13800138001", "SUV", "8000"))
    take_over("vehicles", data)
    made = customers.find_vehicle("沪A12345")
    assert made is not None
    assert (made.vehicle_class, made.ev_km) == (VehicleClass.SUV, 8000)
    assert verdicts(check("vehicles", data)) == ["same"]
    strange = check("vehicles", table("车牌 手机 级别", ("沪B12345", "13800138001", "宇宙级")))
    assert verdicts(strange) == ["new"]
    assert "not known" in told(rows(strange)[0])


def test_a_lower_mileage_is_told_and_left(database: Database) -> None:
    known = car()
    customers.record_mileage(known, 60_000, by=factories.boss(), at=AT)
    db.commit()
    batch = check("vehicles", table("车牌 手机 里程", ("沪A12345", "13800138001", "5.2万")))
    assert verdicts(batch) == ["same"]
    assert "52000 km is less than the 60000 km" in told(rows(batch)[0])
    # when: a higher one comes
    take_over("vehicles", table("车牌 手机 里程", ("沪A12345", "13800138001", "61,000公里")))
    session.expire_all()
    assert known.mileage_km == 61_000
    assert len(session.scalars(select(OdometerReading)).all()) == 2


def test_a_china_made_vin_that_cannot_be_is_refused(database: Database) -> None:
    zhang()
    wrong = ("LSVAO4187C2184841", "LSVAA4187C218484", "2184841", "1.23457E+16")
    data = table("车架号 手机", *((each, "13800138001") for each in wrong))
    assert verdicts(check("vehicles", data)) == ["refused"] * 4


def test_words_for_what_drives_a_car_are_known_and_others_told(database: Database) -> None:
    zhang()
    said = (
        ("油", "fuel"),
        ("柴油", "diesel"),
        ("混", "hybrid"),
        ("EV", "electric"),
        ("纯电", "electric"),
    )
    data = table(
        "车牌 手机 能源",
        *((f"沪A1234{n}", "13800138001", word) for n, (word, _) in enumerate(said)),
        ("沪A12349", "13800138001", "核动力"),
    )
    batch = apply(check("vehicles", data))
    found = dict(session.execute(select(Vehicle.plate, Vehicle.energy)).all())  # type: ignore[arg-type]
    for n, (_, energy) in enumerate(said):
        assert found[f"沪A1234{n}"] is EnergyType(energy)
    assert batch.counts["taken"] == 6


def test_a_day_that_can_be_read_in_two_ways_is_asked_once_for_the_column(
    database: Database,
) -> None:
    zhang()
    data = table(
        "车牌 手机 上牌日期",
        ("沪A12345", "13800138001", "01-03-2016"),
        ("沪B12345", "13800138001", "05-04-2017"),
    )
    batch = check("vehicles", data)
    assert verdicts(batch) == ["refused", "refused"]
    assert batch.found["ambiguous"] == {"first_registered_on": [2, "01-03-2016"]}
    # when
    service.say_day_first(batch, "first_registered_on", True, by=factories.boss())
    db.commit()
    take = factories.run(batch, factories.S.CHECKING)
    apply(take)
    # then
    assert str(session.scalars(select(Vehicle.first_registered_on)).first()) == "2016-03-01"
