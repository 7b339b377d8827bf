"""Dirty data that only the database can tell, row by row: what is asked, and what each answer does.

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
    rows,
    table,
    take_over,
    told,
    verdicts,
)
from workshop import db
from workshop.customers import service as customers
from workshop.customers.models import Customer, EnergyType, OdometerReading, PlateChange, Vehicle
from workshop.db import session
from workshop.setup.imports import service

PERSON = "姓名 手机"
CAR = "车牌 车架号 手机 姓名"


def names() -> list[tuple[str, str]]:
    """All customers with their numbers."""
    query = select(Customer.name, Customer.phone).order_by(Customer.id)
    return [(name, phone) for name, phone in session.execute(query)]


def zhang() -> Customer:
    """A customer whom the shop has."""
    made = customers.make_customer("张伟", "13800138001", by=factories.boss(), at=AT)
    db.commit()
    return made


def car(plate: str | None = "沪A12345", vin: str | None = None) -> Vehicle:
    """A car of 张伟 whom the shop has."""
    made = customers.make_vehicle(zhang(), plate, vin=vin, by=factories.boss(), at=AT)
    db.commit()
    return made


# ---- Customers ----


def test_one_number_written_in_seven_ways_is_one_customer(database: Database) -> None:
    written = (
        "13800138000", "'13800138000", "13800138000.0", "+86 138-0013-8000",
        "１３８００１３８０００",
        "138\u00a00013\u00a08000", "138\u200b00138000",
    )  # fmt: skip
    batch = check("customers", table(PERSON, *(("张伟", each) for each in written)))
    assert verdicts(batch) == ["new", *["same"] * 6]


def test_two_numbers_in_a_cell_are_kept_and_a_name_beside_one_is_the_name(
    database: Database,
) -> None:
    rows_ = (("李娜", "13800138000/13900139000"), ("", "王芳13700137000"))
    take_over("customers", table(PERSON, *rows_))
    assert names() == [("李娜", "13800138000"), ("王芳", "13700137000")]
    assert "13900139000" in session.scalars(select(Customer.remark)).first()  # type: ignore[operator]


def test_a_landline_that_lost_its_zero_is_put_right_and_flagged(database: Database) -> None:
    batch = check("customers", table(PERSON, ("李娜", "1068123456"), ("王芳", "1012345678")))
    assert verdicts(batch)[0] == "new"
    assert "lost the 0" in told(rows(batch)[0])


def test_one_number_and_two_names_is_asked(database: Database) -> None:
    zhang()
    data = table(f"{PERSON} 地址", ("李娜", "13800138001", "世纪大道1号"))
    # when
    batch = check("customers", data)
    # then: nothing is taken before somebody says what it is
    assert verdicts(batch) == ["doubtful: same_phone"]
    assert told(rows(batch)[0]) == "The shop has 张伟 with the number 13800138001."
    # when: they are one customer, the name that is there stays
    apply(answer(batch, "same_phone", "merge"))
    assert names() == [("张伟", "13800138001")]
    assert zhang_address() == "世纪大道1号"


def zhang_address() -> str:
    """Where 张伟 lives."""
    return session.scalars(select(Customer.address).where(Customer.name == "张伟")).one()


def test_one_number_may_be_of_two_customers(database: Database) -> None:
    zhang()
    batch = check("customers", table(PERSON, ("李娜", "13800138001")))
    apply(answer(batch, "same_phone", "both"))
    assert names() == [("张伟", "13800138001"), ("李娜", "13800138001")]


def test_a_doubtful_row_may_be_left_out(database: Database) -> None:
    zhang()
    batch = check("customers", table(PERSON, ("李娜", "13800138001"), ("王芳", "13700137000")))
    batch = apply(answer(batch, "same_phone", "skip"))
    assert names() == [("张伟", "13800138001"), ("王芳", "13700137000")]
    assert (batch.counts["taken"], batch.counts["left"]) == (1, 1)


def test_one_name_with_two_numbers_is_asked_also_within_the_file(database: Database) -> None:
    data = table(PERSON, ("张伟", "13800138001"), ("张伟", "13800138002"))
    batch = check("customers", data)
    assert verdicts(batch) == ["new", "doubtful: same_name"]
    apply(answer(batch, "same_name", "both"))
    assert names() == [("张伟", "13800138001"), ("张伟", "13800138002")]


def test_one_row_may_have_another_answer_than_all(database: Database) -> None:
    zhang()
    data = table(PERSON, ("李娜", "13800138001"), ("王芳", "13800138001"))
    batch = answer(check("customers", data), "same_phone", "skip")
    service.answer(batch, "same_phone", "both", rows(batch)[1].id, by=factories.boss())
    db.commit()
    apply(batch)
    assert names() == [("张伟", "13800138001"), ("王芳", "13800138001")]


def test_the_number_of_the_old_system_knows_a_customer_who_has_moved(database: Database) -> None:
    take_over("customers", table(f"客户编号 {PERSON}", ("K1", "张伟", "13800138001")))
    batch = check("customers", table(f"客户编号 {PERSON}", ("K1", "张伟", "13900139000")))
    assert verdicts(batch) == ["changed"]
    assert rows(batch)[0].said["differences"] == [["Phone", "13800138001", "13900139000"]]  # type: ignore[index]


def test_an_empty_cell_leaves_what_is_there(database: Database) -> None:
    take_over("customers", table(f"{PERSON} 地址", ("张伟", "13800138001", "张杨路1号")))
    for empty in ("", "NULL", "-", "无", "#N/A"):
        again = check("customers", table(f"{PERSON} 地址", ("张伟", "13800138001", empty)))
        assert verdicts(again) == ["same"], empty
    assert zhang_address() == "张杨路1号"


def test_a_formula_is_a_text(database: Database) -> None:
    take_over("customers", table(f"{PERSON} 备注", ("=1+1", "13800138001", "@SUM(A1)")))
    assert names() == [("=1+1", "13800138001")]


# ---- Cars ----


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


def test_a_car_with_a_new_plate_keeps_the_old_one_in_its_history(database: Database) -> None:
    car("沪A12345", "WVWZZZ1KZ00000001")
    take_over("vehicles", table(CAR, ("沪C88888", "WVWZZZ1KZ00000001", "13800138001", "张伟")))
    assert session.scalars(select(Vehicle.plate)).one() == "沪C88888"
    assert session.scalars(select(PlateChange.plate)).one() == "沪A12345"


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


def test_rows_that_explain_a_template_and_totals_are_passed_over(database: Database) -> None:
    data = table(PERSON, ("※ 张伟", "13800138000"), ("李娜", "13800138001"), ("合计", "1"))
    batch = check("customers", data)
    assert [row.line for row in rows(batch)] == [3]
    assert "total" in batch.found["told"][-1]["message"]
