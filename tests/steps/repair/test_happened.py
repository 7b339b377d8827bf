"""Finished work stands on the board where it happened; what it did not need is free again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import AT, make_technician, make_user
from tests.shop.factories import hour
from tests.steps.repair.factories import complete, make_planned, make_running, worker
from workshop.allocation import service as allocations
from workshop.allocation.free_time import FreeTime
from workshop.capacity.ledger import Ledger
from workshop.orders.models import Job
from workshop.shop import calendar
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.parts import service as parts
from workshop.steps.repair import work
from workshop.steps.repair.rules import PauseReason
from workshop.steps.scheduling.board import page as board
from workshop.steps.scheduling.board.page import Card

SignIn = Callable[[User], FlaskClient]


def make_early() -> Job:
    """A job of the afternoon that is worked from 10:00 to 10:35."""
    (job,) = make_planned()
    live = allocations.find_live(job.id)
    assert live is not None
    by = job.order.advisor
    allocations.move(
        live, live.technician, live.bay, hour(14), 60, seen_version=live.version, by=by, at=AT
    )
    parts.release(job.order, by=by, at=AT)
    work.start(job, worker(job), AT)
    complete(job, AT + timedelta(minutes=5))
    return job


def card_of(job: Job) -> Card:
    shown = board.make_board(job.order.branch, AT.date(), by_bay=False, at=AT)
    (card,) = (each for row in shown.rows for each in row.cards if each.job.id == job.id)
    return card


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
