"""Opening hours, holidays, worked Saturdays, shifts and absences."""

from __future__ import annotations

from datetime import date, time

import pytest
from sqlalchemy import select

from tests.databases import Database
from tests.factories import AT, make_branch, make_technician, make_user
from tests.shop.factories import hour
from workshop.db import session
from workshop.errors import Invalid, NotAllowed, RuleBroken
from workshop.shop import absences, calendar, people
from workshop.shop.models import Absence, OpeningHours, Shift
from workshop.staff.permissions import RoleName

MONDAY = date(2026, 11, 23)
SUNDAY = date(2026, 11, 29)


def test_the_weekly_hours_open_the_shop(database: Database) -> None:
    branch = make_branch()
    assert calendar.opening(branch, MONDAY) == [(hour(8), hour(18))]
    assert not calendar.is_open(branch, SUNDAY)
    assert calendar.next_open_day(branch, date(2026, 11, 28)) == date(2026, 11, 30)


def test_a_holiday_closes_the_shop_and_its_technicians(database: Database) -> None:
    # given
    branch, technician = make_branch(), make_technician()
    manager = make_user(RoleName.SERVICE_MANAGER)
    # when
    calendar.set_day(branch, MONDAY, False, "盘点", by=manager, at=AT)
    # then
    assert calendar.opening(branch, MONDAY) == []
    assert calendar.shifts(technician, MONDAY) == []


def test_a_worked_sunday_borrows_the_weeks_hours(database: Database) -> None:
    # given
    branch, technician = make_branch(), make_technician()
    manager = make_user(RoleName.SERVICE_MANAGER)
    # when
    calendar.set_day(branch, SUNDAY, True, "调休上班", by=manager, at=AT)
    # then
    assert calendar.opening(branch, SUNDAY) == [(hour(8, 6), hour(18, 6))]
    worked = [(hour(8, 6), hour(12, 6)), (hour(13, 6), hour(18, 6))]
    assert calendar.shifts(technician, SUNDAY) == worked


def test_a_weekday_off_stays_off(database: Database) -> None:
    # given
    technician = make_technician()
    query = select(Shift).where(Shift.user_id == technician.user_id, Shift.weekday == 0)
    for shift in session.scalars(query):
        session.delete(shift)
    session.flush()
    # then
    assert calendar.shifts(technician, MONDAY) == []


def test_a_shift_ends_with_the_opening_hours(database: Database) -> None:
    branch, technician = make_branch(), make_technician()
    query = select(OpeningHours).where(OpeningHours.weekday == 0)
    session.scalars(query).one().closes = time(17)
    session.flush()
    assert branch.id
    assert calendar.shifts(technician, MONDAY)[-1] == (hour(13), hour(17))


def test_an_absence_takes_the_time_out(database: Database) -> None:
    technician = make_technician()
    controller = make_user(RoleName.JOB_CONTROLLER)
    absences.add_absence(technician.user, hour(9), hour(14), "病假", by=controller, at=AT)
    assert calendar.shifts(technician, MONDAY) == [(hour(8), hour(9)), (hour(14), hour(18))]
    assert session.scalars(select(Absence)).one().reason == "病假"


def test_an_absence_needs_a_reason_an_order_and_the_right(database: Database) -> None:
    technician = make_technician()
    controller, cashier = make_user(RoleName.JOB_CONTROLLER), make_user(RoleName.CASHIER)
    with pytest.raises(Invalid):
        absences.add_absence(technician.user, hour(9), hour(9), "病假", by=controller, at=AT)
    with pytest.raises(Invalid):
        absences.add_absence(technician.user, hour(9), hour(10), " ", by=controller, at=AT)
    with pytest.raises(NotAllowed):
        absences.add_absence(technician.user, hour(9), hour(10), "病假", by=cashier, at=AT)


def test_absences_join_and_never_overlap(database: Database) -> None:
    # given somebody who is on leave for an hour
    technician = make_technician()
    who, controller = technician.user, make_user(RoleName.JOB_CONTROLLER)
    absences.add_absence(who, hour(11), hour(12), "开会", by=controller, at=AT)
    # when they fall ill around it
    first = absences.add_absence(who, hour(9), hour(14), "病假", by=controller, at=AT)
    # then only what was not noted yet is added
    spans = [(each.starts_at, each.ends_at, each.reason) for each in session.scalars(NOTED)]
    ill = [(hour(9), hour(11), "病假"), (hour(12), hour(14), "病假")]
    assert spans == [ill[0], (hour(11), hour(12), "开会"), ill[1]]
    assert (first.starts_at, first.ends_at) == (hour(9), hour(11))
    # and what is noted already is said
    with pytest.raises(RuleBroken) as refused:
        absences.add_absence(who, hour(9), hour(12), "病假", by=controller, at=AT)
    assert (refused.value.code, refused.value.values["time"]) == ("away_already", hour(14))


def test_an_absence_that_never_begins_keeps_nobody_away(database: Database) -> None:
    # given
    technician, controller = make_technician(), make_user(RoleName.JOB_CONTROLLER)
    away = absences.add_absence(technician.user, hour(14), hour(16), "休假", by=controller, at=AT)
    # when
    absences.end_absence(away, by=controller, at=hour(9))
    # then the hours are worked, and may be noted again
    assert calendar.shifts(technician, MONDAY)[-1] == (hour(13), hour(18))
    absences.add_absence(technician.user, hour(13), hour(15), "休假", by=controller, at=AT)
    assert calendar.shifts(technician, MONDAY)[-1] == (hour(15), hour(18))


def test_an_advisor_is_away_too_and_has_a_week_or_none(database: Database) -> None:
    # given an advisor without weekly hours: here whenever the shop is
    branch, advisor = make_branch(), make_user(RoleName.SERVICE_ADVISOR)
    manager = make_user(RoleName.SERVICE_MANAGER)

    def is_here(at: float) -> bool:
        table = calendar.Timetable(branch, MONDAY, MONDAY, people=[advisor])
        return table.is_on_duty(advisor.id, (hour(at), hour(at + 0.25)))

    assert (is_here(8), is_here(17.5)) == (True, True)
    # when
    absences.add_absence(advisor, hour(9), hour(10), "看病", by=manager, at=AT)
    assert (is_here(8), is_here(9.5), is_here(10)) == (True, False, True)
    # and with weekly hours these count
    people.set_shifts(advisor, {0: [(time(8), time(12))]}, by=manager, at=AT)
    assert (is_here(11.75), is_here(12), is_here(9.5)) == (True, False, False)
    people.set_shifts(advisor, {1: [(time(8), time(12))]}, by=manager, at=AT)
    assert not is_here(11)


NOTED = select(Absence).order_by(Absence.starts_at)


def test_the_public_holidays_fill_the_table_once_and_leave_changes_alone(
    database: Database,
) -> None:
    # given the shop has already decided to work on the first of May
    branch, manager = make_branch(), make_user(RoleName.SERVICE_MANAGER)
    calendar.set_day(branch, date(2026, 5, 1), True, "照常营业", by=manager, at=AT)
    # when
    added = calendar.fill_holidays(branch, 2026, by=manager, at=AT)
    # then
    days = {each.day: each.is_open for each in calendar.list_exceptions(branch, 2026)}
    assert added == len(days) - 1
    assert days[date(2026, 5, 1)] is True
    assert days[date(2026, 10, 1)] is False
    assert days[date(2026, 2, 28)] is True
    assert calendar.fill_holidays(branch, 2026, by=manager, at=AT) == 0
