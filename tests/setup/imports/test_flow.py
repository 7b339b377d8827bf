"""A file comes in, is checked, taken over and taken back: all of it or nothing, and once."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa
from sqlalchemy import select

from tests.databases import Database
from tests.factories import AT, make_branch, make_order, make_user
from tests.setup.imports import factories
from tests.setup.imports.factories import (
    PEOPLE,
    S,
    apply,
    bring,
    check,
    counts,
    rows,
    run,
    table,
    undo,
)
from tests.snapshot import changed, take
from workshop import clock, db
from workshop.customers import consents, corrections
from workshop.customers import service as customers
from workshop.customers.models import Channel, ConsentPurpose, Customer, OdometerReading, Vehicle
from workshop.db import session
from workshop.errors import Conflict, NotAllowed, RuleBroken
from workshop.setup.imports import background, life, queries, service
from workshop.setup.imports.models import ImportBatch, ImportKept
from workshop.staff.models import AuditEntry
from workshop.staff.permissions import RoleName

OWN = {"import_batch", "import_file", "import_row", "import_change", "import_kept", "audit_entry"}
CARS = table(
    "车牌 车架号 客户编号 品牌 车系 里程 上牌日期",
    ("沪A12345", "", "K1", "大众", "朗逸", "5.2万", "2021/3/8"),
    ("沪B12345", "", "K2", "丰田", "卡罗拉", "30000", "2020-01-02"),
    ("未上牌", "WVWZZZ1KZ00000001", "K3", "大众", "高尔夫", "", ""),
)


def test_customers_and_their_cars_come_in(database: Database) -> None:
    # when
    people = factories.take_over("customers", PEOPLE)
    cars = factories.take_over("vehicles", CARS)
    # then
    assert (people.state, cars.state) == (S.APPLIED, S.APPLIED)
    car = customers.find_vehicle("沪A12345")
    assert car is not None
    assert (car.customer.name, car.title, car.mileage_km) == ("张伟", "大众 朗逸", 52_000)
    assert str(car.first_registered_on) == "2021-03-08"
    assert session.scalars(select(OdometerReading)).first() is not None
    assert session.scalars(select(Vehicle).where(Vehicle.plate.is_(None))).one().vin


KNOWN = table("姓名 手机 生日 来源 等级", ("张伟", "13800138001", "1985/6/18", "朋友介绍", "金卡"))
PAPERS = table(
    "车牌 手机 年款 年检到期 保险到期",
    ("沪A12345", "13800138001", "2021款", "2027/3/31", "2027-3-7"),
    ("沪A12346", "13800138001", "21款", "", ""),
)


def test_what_shops_know_of_people_and_papers_comes_along(database: Database) -> None:
    factories.boss()
    before = take()
    people, cars = factories.take_over("customers", KNOWN), factories.take_over("vehicles", PAPERS)
    zhang = session.scalars(select(Customer)).one()
    assert (str(zhang.birthday), zhang.source, zhang.tier) == ("1985-06-18", "朋友介绍", "金卡")
    car, other = session.scalars(select(Vehicle).order_by(Vehicle.plate))
    assert (car.model_year, str(car.inspection_due_on)) == (2021, "2027-03-31")
    assert str(car.insurance_due_on) == "2027-03-07"
    # A year of two figures is flagged, and the car comes without it.
    assert (other.plate, other.model_year) == ("沪A12346", None)
    # when: the same once more, and then otherwise; what is empty stays
    assert counts(check("customers", KNOWN)) == {"same": 1}
    assert counts(check("vehicles", PAPERS)) == {"same": 2}
    again = table("姓名 手机 来源 等级", ("张伟", "13800138001", "", "白金卡"))
    changes = factories.take_over("customers", again)
    assert counts(changes) == {"changed": 1}
    session.refresh(zhang)
    assert (str(zhang.birthday), zhang.source, zhang.tier) == ("1985-06-18", "朋友介绍", "白金卡")
    # then: all the way back
    for batch in (changes, cars, people):
        undo(batch)
    assert changed(before, take()) <= OWN


def test_who_agrees_to_messages_comes_along_and_is_asked_of_nothing_else(
    database: Database,
) -> None:
    factories.boss()
    before = take()
    said = table("姓名 手机 短信同意", ("张伟", "13800138001", "是"), ("李娜", "13800138002", ""))
    batch = factories.take_over("customers", said)
    zhang, li = session.scalars(select(Customer).order_by(Customer.phone))
    now = consents.agreed(zhang)
    assert now[ConsentPurpose.REMINDER] == now[ConsentPurpose.FOLLOW_UP] == [Channel.SMS]
    assert now[ConsentPurpose.MARKETING] == now[ConsentPurpose.SERVICE] == []
    assert consents.standing(li) == {}
    assert counts(check("customers", said)) == {"same": 2}
    # when: taken back by a later list, and that list by the shop
    later = table("姓名 手机 短信同意", ("张伟", "13800138001", "否"))
    changes = factories.take_over("customers", later)
    assert counts(changes) == {"changed": 1}
    assert not any(consents.agreed(zhang).values())
    undo(changes)
    assert consents.agreed(zhang)[ConsentPurpose.REMINDER] == [Channel.SMS]
    undo(batch)
    assert changed(before, take()) <= OWN


def test_the_check_changes_nothing_but_its_own(database: Database) -> None:
    batch = bring("customers", PEOPLE)
    before = take()
    run(batch, S.CHECKING)
    assert changed(before, take()) <= OWN


def test_the_same_file_once_more_is_all_same(database: Database) -> None:
    for kind, data in (("customers", PEOPLE), ("vehicles", CARS)):
        factories.take_over(kind, data)
    for kind, data in (("customers", PEOPLE), ("vehicles", CARS)):
        again = check(kind, data)
        assert counts(again) == {"same": 3}
        with pytest.raises(RuleBroken, match="here already"):
            service.begin(again, S.APPLYING, by=factories.boss(), at=AT)


def test_taken_back_everything_is_as_before(database: Database) -> None:
    # given: a shop that knows one of the customers and one of the cars
    factories.boss()
    known = customers.make_customer("张伟", "13800138001", by=factories.boss(), at=AT)
    car = customers.make_vehicle(known, "沪A12345", by=factories.boss(), at=AT)
    customers.record_mileage(car, 40_000, by=factories.boss(), at=AT)
    db.commit()
    before = take()
    # when
    people = factories.take_over("customers", PEOPLE)
    cars = factories.take_over("vehicles", CARS)
    assert counts(people) == {"new": 2, "changed": 1}
    assert counts(cars) == {"new": 2, "changed": 1}
    assert {"customer", "vehicle", "odometer_reading"} <= changed(before, take())
    # then
    assert undo(cars).state is S.UNDONE
    assert undo(people).state is S.UNDONE
    assert changed(before, take()) <= OWN


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_no_guard_looks_for_the_name_of_its_table_without_an_index(database: Database) -> None:
    """A text is found by an index, a name is not: to take 100,000 cars back took an hour."""
    query = "SELECT proname FROM pg_proc WHERE prosrc ~ '[^:]= *TG_TABLE_NAME'"
    assert session.scalars(sa.text(query)).all() == []


def test_what_was_changed_since_stays_and_is_named(database: Database) -> None:
    batch = factories.take_over("customers", PEOPLE)
    li = session.scalars(select(Customer).where(Customer.name == "李娜")).one()
    corrections.change_customer(
        li, li.version, name="李娜", phone="13800138009", by=factories.boss(), at=AT,
        channel=Channel.PHONE,
    )  # fmt: skip
    db.commit()
    # when
    batch = undo(batch)
    # then
    assert [each.name for each in session.scalars(select(Customer))] == ["李娜"]
    (kept,) = session.scalars(select(ImportKept))
    assert (kept.table_name, kept.title, kept.used_table) == ("customer", "李娜", "")
    assert batch.counts["kept"] == 1


def test_what_is_in_use_stays_with_what_it_needs(database: Database) -> None:
    people = factories.take_over("customers", PEOPLE)
    cars = factories.take_over("vehicles", CARS)
    used = customers.find_vehicle("沪A12345")
    assert used is not None
    order = make_order(vehicle=used)
    db.commit()
    # when
    undo(cars)
    undo(people)
    # then: the car, its reading and its owner stay
    assert [each.called for each in session.scalars(select(Vehicle))] == ["沪A·12345"]
    assert [each.name for each in session.scalars(select(Customer))] == ["张伟"]
    assert session.scalars(select(OdometerReading)).one().mileage_km == 52_000
    kept = {each.table_name: each for each in session.scalars(select(ImportKept))}
    assert (kept["vehicle"].used_table, kept["vehicle"].used_id) == ("repair_order", order.id)
    assert kept["customer"].used_table in ("vehicle", "repair_order")


def test_a_second_press_does_nothing_more(database: Database) -> None:
    batch = check("customers", PEOPLE)
    service.begin(batch, S.APPLYING, by=factories.boss(), at=AT)
    db.commit()
    with pytest.raises(Conflict):
        service.begin(batch, S.APPLYING, by=factories.boss(), at=AT)


def test_data_that_changed_since_the_check_are_looked_at_again(database: Database) -> None:
    batch = check("customers", PEOPLE)
    # when: somebody makes one of these customers at the desk
    customers.make_customer("李娜", "13800138002", by=factories.boss(), at=AT)
    db.commit()
    batch = apply(batch)
    # then: nothing is written, and the rows say what they mean now
    assert batch.state is S.CHECKED
    assert "what some rows mean" in batch.failure["message"]  # type: ignore[index]
    assert counts(batch) == {"new": 2, "changed": 1}
    assert len(session.scalars(select(Customer)).all()) == 1
    assert apply(batch).state is S.APPLIED


def test_what_changed_elsewhere_stops_nobody(database: Database) -> None:
    batch = check("customers", PEOPLE)
    customers.make_customer("赵敏", "13900139000", by=factories.boss(), at=AT)
    db.commit()
    assert apply(batch).state is S.APPLIED


def test_a_run_that_gave_no_sign_of_life_is_given_back(database: Database) -> None:
    # given: a process that died while it took a file over
    batch = check("customers", PEOPLE)
    runner = service.begin(batch, S.APPLYING, by=factories.boss(), at=AT)
    life.take_turn(batch.id)
    db.commit()
    # when: not at once, but after the lease
    assert life.release_lost(AT + life.LEASE) == 0
    assert life.release_lost(AT + 2 * life.LEASE) == 1
    db.commit()
    # then
    batch = queries.get_batch(make_branch(), batch.id)
    session.refresh(batch)
    assert (batch.state, batch.has_turn, batch.runner) == (S.CHECKED, False, "")
    assert "interrupted" in batch.failure["message"]  # type: ignore[index]
    with pytest.raises(life.Lost):
        life.beat(batch.id, runner, 1, AT)


def test_whoever_asks_to_stop_keeps_nothing(database: Database) -> None:
    batch = bring("customers", PEOPLE)
    runner = service.begin(batch, S.CHECKING, by=factories.boss(), at=AT)
    service.stop(batch, by=factories.boss(), at=AT)
    db.commit()
    with pytest.raises(life.Stopped):
        life.beat(batch.id, runner, 1, AT)


def test_one_file_at_a_time_has_the_turn(database: Database) -> None:
    first, second = check("customers", PEOPLE), check("vehicles", CARS)
    for batch in (first, second):
        session.refresh(batch)
    assert life.take_turn(first.id)
    assert not life.take_turn(second.id)
    assert queries.find_turn() is first


def test_only_who_may_import_and_see_customers_imports(database: Database) -> None:
    advisor = make_user(RoleName.SERVICE_ADVISOR)
    admin = make_user(RoleName.ADMINISTRATOR)
    for user in (advisor, admin):
        with pytest.raises(NotAllowed):
            bring("customers", PEOPLE, by=user)


def test_each_act_leaves_one_line(database: Database) -> None:
    batch = undo(factories.take_over("customers", PEOPLE))
    query = select(AuditEntry).where(AuditEntry.subject == "import_batch")
    lines = {each.action: each.details for each in session.scalars(query)}
    assert set(lines) == {"setup.import_file", "setup.take_back_import"}
    assert lines["setup.import_file"]["new"] == 3
    assert lines["setup.take_back_import"]["gone"] == 6
    assert batch.undone_by_id == factories.boss().id


def test_what_cannot_be_taken_is_left_and_says_why(database: Database) -> None:
    data = table("姓名 手机", ("张伟", "13800138001"), ("李娜", "1.38E+10"), ("王芳", ""))
    batch = check("customers", data)
    assert factories.verdicts(batch) == ["new", "refused", "refused"]
    assert "lost its last digits" in factories.told(rows(batch)[1])
    batch = apply(batch)
    assert [each.name for each in session.scalars(select(Customer))] == ["张伟"]
    assert [each.line for each in queries.list_left(batch)] == [3, 4]
    # and what was taken takes no room any more
    assert [row.line for row in rows(batch)] == [3, 4]


def test_the_second_waits_until_the_first_is_done(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given: somebody's file has the turn, and another one is to be taken over
    monkeypatch.setattr(background, "_WAIT_SECONDS", 0.05)
    monkeypatch.setattr(clock, "now", lambda: AT)
    first, second = check("customers", PEOPLE).id, check("customers", OTHERS).id
    service.begin(batch_of(first), S.APPLYING, by=factories.boss(), at=AT)
    assert life.take_turn(first)
    runner = service.begin(batch_of(second), S.APPLYING, by=factories.boss(), at=AT)
    db.commit()
    # when
    thread = threading.Thread(target=background.run, args=(database.app, second, runner))
    thread.start()
    thread.join(1)
    # then: it waits, and does not write
    assert thread.is_alive()
    # when: the first one is done
    life.end(batch_of(first))
    db.commit()
    thread.join(60)
    # then
    session.expire_all()
    assert (batch_of(second).state, batch_of(second).has_turn) == (S.APPLIED, False)


OTHERS = table("姓名 手机", ("赵敏", "13900139000"))


def batch_of(batch_id: int) -> ImportBatch:
    """The file as it is now."""
    return queries.get_batch(make_branch(), batch_id)
