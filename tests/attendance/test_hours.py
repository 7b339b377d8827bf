"""Attended, clocked and book time of a day: beside each other, never mixed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.databases import Database
from tests.factories import AT, make_attendance, make_technician, make_user
from tests.shop.factories import hour
from tests.steps.repair import factories as given
from workshop.attendance import car_clock, corrections, forgotten, presence, rules
from workshop.attendance import hours as day_hours
from workshop.attendance import service as attendance
from workshop.attendance.car_clock import CarHours
from workshop.attendance.hours import DayHours
from workshop.attendance.models import AttendanceBreak
from workshop.db import session
from workshop.orders.models import Job, JobKind
from workshop.shop.models import Branch, Technician
from workshop.staff.permissions import RoleName
from workshop.steps.repair import work
from workshop.steps.repair.models import WorkSession
from workshop.steps.repair.rules import PauseReason

DAY = date(2026, 11, 23)
MINUTE = timedelta(minutes=1)


def hours_of(who: Technician, hours: float, days: int = 0) -> DayHours:
    branch = session.get_one(Branch, who.branch_id)
    day = DAY + timedelta(days=days)
    return day_hours.of_day([who], branch, day, hour(hours, days))[who.id]


def cars_of(who: Technician, hours: float, days: int = 0) -> CarHours:
    cars = hours_of(who, hours, days).cars
    assert cars is not None
    return cars


@pytest.mark.parametrize(
    ("part", "whole", "wanted"), [(0, 0, None), (5, 0, None), (0, 60, 0), (1, 3, 33), (90, 60, 150)]
)
def test_a_rate_over_nothing_is_no_rate(part: int, whole: int, wanted: int | None) -> None:
    assert rules.percent(part, whole) == wanted


def test_the_three_figures_of_a_day_stand_beside_each_other(database: Database) -> None:
    # given: here since eight, a job of an hour done in forty minutes, a break of half an hour
    who = make_technician()
    (job,) = given.make_ready(same=who)
    work.start(job, who.user, AT)
    given.complete(job, AT + 10 * MINUTE)
    (stay,) = presence.list_stays([who], (hour(0), hour(23)))
    session.add(AttendanceBreak(attendance_id=stay.id, started_at=hour(12), ended_at=hour(12.5)))
    session.flush()
    session.expire_all()
    # when
    found = hours_of(who, 13)
    # then
    assert found == DayHours(
        attended_minutes=270,
        cars=CarHours(clocked_minutes=40, book_minutes=60, finished_minutes=40, finished_jobs=1),
        rated_minutes=270,
        rated_clocked_minutes=40,
    )
    assert (found.utilisation, found.efficiency) == (15, 150)


def test_what_runs_counts_until_now_and_a_break_does_not(database: Database) -> None:
    who = make_technician()
    (job,) = given.make_ready(same=who)
    work.start(job, who.user, AT)
    assert cars_of(who, 10.5).clocked_minutes == 30
    assert hours_of(who, 10.5).attended_minutes == 150
    assert hours_of(who, 10.5).efficiency is None
    (stay,) = presence.list_stays([who], (hour(0), hour(23)))
    session.add(AttendanceBreak(attendance_id=stay.id, started_at=hour(10.5)))
    session.flush()
    session.expire_all()
    assert hours_of(who, 12).attended_minutes == 150


def test_a_night_belongs_to_both_its_days_and_a_forgotten_clock_out_to_none(
    database: Database,
) -> None:
    # given: a stay over midnight
    who = make_technician(here_since=None)
    make_attendance(who, hour(22), hour(26))
    assert hours_of(who, 23.99).attended_minutes == 119
    assert hours_of(who, 23, 1).attended_minutes == 120
    # given: nobody clocked out
    forgetful = make_technician()
    assert hours_of(forgetful, 12).attended_minutes == 240
    assert hours_of(forgetful, 12, 1).attended_minutes == 0


def test_who_shared_a_job_shares_its_book_time(database: Database) -> None:
    # given: the first one has worked ten minutes on it, the second thirty
    first, second = make_technician(), make_technician()
    (job,) = given.make_ready(same=second)
    stretch = WorkSession(
        job_id=job.id, technician_id=first.id, started_at=hour(9), ended_at=hour(9) + 10 * MINUTE
    )
    session.add(stretch)
    work.start(job, second.user, AT)
    given.complete(job, AT)
    # then
    ours = [cars_of(each, 11) for each in (first, second)]
    assert [each.book_minutes for each in ours] == [15, 45]
    assert [each.finished_minutes for each in ours] == [10, 30]
    assert day_hours.total_of(hours_of(each, 11) for each in (first, second)).efficiency == 150


def test_rework_has_no_book_time(database: Database) -> None:
    who = make_technician()
    (job,) = given.make_ready(same=who)
    work.start(job, who.user, AT)
    given.complete(job, AT)
    session.get_one(Job, job.id).kind = JobKind.REWORK
    session.flush()
    found = cars_of(who, 11)
    assert (found.book_minutes, found.finished_minutes, found.clocked_minutes) == (0, 0, 30)


def test_a_job_finished_today_counts_today_with_the_work_of_yesterday(database: Database) -> None:
    who = make_technician()
    (job,) = given.make_ready(same=who)
    work.start(job, who.user, AT)
    work.pause(job, PauseReason.PARTS, who.user, AT + 20 * MINUTE)
    make_attendance(who, hour(8, 1))
    work.resume(job, who.user, hour(9, 1))
    given.complete(job, hour(9, 1))
    # then
    assert cars_of(who, 20).book_minutes == 0
    found = cars_of(who, 12, 1)
    assert (found.clocked_minutes, found.book_minutes, found.finished_minutes) == (30, 60, 50)


def test_without_a_step_that_has_cars_the_attended_hours_stand_alone(database: Database) -> None:
    # given
    who = make_technician()
    plugged = car_clock.find()
    car_clock.plug_in(None)
    # when
    try:
        found = hours_of(who, 12)
    finally:
        car_clock.plug_in(plugged)
    # then
    assert found == DayHours(attended_minutes=240, rated_minutes=240)
    assert (found.utilisation, found.efficiency) == (None, None)


def test_a_day_whose_end_is_a_guess_counts_in_no_utilisation(database: Database) -> None:
    # given two who worked on cars; one of them has not clocked out
    forgetful, careful = make_technician(), make_technician()
    for who in (forgetful, careful):
        (job,) = given.make_ready(same=who)
        work.start(job, who.user, AT)
        given.complete(job, AT + 10 * MINUTE)
    attendance.clock_out(careful, by=careful.user, at=hour(18))
    branch = session.get_one(Branch, forgetful.branch_id)
    (ended,) = [
        each
        for each in forgotten.end_forgotten(branch, at=hour(1, 1))
        if each.technician_id == forgetful.id
    ]
    # then
    found = {who: hours_of(who, 23.9) for who in (forgetful, careful)}
    assert ended.technician_id == forgetful.id
    assert found[forgetful].attended_minutes == 600
    assert found[forgetful].utilisation is None
    assert found[careful].utilisation == 7
    total = day_hours.total_of(found.values())
    assert (total.attended_minutes, total.utilisation) == (1200, 7)
    # when somebody has said when it was
    boss = make_user(RoleName.SERVICE_MANAGER)
    corrections.correct(ended, hour(8), hour(18), [], "忘打卡", by=boss, at=hour(9, 1))
    # then
    assert hours_of(forgetful, 23.9).utilisation == 7
