"""The watch looks after people as well: who is away, not clocked in, or not qualified."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient

from tests.factories import AT, make_attendance
from tests.shop.factories import hour, skill_of
from tests.steps.scheduling.replanning.floor import Floor, make_floor, start
from workshop import clock
from workshop.attendance import service as attendance
from workshop.db import session
from workshop.orders.models import JobState
from workshop.shop import absences
from workshop.staff.models import User
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.watch import service as watch
from workshop.steps.scheduling.watch.models import AlarmKind

SignIn = Callable[[User], FlaskClient]
PEOPLE = (AlarmKind.ABSENT, AlarmKind.CERTIFICATE, AlarmKind.NOT_CLOCKED_IN, AlarmKind.LATE_START)


@pytest.fixture
def floor(client: FlaskClient) -> Floor:
    floor = make_floor()
    floor.controller.locale = "en"
    return floor


def told(floor: Floor, hours: float) -> list[tuple[AlarmKind, int | None]]:
    """What the watch says of people and of the begin of their work, by job."""
    found = watch.look_after(floor.branch, at=hour(hours))
    return [(each.kind, each.job_id) for each in found if each.kind in PEOPLE]


def page(floor: Floor, sign_in: SignIn, hours: float) -> str:
    clock.freeze(hour(hours))
    return str(sign_in(floor.controller).get("/scheduling/watch").text)


def test_who_is_not_clocked_in_is_told_of_when_the_work_should_have_begun(
    floor: Floor, sign_in: SignIn
) -> None:
    # given: two jobs of one who has gone home in the morning
    who = floor.people[0]
    first, second = floor.plan(10.5), floor.plan(13)
    attendance.clock_out(who, by=who.user, at=AT)
    # then: nothing before the begin, and one alarm for both afterwards
    assert told(floor, 10.4) == []
    assert told(floor, 10.7) == [(AlarmKind.NOT_CLOCKED_IN, first.id)]
    words = f"{who.name} is not clocked in; the work was to start at 10:30, 12 min ago."
    assert words in page(floor, sign_in, 10.7)
    assert told(floor, 13.2) == [
        (AlarmKind.NOT_CLOCKED_IN, first.id),
        (AlarmKind.LATE_START, second.id),
    ]
    (alarm, *_) = watch.list_open(floor.branch)
    assert watch.replan_query(alarm, floor.branch) == {
        "reason": "absent",
        "technician_id": str(who.id),
    }
    # when the person comes, only the lateness is left
    make_attendance(who, hour(13.3))
    assert {kind for kind, _ in told(floor, 13.4)} == {AlarmKind.LATE_START}


def test_a_break_is_no_absence(floor: Floor) -> None:
    who = floor.people[0]
    job = floor.plan(10.5)
    attendance.start_break(who, by=who.user, at=hour(10.4))
    assert told(floor, 10.7) == [(AlarmKind.LATE_START, job.id)]


def test_who_is_away_is_told_of_before_the_work_should_begin(floor: Floor, sign_in: SignIn) -> None:
    # given: one at work, one planned for the afternoon, one for tomorrow
    who = floor.people[0]
    running, planned = floor.plan(10), floor.plan(14)
    start(running, 10)
    # when
    absences.add_absence(who.user, hour(10.2), hour(18), "发烧", by=floor.controller, at=AT)
    # then: what runs is his own business, what is planned a conflict at once
    assert told(floor, 10.3) == [(AlarmKind.ABSENT, planned.id)]
    assert f"{who.name} is away; this work is planned for 14:00." in page(floor, sign_in, 10.3)
    # and what has been paused cannot go on
    running.state, running.paused_at = JobState.PAUSED, hour(10.4)
    session.flush()
    assert told(floor, 10.5) == [(AlarmKind.ABSENT, running.id), (AlarmKind.ABSENT, planned.id)]


def test_an_expired_certificate_is_told_of_for_the_planned_day(
    floor: Floor, sign_in: SignIn
) -> None:
    # given: good today, expired tomorrow
    who = floor.people[0]
    today, tomorrow = floor.plan(14), floor.queue()
    scheduling.assign(tomorrow, who, floor.bays[0], hour(10, 1), by=floor.advisor, at=AT)
    skill_of(who).expires_on = date(2026, 11, 23)
    session.flush()
    # then
    assert today.state is JobState.WAITING
    assert told(floor, 10.1) == [(AlarmKind.CERTIFICATE, tomorrow.id)]
    words = f"The certificate of {who.name} expired on 2026-11-23."
    assert words in page(floor, sign_in, 10.1)
    (alarm,) = (each for each in watch.list_open(floor.branch) if each.job_id == tomorrow.id)
    assert watch.replan_query(alarm, floor.branch) == {"reason": "improve"}
    # when it is renewed
    skill_of(who).expires_on = None
    session.flush()
    assert told(floor, 10.2) == []
