"""The end of the day, through HTTP: each gate tried without its fact."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests.factories import AT, make_user
from tests.shop.factories import hour
from tests.steps.scheduling.replanning.floor import Floor, make_floor, start
from workshop import clock
from workshop.allocation import service as allocations
from workshop.allocation.models import DayClose
from workshop.capacity import service as capacity
from workshop.capacity.models import TakeSource
from workshop.customers.models import Channel
from workshop.db import session
from workshop.errors import RuleBroken
from workshop.orders.flow import Stage
from workshop.orders.models import Job, JobState, RepairOrder
from workshop.shop import calendar
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.closing import holding
from workshop.steps.scheduling.closing import queries as closing_queries
from workshop.steps.scheduling.closing import service as closing
from workshop.steps.scheduling.closing.models import HoldReason, JobHold
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.dispatch import suggestion
from workshop.steps.scheduling.models import DayConsent

SignIn = Callable[[User], FlaskClient]
CLOSE = "/scheduling/close"


@pytest.fixture
def floor(client: FlaskClient) -> Floor:
    floor = make_floor()
    for user in (floor.advisor, floor.controller):
        user.locale = "en"
    clock.freeze(hour(17.5))
    return floor


def agreed(job: Job, page: str = "", **values: str) -> dict[str, str]:
    """The consent as it is typed; with the page, the time that it offered."""
    offer = re.search(rf'name="c{job.id}-offered" value="([^"]+)"', page)
    typed = {
        "consent_by": "王小明",
        "consent_channel": "phone",
        "offered": offer[1] if offer else "",
    } | values
    return {f"c{job.id}-{name}": value for name, value in typed.items()}


def test_an_unfinished_job_keeps_the_day_open(floor: Floor, sign_in: SignIn) -> None:
    # given
    job = floor.plan(16)
    desk = sign_in(floor.advisor)
    page = desk.get(CLOSE).text
    plate = job.order.vehicle.called
    words = f"{plate} is not finished: carry it over, hold it, or finish it."
    assert words in page
    assert 'aria-disabled="true"' in page
    # when somebody tries all the same
    answer = desk.post(CLOSE)
    # then
    assert answer.status_code == 409
    assert words in answer.text
    assert session.scalars(select(DayClose)).all() == []


def test_carried_over_with_consent_it_stands_in_tomorrows_slot_and_the_day_closes(
    floor: Floor, sign_in: SignIn
) -> None:
    # given
    job = floor.plan(16)
    desk = sign_in(floor.advisor)
    page = desk.get(CLOSE).text
    assert "To 11-24 08:00" in page
    # when
    answer = desk.post(f"{CLOSE}/{job.id}/carry", data=agreed(job, page))
    # then
    assert answer.status_code == 302, answer.text
    consent = session.scalars(select(DayConsent)).one()
    assert (consent.agreed_by, consent.agreed_at) == ("王小明", hour(17.5))
    assert scheduling.get_live(session.get_one(Job, job.id)).starts_at == hour(8, 1)
    page = desk.get(answer.location).text
    assert "Nothing is left open" in page
    assert "08:00–09:00" in page
    assert "Change the promise" in page
    # when
    assert desk.post(CLOSE).status_code == 302
    # then
    closed = session.scalars(select(DayClose)).one()
    assert (closed.finished, closed.carried, closed.held) == (0, 1, 0)
    assert "Closed at 11-23 17:30 by 顾问甲." in desk.get(CLOSE).text
    answer = desk.post(CLOSE)
    assert answer.status_code == 409
    assert "This day is closed already." in answer.text


def test_nothing_is_carried_over_without_consent(floor: Floor, sign_in: SignIn) -> None:
    job = floor.plan(16)
    desk = sign_in(floor.advisor)
    for nobody in ("", "   ", "\u3000"):
        answer = desk.post(f"{CLOSE}/{job.id}/carry", data=agreed(job, consent_by=nobody))
        assert answer.status_code == 422
        assert "Say who agreed." in answer.text
    late = agreed(job, consent_at="2026-11-23T18:30")
    answer = desk.post(f"{CLOSE}/{job.id}/carry", data=late)
    assert answer.status_code == 422
    assert "The consent cannot lie in the future." in answer.text
    assert 'value="王小明"' in answer.text
    assert session.scalars(select(DayConsent)).all() == []
    assert scheduling.get_live(session.get_one(Job, job.id)).starts_at == hour(16)


def test_a_place_that_has_gone_is_not_given_under_the_customers_consent(
    floor: Floor, sign_in: SignIn
) -> None:
    # given two cars that are offered the same place
    first, second = floor.plan(15), floor.plan(16.25)
    desk = sign_in(floor.advisor)
    page = desk.get(CLOSE).text
    # when the first takes it, and the other technician's as well is taken
    for job, who in ((first, 0), (floor.queue(), 1)):
        live = queries.find_live(job)
        place = (floor.people[who], floor.bays[who], hour(8, 1))
        if live is None:
            scheduling.assign(job, *place, by=floor.advisor, at=AT)
        else:
            given = scheduling.Consent(Channel.PHONE, "李", AT)
            scheduling.move(
                job, *place, seen_version=live.version, consent=given, by=floor.advisor, at=AT
            )
    answer = desk.post(f"{CLOSE}/{second.id}/carry", data=agreed(second, page))
    # then
    assert answer.status_code == 409
    assert "The next free time is now 2026-11-24 09:15." in answer.text
    assert 'value="王小明"' in answer.text


def test_held_with_a_reason_it_waits_in_the_queue_and_does_not_keep_the_day_open(
    floor: Floor, sign_in: SignIn
) -> None:
    # given
    job = floor.plan(16)
    desk = sign_in(floor.advisor)
    url = f"{CLOSE}/{job.id}/hold"
    # when the other reason has no words
    answer = desk.post(url, data={f"h{job.id}-reason": "other", f"h{job.id}-note": ""})
    assert answer.status_code == 422
    assert "Say why." in answer.text
    # when
    typed = {f"h{job.id}-reason": "parts", f"h{job.id}-note": "后天到"}
    assert desk.post(url, data=typed).status_code == 302
    # then
    assert session.scalars(select(JobHold)).one().note == "后天到"
    assert queries.find_live(session.get_one(Job, job.id)) is None
    assert session.get_one(RepairOrder, job.order_id).stage is Stage.AUTHORISED
    assert "Waiting for parts: 后天到" in desk.get(CLOSE).text
    assert desk.post(CLOSE).status_code == 302
    # when it gets a place again and falls out of the day once more
    at = hour(9, 1)
    again = session.get_one(Job, job.id)
    place = (floor.people[0], floor.bays[0], hour(10, 1))
    scheduling.assign(again, *place, by=floor.advisor, at=at)
    live = scheduling.get_live(again)
    scheduling.unassign(again, seen_version=live.version, by=floor.advisor, at=at)
    # then the old reason counts no more
    next_day = calendar.local_day(floor.branch, at)
    assert [each.job.id for each in closing_queries.list_loose(floor.branch, next_day)] == [job.id]


def test_work_that_goes_on_is_paused_first(floor: Floor, sign_in: SignIn) -> None:
    # given
    job = floor.plan(16)
    start(job, 16)
    job.order.move_to(Stage.REPAIR, floor.advisor, AT)
    desk = sign_in(floor.advisor)
    assert "Somebody works on it." in desk.get(CLOSE).text
    for act, data in (("carry", agreed(job)), ("hold", {f"h{job.id}-reason": "parts"})):
        answer = desk.post(f"{CLOSE}/{job.id}/{act}", data=data)
        assert answer.status_code == 409
        assert "This job is being worked on. Pause or finish it first." in answer.text
    # when it is paused, and its rest is carried over
    again = session.get_one(Job, job.id)
    again.state, again.paused_at = JobState.PAUSED, hour(16.5)
    page = desk.get(CLOSE).text
    answer = desk.post(f"{CLOSE}/{job.id}/carry", data=agreed(job, page))
    assert answer.status_code == 302, answer.text
    # then what was worked stays where it was
    live = scheduling.get_live(session.get_one(Job, job.id))
    assert live.starts_at == hour(8, 1)
    assert desk.post(CLOSE).status_code == 302


def test_a_finished_job_is_disposition_enough(floor: Floor, sign_in: SignIn) -> None:
    job = floor.plan(16)
    job.state, job.finished_at = JobState.DONE, hour(17)
    desk = sign_in(floor.advisor)
    assert "Nothing is left open" in desk.get(CLOSE).text
    assert desk.post(CLOSE).status_code == 302
    assert session.scalars(select(DayClose)).one().finished == 1


def test_a_job_that_was_planned_for_tomorrow_behind_the_customers_back_needs_a_consent(
    floor: Floor, sign_in: SignIn
) -> None:
    # given a car promised today, whose job was planned for tomorrow from the queue
    job = floor.queue(promised=17)
    place = (floor.people[0], floor.bays[0], hour(9, 1))
    scheduling.assign(job, *place, by=floor.advisor, at=AT)
    desk = sign_in(floor.advisor)
    answer = desk.post(CLOSE)
    assert answer.status_code == 409
    assert "is planned for another day, and the customer has not agreed." in answer.text
    # when
    assert desk.post(f"{CLOSE}/{job.id}/carry", data=agreed(job)).status_code == 302
    # then it stays where it is
    assert scheduling.get_live(session.get_one(Job, job.id)).starts_at == hour(9, 1)
    assert desk.post(CLOSE).status_code == 302


def test_a_job_without_a_place_that_was_promised_today_is_carried_over_too(
    floor: Floor, sign_in: SignIn
) -> None:
    job = floor.queue(promised=17)
    desk = sign_in(floor.advisor)
    page = desk.get(CLOSE).text
    assert desk.post(f"{CLOSE}/{job.id}/carry", data=agreed(job, page)).status_code == 302
    assert scheduling.get_live(session.get_one(Job, job.id)).starts_at == hour(8, 1)
    assert session.scalars(select(DayConsent)).one().to_day.isoformat() == "2026-11-24"


def test_who_may_not_change_times_neither_carries_over_nor_holds(
    floor: Floor, sign_in: SignIn
) -> None:
    job = floor.plan(16)
    desk = sign_in(floor.controller)
    assert "Work is carried over and held by who may change times." in desk.get(CLOSE).text
    assert desk.post(f"{CLOSE}/{job.id}/carry", data=agreed(job)).status_code == 403
    hold = {f"h{job.id}-reason": "parts"}
    assert desk.post(f"{CLOSE}/{job.id}/hold", data=hold).status_code == 403
    assert sign_in(make_user(RoleName.CASHIER)).post(CLOSE).status_code == 403


def test_a_day_that_has_not_come_is_not_closed(floor: Floor, sign_in: SignIn) -> None:
    answer = sign_in(floor.advisor).post(f"{CLOSE}?day=2026-11-24")
    assert answer.status_code == 409
    assert "This day has not come yet." in answer.text
    assert sign_in(floor.advisor).get(f"{CLOSE}?day=soon").status_code == 422


def test_a_closed_day_and_a_hold_are_never_rewritten(floor: Floor) -> None:
    job = floor.plan(16)
    day = calendar.local_day(floor.branch, AT)
    held = holding.hold(job, day, HoldReason.PARTS, "", by=floor.advisor, at=hour(17))
    closing.close_day(floor.branch, day, by=floor.advisor, at=hour(17.5))
    session.flush()
    held.note = "anders"
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_job_over_lunch_and_overnight_keeps_its_hours(floor: Floor) -> None:
    # given eleven hours of work, more than any day has
    job = floor.queue(promised=41, minutes=660)
    found = suggestion.suggest(job, hour(8))
    assert found is not None
    assert (found.minutes, found.across) == (540, True)
    scheduling.assign(
        job,
        found.technician,
        found.bay,
        found.starts_at,
        minutes=found.minutes,
        across=True,
        by=floor.advisor,
        at=hour(8),
    )
    # then it rests from twelve to one, with the bay taken, and ends with the day
    live = scheduling.get_live(job)
    assert (live.starts_at, live.ends_at, live.rest_minutes) == (hour(8), hour(18), 60)
    other = next(each for each in floor.people if each is not found.technician)
    place = (other, found.bay, hour(11))
    with pytest.raises(RuleBroken, match=r"Bay \w+ is taken from"):
        scheduling.assign(floor.queue(promised=41), *place, by=floor.advisor, at=AT)
    # when it is paused in the evening and carried over
    start(job, 8)
    job.order.move_to(Stage.REPAIR, floor.advisor, hour(8))
    job.state, job.paused_at = JobState.PAUSED, hour(18)
    session.flush()
    consent = scheduling.Consent(Channel.PHONE, "王", hour(17))
    today = calendar.local_day(floor.branch, AT)
    closing.carry_over(job, today, None, consent, by=floor.advisor, at=hour(18))
    # then only what is left stands on the next morning, and in the ledger
    rest = scheduling.get_live(job)
    assert (rest.starts_at, rest.minutes) == (hour(8, 1), 120)
    [taken] = capacity.list_takes(TakeSource.JOB, job.id)
    assert (taken.day, taken.minutes) == (today + timedelta(days=1), 120)
    assert [each.minutes for each in allocations.list_of([job.id])] == [540, 120]
    assert closing_queries.list_loose(floor.branch, today) == []
