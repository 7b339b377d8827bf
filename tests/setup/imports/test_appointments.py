"""Appointments of an old system: promised times that take their hours, or words why they cannot."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.databases import Database
from tests.factories import AT, make_branch, make_operation, make_rate, make_user, make_vehicle
from tests.setup.imports import files
from workshop.capacity.models import CapacityTake
from workshop.db import session
from workshop.setup.imports.kinds.appointment_list.appointment_columns import clock_time
from workshop.setup.imports.rules import Verdict
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.booking import service as booking
from workshop.steps.booking.models import Appointment, AppointmentKind
from workshop.steps.booking.rules import AppointmentStatus

V = Verdict
HEAD = "预约号,车牌,预约日期,时间,描述,项目,类型,服务顾问,联系人,电话\n"
# Wednesday of the same week.
LIST = HEAD + (
    "YY-1,粤B12345,2026-11-25,9:00,做保养,BY-001,保养,,李太太,13900139000\n"
    ",粤B67890,2026-11-25 14:07,,刹车异响,,,,,\n"
)


def _shop() -> User:
    make_user(RoleName.SERVICE_MANAGER)
    make_branch()
    make_rate()
    make_operation("BY-001", book_minutes=60)
    for plate in ("粤B12345", "粤B67890"):
        make_vehicle(plate=plate)
    advisor = make_user(RoleName.SERVICE_ADVISOR)
    session.commit()
    return advisor


def test_appointments_come_with_time_work_and_hours_and_go_again(database: Database) -> None:
    advisor = _shop()
    before = files.dump()
    batch = files.take("appointments", LIST)
    assert files.verdicts(batch) == [V.NEW] * 2, [files.notes(row) for row in files.rows(batch)]
    one, other = session.scalars(select(Appointment).order_by(Appointment.slot_at)).all()
    assert (one.no, one.vehicle.plate, one.advisor_id) == ("YY-1", "粤B12345", advisor.id)
    # Nine in Shanghai; seven past two is kept at the arrival time before it.
    assert one.slot_at.isoformat() == "2026-11-25T01:00:00+00:00"
    assert other.slot_at.isoformat() == "2026-11-25T06:00:00+00:00"
    assert (one.kind, one.contact_name, one.contact_phone, one.estimated_minutes) == (
        AppointmentKind.MAINTENANCE, "李太太", "13900139000", 60,
    )  # fmt: skip
    assert (other.no, other.contact_name) == ("AI20261123-0001", other.customer.name)
    taken = select(CapacityTake.minutes).order_by(CapacityTake.minutes)
    assert session.scalars(taken).all() == [30, 60]
    assert files.verdicts(files.check("appointments", LIST)) == [V.SAME] * 2
    files.undo(batch)
    assert files.dump() == before


def test_an_appointment_that_was_cancelled_since_stays(database: Database) -> None:
    advisor = _shop()
    batch = files.take("appointments", LIST)
    one = session.scalars(select(Appointment).where(Appointment.no == "YY-1")).one()
    booking.cancel(one, "不来了", session.merge(advisor), AT)
    session.commit()
    files.undo(batch)
    found = session.scalars(select(Appointment)).all()
    assert [(each.no, each.status) for each in found] == [("YY-1", AppointmentStatus.CANCELLED)]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (",粤B12345,2026-11-20,9:00,x,,,,,", "is over"),
        (",粤B12345,2026-11-25,,x,,,,,", "at what time"),
        (",粤B12345,2026-11-25,3:00,x,,,,,", "not open"),
        (",粤B99999,2026-11-25,9:00,x,,,,,", "Nobody knows this car"),
        (",粤B12345,2026-11-25,9:00,,,,,,", "is empty"),
        (",粤B12345,2026-11-25,9:00,x,ZZ,,,,", "no operation in use"),
        (",粤B12345,2026-11-25,9:00,x,,,王二,,", "Nobody called"),
        (",粤B12345,2026-11-25,25:00,x,,,,,", "no time of day"),
    ],
)
def test_a_row_is_refused_in_words(database: Database, line: str, words: str) -> None:
    _shop()
    (row,) = files.rows(files.check("appointments", HEAD + line + "\n"))
    assert row.verdict is V.REFUSED
    assert any(words in said for said in files.notes(row)), files.notes(row)


def test_one_advisor_receives_one_car_at_a_time(database: Database) -> None:
    _shop()
    text = HEAD + (
        ",粤B12345,2026-11-25 9:00,,x,,,,,\n"
        ",粤B67890,2026-11-25 9:00,,y,,,,,\n"
        ",粤B12345,2026-11-25 10:00,,z,,,,,\n"
    )
    batch = files.check("appointments", text)
    assert files.verdicts(batch) == [V.NEW, V.REFUSED, V.REFUSED]
    _, late, twice = files.rows(batch)
    assert "Nobody is free" in files.notes(late)[0]
    assert "has this car on that day" in files.notes(twice)[0]


@pytest.mark.parametrize(
    ("text", "found"),
    [("9:30", (9, 30)), ("9点", (9, 0)), ("下午2:30", (14, 30)), ("09:30-10:00", (9, 30)),
     ("14时30分", (14, 30)), ("上午10:00", (10, 0)), ("9：30", (9, 30))],
)  # fmt: skip
def test_a_time_of_day_is_read_as_people_write_it(text: str, found: tuple[int, int]) -> None:
    read = clock_time(text).value
    assert read is not None
    assert (read.hour, read.minute) == found
