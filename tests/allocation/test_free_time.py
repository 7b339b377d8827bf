"""The earliest place for work, and when several pieces are done."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.allocation.factories import make_allocation
from tests.databases import Database
from tests.factories import AT, make_bay, make_branch, make_skill, make_technician
from tests.shop.factories import hour, skill_of
from workshop.allocation import free_time
from workshop.allocation.free_time import FreeTime, WorkPiece
from workshop.db import session
from workshop.errors import RuleBroken
from workshop.shop import calendar
from workshop.shop.models import BayKind

LIFT = (BayKind.LIFT.value,)


def piece(minutes: int = 60, level: int = 1, bays: tuple[str, ...] = LIFT) -> WorkPiece:
    return WorkPiece(minutes, make_skill().id, level, bays)


def test_pieces_are_worked_one_after_another_with_buffers(database: Database) -> None:
    make_technician()
    make_bay()
    # 10:00–11:00, buffer, 11:15–11:45
    finish = free_time.earliest_finish(make_branch(), [piece(60), piece(30)], AT)
    assert finish == hour(11.75)


def test_work_that_would_cross_lunch_waits_until_after_it(database: Database) -> None:
    make_technician()
    make_bay()
    assert free_time.earliest_finish(make_branch(), [piece(150)], AT) == hour(15.5)


def test_work_longer_than_any_half_day_rests_in_the_break(database: Database) -> None:
    make_technician()
    make_bay()
    slot = FreeTime(make_branch(), AT).find_earliest(piece(400), AT)
    assert slot is not None
    assert (slot.starts_at, slot.ends_at, slot.across) == (hour(10), hour(17) + MINUTES_40, True)


MINUTES_40 = timedelta(minutes=40)


def test_work_longer_than_a_day_goes_on_the_next_morning(database: Database) -> None:
    make_technician()
    make_bay()
    finish = free_time.earliest_finish(make_branch(), [piece(600)], hour(8))
    assert finish == hour(9, 1)


def test_a_taken_bay_or_technician_is_waited_for(database: Database) -> None:
    # given one lift, taken until 11:15
    make_technician()
    bay = make_bay()
    make_allocation(make_technician(), bay, hour(10))
    # then
    assert free_time.earliest_finish(make_branch(), [piece(30)], AT) == hour(11.75)


def test_the_next_open_day_is_taken_when_today_is_over(database: Database) -> None:
    make_technician()
    make_bay()
    assert free_time.earliest_finish(make_branch(), [piece(60)], hour(17.5)) == hour(9, 1)


def test_nobody_with_the_skill_is_said_in_words(database: Database) -> None:
    make_technician(level=1)
    make_bay()
    with pytest.raises(RuleBroken, match="level 3") as refused:
        free_time.earliest_finish(make_branch(), [piece(level=3)], AT)
    assert "技能engine" in str(refused.value)


def test_an_expired_certificate_shuts_the_holder_out(database: Database) -> None:
    technician = make_technician()
    make_bay()
    skill_of(technician).expires_on = calendar.local_day(make_branch(), AT) - timedelta(days=1)
    session.flush()
    with pytest.raises(RuleBroken, match="Nobody"):
        free_time.earliest_finish(make_branch(), [piece()], AT)


def test_no_fit_bay_is_said_in_words(database: Database) -> None:
    make_technician()
    with pytest.raises(RuleBroken, match="No bay"):
        free_time.earliest_finish(make_branch(), [piece()], AT)


def test_among_equals_the_better_one_is_spared(database: Database) -> None:
    better, junior = make_technician(level=5), make_technician(level=2)
    make_bay()
    slot = FreeTime(make_branch(), AT).find_earliest(piece(), AT)
    assert slot is not None
    assert slot.technician is junior
    assert slot.technician is not better
