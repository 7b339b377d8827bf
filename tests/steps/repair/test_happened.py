"""Work stands on the board where it happens; what finished work did not need is free again."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import AT, make_technician, make_user
from tests.shop.factories import hour
from tests.steps.repair.factories import complete, make_planned, make_ready, make_running, worker
from workshop import clock
from workshop.allocation import service as allocations
from workshop.allocation.free_time import FreeTime
from workshop.allocation.models import Allocation
from workshop.capacity.ledger import Ledger
from workshop.orders.models import Job
from workshop.shop import calendar
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.parts import service as parts
from workshop.steps.repair import work
from workshop.steps.repair.rules import PauseReason
from workshop.steps.scheduling.board import page as board
from workshop.steps.scheduling.board.cards import Card
from workshop.steps.scheduling.board.page import Board

SignIn = Callable[[User], FlaskClient]


def make_early() -> Job:
    """A job of the afternoon that is worked from 10:00 to 10:35."""
    job = start_ahead_of(hour(14))
    complete(job, AT + timedelta(minutes=5))
    return job


def start_ahead_of(planned: datetime) -> Job:
    """A job of an hour that is planned for then, and begun at 10:00."""
    (job,) = make_planned()
    live = live_of(job)
    by = job.order.advisor
    allocations.move(
        live, live.technician, live.bay, planned, 60, seen_version=live.version, by=by, at=AT
    )
    parts.release(job.order, by=by, at=AT)
    work.start(job, worker(job), AT)
    return job


def live_of(job: Job) -> Allocation:
    live = allocations.find_live(job.id)
    assert live is not None
    return live


def board_of(job: Job, at: datetime, day: date | None = None) -> Board:
    day = day or AT.date()
    return board.make_board(job.order.branch, day, by_bay=False, at=at)


def card_of(job: Job, at: datetime = AT, day: date | None = None) -> Card:
    shown = board_of(job, at, day)
    (card,) = (each for row in shown.rows for each in row.cards if each.job.id == job.id)
    return card


def drawn_of(job: Job, at: datetime) -> tuple[str, str]:
    """From when to when the card is drawn, by the wall clock of the shop."""
    drawn = card_of(job, at).drawn
    zone = ZoneInfo(job.order.branch.zone)
    begins, ends = (each.astimezone(zone) for each in (drawn.begins_at, drawn.ends_at))
    return f"{begins:%H:%M}", f"{ends:%H:%M}"


def test_work_that_was_done_before_its_time_is_drawn_where_it_was(database: Database) -> None:
    # when
    job = make_early()
    # then
    drawn = card_of(job).allocation
    assert (drawn.shown_from, drawn.shown_until) == (AT, AT + timedelta(minutes=35))
    # and its afternoon is free for another job of the same technician and bay
    free = FreeTime(job.order.branch, AT)
    spans = free.taken_of(drawn.technician, drawn.bay)
    assert max(until for _, until in spans) <= AT + timedelta(minutes=50)


def test_the_day_has_the_minutes_back_that_an_early_end_did_not_need(database: Database) -> None:
    # given
    (job,) = make_running()
    branch, day = job.order.branch, AT.date()
    before = Ledger(branch, day, day).capacity(day, None).taken_minutes
    # when: 35 of 60 minutes are needed
    complete(job, AT + timedelta(minutes=5))
    # then
    after = Ledger(branch, day, day).capacity(day, None).taken_minutes
    assert before - after == 25


def test_work_that_ran_late_is_drawn_to_its_real_end(database: Database) -> None:
    (job,) = make_running()
    complete(job, AT + timedelta(minutes=90))
    drawn = card_of(job).allocation
    assert (drawn.shown_from, drawn.shown_until) == (AT, AT + timedelta(minutes=120))
    assert drawn.ends_at == AT + timedelta(minutes=60)


def test_a_rest_within_the_work_stays_within_its_card(database: Database) -> None:
    (job,) = make_running()
    by = worker(job)
    work.pause(job, PauseReason.PARTS, by, AT + timedelta(minutes=5))
    work.resume(job, by, AT + timedelta(minutes=20))
    complete(job, AT + timedelta(minutes=25))
    drawn = card_of(job).allocation
    assert (drawn.shown_from, drawn.shown_until) == (AT, AT + timedelta(minutes=55))


def test_the_pages_show_when_it_really_was(database: Database, sign_in: SignIn) -> None:
    # given
    job = make_early()
    assert calendar.local_day(job.order.branch, AT) == AT.date()
    client = sign_in(make_user(RoleName.JOB_CONTROLLER))
    # when
    drawn = client.get("/scheduling?day=2026-11-23").text
    of_order = client.get(f"/orders/{job.order.no}/scheduling").text
    # then
    for page in (drawn, of_order):
        assert "10:00–10:35" in page
        assert "14:00–14:01" not in page


def test_work_that_goes_on_is_drawn_from_its_start_to_its_expected_end(database: Database) -> None:
    # given an hour's work, planned from 10:00 to 11:00
    (job,) = make_ready()
    assert drawn_of(job, hour(9.5)) == ("10:00", "11:00")
    # when it begins at 10:20
    work.start(job, worker(job), AT + timedelta(minutes=20))
    # then it ends at 11:20, and by half past eleven it has gone on until then
    assert drawn_of(job, hour(10.5)) == ("10:20", "11:20")
    assert drawn_of(job, hour(11.5)) == ("10:20", "11:30")
    # and what is planned, and with it all that is guarded, stays
    assert (live_of(job).starts_at, live_of(job).ends_at) == (AT, hour(11))
    assert card_of(job, hour(10.5)).drawn.planned == (AT, hour(11))


def test_a_rest_moves_the_expected_end(database: Database) -> None:
    # given a start at 10:00 that rests from 10:05 on
    (job,) = make_running()
    work.pause(job, PauseReason.PARTS, worker(job), AT + timedelta(minutes=5))
    # then the 55 minutes that are left end at 11:25, seen from half past ten
    assert drawn_of(job, hour(10.5)) == ("10:00", "11:25")
    # and once it has gone on from 10:30, for good
    work.resume(job, worker(job), hour(10.5))
    assert drawn_of(job, hour(10.75)) == ("10:00", "11:25")


def test_work_that_begins_before_its_time_is_drawn_where_it_goes_on(
    database: Database, sign_in: SignIn
) -> None:
    # given a job of 14:00 that was begun at 10:00
    job = start_ahead_of(hour(14))
    branch, live = job.order.branch, live_of(job)
    # then
    assert drawn_of(job, hour(10.5)) == ("10:00", "11:00")
    # and its time in the plan is taken as before, of the ledger and of the technician
    assert Ledger(branch, AT.date(), AT.date()).capacity(AT.date(), None).taken_minutes == 60
    assert (hour(14), hour(15.25)) in FreeTime(branch, AT).taken_of(live.technician, live.bay)
    # and the card says both, to who looks and to the script that moves it
    clock.freeze(hour(10.5))
    page = sign_in(make_user(RoleName.JOB_CONTROLLER)).get("/scheduling?day=2026-11-23").text
    (card,) = re.findall(rf'id="card-{live.id}".*?</a>', page, re.DOTALL)
    assert f'data-from="{hour(14).isoformat()}"' in card
    assert f'data-drawn-from="{AT.isoformat()}"' in card
    assert f'data-drawn-to="{hour(11).isoformat()}"' in card
    assert "Buffer until" not in card
    assert "缓冲到" not in card
    assert "10:00–11:00" in card
    assert "14:00–15:00" in card


def test_work_of_tomorrow_that_goes_on_today_stands_on_todays_board(database: Database) -> None:
    # given
    job = start_ahead_of(hour(9, days=1))
    at, tomorrow = hour(10.5), AT.date() + timedelta(days=1)
    # then it is seen today, and its hours are counted where they are taken: tomorrow
    assert drawn_of(job, at) == ("10:00", "11:00")
    assert board_of(job, at).planned_minutes == 0
    assert card_of(job, at, tomorrow).drawn.begins_at == hour(9, days=1)
    assert board_of(job, at, tomorrow).planned_minutes == 60


@pytest.mark.parametrize("minutes", [5, 90])
def test_the_next_piece_of_the_same_person_stays_where_it_is(
    database: Database, minutes: int
) -> None:
    # given two jobs of one person: nothing of the second is touched by the first
    first, second = make_planned(2, same=make_technician())
    parts.release(first.order, by=first.order.advisor, at=AT)
    work.start(first, worker(first), AT)
    was = allocations.find_live(second.id)
    assert was is not None
    times = (was.starts_at, was.blocked_until)
    # when
    complete(first, AT + timedelta(minutes=minutes))
    # then
    assert (was.starts_at, was.blocked_until) == times
    assert was.status.value == "planned"
