"""A clock that was forgotten overnight ends by rule, is marked and put right; no rate counts it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import AT, make_user
from tests.steps.repair import factories as given
from workshop import clock, db
from workshop.errors import Invalid
from workshop.orders.models import JobState
from workshop.shop import calendar
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.repair import car_clock, queries
from workshop.steps.repair.clocks import forgotten

SignIn = Callable[[User], FlaskClient]
NEXT_MORNING = AT + timedelta(hours=21, minutes=50)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_forgotten_clock_ends_with_the_shift_and_waits_to_be_confirmed(
    database: Database, sign_in: SignIn
) -> None:
    (job,) = given.make_running()
    branch = job.order.branch
    assert forgotten.end_forgotten(branch, at=AT + timedelta(hours=9)) == []
    # when: the next morning comes
    (ended,) = forgotten.end_forgotten(branch, at=NEXT_MORNING)
    # then: the shift of ten to eighteen, not 21 h 50 min; and no rate counts it
    assert ended.ended_at == AT + timedelta(hours=8)
    assert ended.is_unconfirmed
    assert job.state is JobState.PAUSED
    span = calendar.day_span(branch, calendar.local_day(branch, AT))
    who = ended.technician_id
    assert car_clock.hours([who], span)[who].clocked_minutes == 0
    assert queries.clocked_minutes(job) == 0
    # when: the manager says when the work ended
    boss, session_id = make_user(RoleName.SERVICE_MANAGER), ended.id
    with pytest.raises(Invalid):
        forgotten.confirm(ended, AT - timedelta(hours=1), "忘了", by=boss, at=NEXT_MORNING)
    db.commit()
    clock.freeze(NEXT_MORNING)
    desk = sign_in(boss)
    assert "clock-" in desk.get("/repair/clocks").text
    wrong = desk.post(f"/repair/clocks/{session_id}", data={"ended": "2026-11-23T12:00"})
    assert wrong.status_code == 422
    said = {"ended": "2026-11-23T12:00", "reason": "忘记暂停"}
    assert desk.post(f"/repair/clocks/{session_id}", data=said).status_code == 302
    assert car_clock.hours([who], span)[who].clocked_minutes == 120
    assert "clock-" not in desk.get("/repair/clocks").text
