"""No clock begins on a day that is closed off, or on which the shop is closed; never in silence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.duties.test_views import words
from tests.factories import AT, make_user
from tests.guards.rows import put
from tests.steps.repair import factories as given
from workshop import db
from workshop.db import session
from workshop.errors import RuleBroken
from workshop.orders.models import Job, JobState
from workshop.shop import calendar
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.repair import gates, work
from workshop.steps.repair.rules import PauseReason
from workshop.steps.scheduling import queries as scheduling
from workshop.steps.scheduling.closing import service as closing

SignIn = Callable[[User], FlaskClient]
LATER = AT + timedelta(minutes=30)


def close_off(job: Job, at: datetime) -> None:
    """The day is closed though the job waits: it was planned for later, say."""
    branch = job.order.branch
    begins, ends = calendar.day_span(branch, calendar.local_day(branch, at))
    allocation = scheduling.find_live(job)
    assert allocation is not None
    allocation.starts_at += timedelta(days=1)
    allocation.ends_at += timedelta(days=1)
    allocation.blocked_until += timedelta(days=1)
    session.flush()
    day = calendar.local_day(branch, at)
    put("day_close", branch_id=branch.id, day=day, begins_at=begins, ends_at=ends, closed_at=at)


def codes(job: Job, at: datetime) -> set[str]:
    return {each.code for each in gates.missing_to_start(job, at)}


def make_ready() -> tuple[Job, User]:
    (job,) = given.make_ready()
    return job, given.worker(job)


def test_work_does_not_begin_on_a_day_that_is_closed_off(database: Database) -> None:
    job, technician = make_ready()
    assert codes(job, LATER) == set()
    close_off(job, AT)
    with pytest.raises(RuleBroken, match="Today was closed at") as caught:
        work.start(job, technician, LATER)
    assert caught.value.way is not None
    # a tap of before the closing that comes late tells what happened
    assert codes(job, AT - timedelta(minutes=1)) == set()
    # and: who plans opens the day again
    boss = make_user(RoleName.SERVICE_MANAGER)
    closing.reopen_day(job.order.branch, AT.date(), "客户加急", by=boss, at=LATER)
    work.start(job, technician, LATER)
    assert job.state is JobState.RUNNING


def test_paused_work_does_not_go_on_either(database: Database) -> None:
    (job,) = given.make_running()
    technician = given.worker(job)
    work.pause(job, PauseReason.BREAK, technician, AT)
    boss, branch = make_user(RoleName.SERVICE_MANAGER), job.order.branch
    calendar.set_day(branch, AT.date(), False, "盘点", by=boss, at=AT)
    with pytest.raises(RuleBroken, match="The shop is closed on 2026-11-23"):
        work.resume(job, technician, LATER)
    calendar.forget_day(branch, AT.date(), by=boss, at=AT)
    work.resume(job, technician, LATER)


def test_the_phone_says_why_and_who_opens_the_day(database: Database, sign_in: SignIn) -> None:
    # given a Monday on which the shop is closed
    job, technician = make_ready()
    boss = make_user(RoleName.SERVICE_MANAGER)
    calendar.set_day(job.order.branch, AT.date(), False, "盘点", by=boss, at=AT)
    technician.locale = "en"
    db.commit()
    # when
    phone = sign_in(technician)
    page = words(phone.get(f"/my-jobs/{job.id}"))
    # then
    assert "The shop is closed on 2026-11-23. Make it an open day in the calendar first." in page
    assert f"{boss.display_name} may do it" in page
    assert phone.post(f"/my-jobs/{job.id}/start").status_code in (302, 409)
    session.expire_all()
    assert job.state is JobState.WAITING
