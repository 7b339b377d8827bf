"""Visits of an old system: read on the car's page, their advice and guarantees count on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from tests.databases import Database
from tests.factories import make_branch, make_order, make_user, make_vehicle
from tests.setup.imports import files
from workshop.customers.models import Vehicle
from workshop.db import session
from workshop.orders import history
from workshop.orders.past.models import DeferredWork, Guarantee, PastLine, PastVisit
from workshop.orders.past.queries import list_past
from workshop.setup.imports.rules import Verdict
from workshop.staff.models import User
from workshop.staff.permissions import RoleName

V = Verdict
TODAY = date(2026, 11, 23)
HEAD = "工单号,进厂,出厂,车牌,里程,类型,编码,名称,数量,单价,金额,付费类型,技师,建议\n"
LIST = HEAD + (
    "RO1,2026-11-20 09:30,2026-11-20 17:00,粤B12345,46000,保养,BY1,更换机油,1,380,380,自费,李师傅,"
    "前刹车片剩4mm\n"
    ",,,,,,P1,机油滤清器,2,45.5,,自费,李师傅,前刹车片剩4mm\n"
    "RO2,2023-01-05,,粤B12345,20000,二级维护,BY2,更换火花塞,1,600,600,保修,王师傅,更换正时皮带\n"
)


def _car() -> Vehicle:
    make_user(RoleName.SERVICE_MANAGER)
    return make_vehicle(plate="粤B12345", mileage_km=46_500)


def _list_visits(car: Vehicle) -> list[PastVisit]:
    return list_past(session.get_one(Vehicle, car.id))


def test_visits_come_with_their_lines_and_go_again(database: Database) -> None:
    car = _car()
    make_branch()
    before = files.dump()
    batch = files.take("history", LIST)
    assert files.verdicts(batch) == [V.NEW] * 3
    newest, oldest = _list_visits(car)
    assert (newest.no, newest.kind, newest.mileage_km) == ("RO1", "保养", 46_000)
    # Half past nine in Shanghai.
    assert newest.arrived_at == datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
    assert [(line.title, line.total_fen) for line in newest.lines] == [
        ("更换机油", 38_000), ("机油滤清器", 9_100),
    ]  # fmt: skip
    assert (newest.total_fen, newest.advised) == (47_100, ["前刹车片剩4mm"])
    assert (oldest.no, oldest.left_at, oldest.lines[0].payer) == ("RO2", None, "保修")
    files.undo(batch)
    assert files.dump() == before


def test_advice_of_the_last_two_years_is_offered_at_the_next_visit(database: Database) -> None:
    car = _car()
    files.take("history", LIST)
    (open_now,) = history.list_deferred(session.get_one(Vehicle, car.id))
    assert (open_now.title, open_now.price_fen) == ("前刹车片剩4mm", None)
    # The older advice is only read.
    assert _list_visits(car)[1].advised == ["更换正时皮带"]


def test_a_guarantee_counts_while_it_runs(database: Database) -> None:
    car = _car()
    files.take("history", LIST)
    # Minor repair: ten days or 2,000 km (R3); that of 2023 is over.
    found = session.scalars(select(Guarantee).order_by(Guarantee.id)).all()
    assert [(each.title, each.ends_on, each.end_km) for each in found] == [
        ("更换机油", date(2026, 11, 30), 48_000), ("机油滤清器", date(2026, 11, 30), 48_000),
    ]  # fmt: skip
    known = session.get_one(Vehicle, car.id)
    assert len(history.list_guarantees(known, TODAY, 46_500)) == 2
    assert history.list_guarantees(known, TODAY, 48_001) == []


@pytest.mark.parametrize(
    ("kind", "days", "km"),
    [("总成大修", 100, 20_000), ("二级维护", 30, 5_000), ("小修", 10, 2_000)],
)
def test_the_legal_guarantee_goes_by_the_word_of_the_work(
    database: Database, kind: str, days: int, km: int
) -> None:
    _car()
    files.take("history", HEAD + f"RO1,2026-11-20,,粤B12345,1000,{kind},,修理,,,,,,\n")
    found = session.scalars(select(Guarantee)).one()
    assert ((found.ends_on - date(2026, 11, 20)).days, found.end_km - 1000) == (days, km)


def test_a_guarantee_that_the_file_names_ends_then(database: Database) -> None:
    _car()
    files.take(
        "history", "工单号,进厂,车牌,名称,质保到期\nRO1,2025-11-20,粤B12345,发动机大修,2027-01-01\n"
    )
    assert session.scalars(select(Guarantee.ends_on)).one() == date(2027, 1, 1)


def test_the_same_file_again_brings_nothing(database: Database) -> None:
    _car()
    files.take("history", LIST)
    assert files.verdicts(files.check("history", LIST)) == [V.SAME] * 3


def test_a_line_twice_is_one_and_a_new_line_joins_its_visit(database: Database) -> None:
    car = _car()
    line = "RO1,2026-11-20,,粤B12345,1000,保养,,更换机油,1,380,,,,\n"
    batch = files.take("history", HEAD + line + line)
    assert files.verdicts(batch) == [V.NEW, V.SAME]
    more = files.take("history", HEAD + line + "RO1,,,,,,,洗车,1,0,,,,\n")
    assert files.verdicts(more) == [V.SAME, V.NEW]
    assert [each.title for each in _list_visits(car)[0].lines] == ["更换机油", "洗车"]
    files.undo(more)
    session.expire_all()
    assert [each.title for each in _list_visits(car)[0].lines] == ["更换机油"]


def test_advice_that_was_taken_up_keeps_its_visit(database: Database) -> None:
    car = _car()
    batch = files.take("history", LIST)
    deferred = session.scalars(select(DeferredWork)).one()
    history.mark_sold(deferred, make_order(vehicle=session.get_one(Vehicle, car.id)))
    session.commit()
    files.undo(batch)
    assert session.scalars(select(PastVisit.no)).all() == ["RO1"]
    assert len(session.scalars(select(PastLine)).all()) == 2


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("RO1,2026-11-20,,粤B99999,,,,x,,,,,,", "Nobody knows this car"),
        ("RO1,2026-11-20,,,,,,x,,,,,,", "which car"),
        ("RO1,,,粤B12345,,,,x,,,,,,", "when the car was here"),
        ("RO1,2027-01-01,,粤B12345,,,,x,,,,,,", "in the future"),
        ("RO1,2026-11-20,2026-11-19,粤B12345,,,,x,,,,,,", "before it came"),
        (",2026-11-20,,粤B12345,,,,x,,,,,,", "number of the order"),
    ],
)
def test_a_row_is_refused_in_words(database: Database, line: str, words: str) -> None:
    _car()
    (row,) = files.rows(files.check("history", HEAD + line + "\n"))
    assert row.verdict is V.REFUSED
    assert any(words in said for said in files.notes(row))


def test_a_line_without_a_number_never_joins_a_visit_that_is_not_its_own(
    database: Database,
) -> None:
    _car()
    text = HEAD + (
        "RO1,2026-11-20,,粤B12345,,,,更换机油,,,,,,\n"
        "RO2,2026-13-45,,粤B12345,,,,更换电瓶,,,,,,\n"
        ",,,,,,,电瓶,,,,,,\n"
        "RO3,2026-11-21,,粤B99999,,,,补胎,,,,,,\n"
        ",,,,,,,轮胎,,,,,,\n"
    )
    assert files.verdicts(files.check("history", text)) == [
        V.NEW, V.REFUSED, V.REFUSED, V.REFUSED, V.REFUSED,
    ]  # fmt: skip


def test_a_number_of_another_cars_order_is_refused(database: Database) -> None:
    _car()
    make_vehicle(plate="粤B67890", mileage_km=1)
    batch = files.check(
        "history",
        HEAD + "RO1,2026-11-20,,粤B12345,,,,x,,,,,,\nRO1,2026-11-20,,粤B67890,,,,y,,,,,,\n",
    )
    assert files.verdicts(batch) == [V.NEW, V.REFUSED]


def test_nobody_rewrites_a_past_visit_but_its_car_may_be_joined_to_another(
    database: Database,
) -> None:
    _car()
    other = make_vehicle(plate="粤B67890", mileage_km=1).id
    files.take("history", LIST)
    visit = session.scalars(select(PastVisit).where(PastVisit.no == "RO1")).one()
    table = PastVisit.__table__
    for refused in (
        sa.update(table).where(table.c.id == visit.id).values(kind="大修"),
        sa.delete(table).where(table.c.id == visit.id),
    ):
        with pytest.raises(DatabaseError, match="append-only:past_visit"), session.begin_nested():
            session.execute(refused)
    session.execute(sa.update(table).where(table.c.id == visit.id).values(vehicle_id=other))
    assert session.scalars(select(PastVisit.vehicle_id).where(PastVisit.no == "RO1")).one() == other


def test_the_past_is_read_on_the_pages_of_the_car(
    database: Database, sign_in: Callable[[User], FlaskClient]
) -> None:
    car = _car()
    files.take("history", LIST)
    client = sign_in(make_user(RoleName.SERVICE_ADVISOR))
    for path in (
        f"/vehicles/{car.id}",
        f"/booking/new?vehicle={car.id}",
        f"/reception/new?vehicle={car.id}",
    ):
        page = client.get(path, headers={"Accept-Language": "zh-CN"})
        assert page.status_code == 200, path
        for words in ("机油滤清器", "2 × ¥45.50", "¥471.00", "前刹车片剩4mm"):
            assert words in page.text, (path, words)
    assert "更换正时皮带" in client.get(f"/vehicles/{car.id}").text
