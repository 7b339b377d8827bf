"""The ledger: what a day still has, what takes of it, and what is given back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.databases import Database
from tests.factories import AT, make_bay, make_branch, make_skill, make_technician
from tests.shop.factories import hour, skill_of
from workshop.capacity import ledger
from workshop.capacity import service as capacity
from workshop.capacity.models import TakeSource
from workshop.capacity.remaining import Need
from workshop.db import session
from workshop.errors import RuleBroken
from workshop.shop.models import BayKind

MONDAY = date(2026, 11, 23)
APPOINTMENT, JOB = TakeSource.APPOINTMENT, TakeSource.JOB


def test_a_day_offers_the_shifts_less_the_reserve(database: Database) -> None:
    make_technician()
    found = capacity.day_capacity(make_branch(), MONDAY, make_skill().id)
    assert (found.total_minutes, found.reserve_minutes, found.taken_minutes) == (540, 108, 0)
    assert found.free_minutes == 432


def test_an_appointment_stops_at_the_reserve_and_a_job_may_use_it(database: Database) -> None:
    # given
    make_technician()
    branch, skill = make_branch(), make_skill()
    capacity.take(branch, MONDAY, Need(skill.id), 432, APPOINTMENT, 1, at=AT)
    # then
    with pytest.raises(RuleBroken, match="not the time for 1 min"):
        capacity.take(branch, MONDAY, Need(skill.id), 1, APPOINTMENT, 2, at=AT)
    # when
    capacity.take(branch, MONDAY, Need(skill.id), 108, JOB, 2, at=AT)
    # then
    with pytest.raises(RuleBroken) as refused:
        capacity.take(branch, MONDAY, Need(skill.id), 1, JOB, 3, at=AT)
    assert refused.value.field == "day"
    assert capacity.day_capacity(branch, MONDAY, skill.id).free_minutes == 0


def test_what_a_real_board_has_placed_is_written_down_beyond_the_limit(database: Database) -> None:
    make_technician()
    branch, skill = make_branch(), make_skill()
    capacity.take(branch, MONDAY, Need(skill.id), 540, JOB, 1, at=AT)
    capacity.take(branch, MONDAY, Need(skill.id), 60, JOB, 2, at=AT, beyond=True)
    assert capacity.day_capacity(branch, MONDAY, skill.id).taken_minutes == 600


def test_releasing_gives_the_minutes_back_once(database: Database) -> None:
    make_technician()
    branch, skill = make_branch(), make_skill()
    capacity.take(branch, MONDAY, Need(skill.id), 400, APPOINTMENT, 1, at=AT)
    assert capacity.release(APPOINTMENT, 1, at=AT) == 400
    assert capacity.release(APPOINTMENT, 1, at=AT) == 0
    assert capacity.day_capacity(branch, MONDAY, skill.id).free_minutes == 432


def test_a_closed_day_takes_nothing_and_says_so(database: Database) -> None:
    make_technician()
    with pytest.raises(RuleBroken, match="closed"):
        capacity.take(make_branch(), date(2026, 11, 29), Need(None), 30, APPOINTMENT, 1, at=AT)


def test_one_skills_work_uses_up_the_people_of_the_other(database: Database) -> None:
    # given one technician, who holds only the engine skill
    make_technician()
    branch, engine, paint = make_branch(), make_skill(), make_skill("paint")
    # when work that anybody can do takes the day
    capacity.take(branch, MONDAY, Need(None), 432, APPOINTMENT, 1, at=AT)
    # then
    assert capacity.day_capacity(branch, MONDAY, engine.id).free_minutes == 0
    assert capacity.day_capacity(branch, MONDAY, paint.id).total_minutes == 0


def test_an_expired_certificate_is_no_capacity(database: Database) -> None:
    technician = make_technician()
    skill_of(technician).expires_on = MONDAY - timedelta(days=1)
    session.flush()
    assert capacity.day_capacity(make_branch(), MONDAY, make_skill().id).total_minutes == 0


def test_the_next_free_day_has_room_for_all_that_is_needed_together(database: Database) -> None:
    # given Tuesday nearly full
    make_technician()
    branch, skill = make_branch(), make_skill()
    tuesday = MONDAY + timedelta(days=1)
    capacity.take(branch, tuesday, Need(skill.id), 400, APPOINTMENT, 1, at=AT)
    # then
    assert capacity.next_free_day(branch, MONDAY, {Need(skill.id): 30}) == tuesday
    wednesday = MONDAY + timedelta(days=2)
    assert capacity.next_free_day(branch, MONDAY, {Need(skill.id): 30, Need(): 30}) == wednesday
    assert capacity.next_free_day(branch, MONDAY, {Need(skill.id): 1000}) is None


def test_bays_are_counted_beside_people(database: Database) -> None:
    # given two technicians, and one lift that is open nine hours and a half
    make_technician()
    make_technician()
    make_bay(BayKind.LIFT)
    branch, skill = make_branch(), make_skill()
    lift = Need.of(skill.id, ["lift"])
    there = ledger.Ledger(branch, MONDAY, MONDAY).bay_capacity(MONDAY, frozenset({"lift"}))
    # when all that may be sold of the lift is sold
    free = there.free_minutes
    assert 0 < free < there.total_minutes
    capacity.take(branch, MONDAY, lift, free, APPOINTMENT, 1, at=AT)
    # then
    with pytest.raises(RuleBroken) as refused:
        capacity.take(branch, MONDAY, lift, 15, APPOINTMENT, 2, at=AT)
    assert refused.value.values["what"] == [BayKind.LIFT]
    # then other work goes on, and a car that is here may use the reserve
    capacity.take(branch, MONDAY, Need(skill.id), 15, APPOINTMENT, 3, at=AT)
    capacity.take(branch, MONDAY, lift, 15, JOB, 4, at=AT)


def test_what_is_left_of_the_day_counts_from_the_quarter_on(database: Database) -> None:
    # given one technician until six
    make_technician()
    branch, need = make_branch(), Need(make_skill().id)
    capacity.take(branch, MONDAY, need, 60, APPOINTMENT, 1, at=AT, not_before=hour(16))
    hours = ledger.Ledger(branch, MONDAY, MONDAY, at=AT)
    # then 96 of the last 120 minutes may be sold, and 60 of them are
    assert hours.free(MONDAY, need, since=hour(16)) == 36
    # then an earlier start has the afternoon, a later one only the rest
    assert hours.free(MONDAY, need, since=hour(14)) == 192 - 60
    assert hours.free(MONDAY, need, since=hour(17)) == 36


def test_work_that_was_left_undone_counts_today_until_it_is_done(database: Database) -> None:
    # given a job of last Saturday that nobody finished
    make_technician()
    branch, need = make_branch(), Need(make_skill().id)
    saturday = MONDAY - timedelta(days=2)
    capacity.take(branch, saturday, need, 100, JOB, 7, at=AT, beyond=True)
    # then
    today = ledger.Ledger(branch, MONDAY, MONDAY, at=AT)
    assert today.capacity(MONDAY, need.skill_id).taken_minutes == 100
    # when
    capacity.use(JOB, 7, at=AT)
    # then
    today = ledger.Ledger(branch, MONDAY, MONDAY, at=AT)
    assert today.capacity(MONDAY, need.skill_id).taken_minutes == 0
    assert capacity.day_capacity(branch, saturday, need.skill_id).taken_minutes == 100
