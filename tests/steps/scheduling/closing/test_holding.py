"""A held job keeps its reason in sight, and nobody plans it until it is released."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import AT, make_user
from tests.shop.factories import hour
from tests.steps.scheduling.replanning.floor import Floor, is_guarded, make_floor
from workshop import clock
from workshop.db import session
from workshop.errors import RuleBroken
from workshop.orders.models import Job
from workshop.shop import calendar
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.closing import holding
from workshop.steps.scheduling.closing import queries as held_jobs
from workshop.steps.scheduling.closing import service as closing
from workshop.steps.scheduling.closing.models import HoldReason, JobHold
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.replanning import history, situation
from workshop.steps.scheduling.replanning.models import Cause, PlanReason

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def floor(database: Database) -> Floor:
    floor = make_floor()
    for user in (floor.advisor, floor.controller):
        user.locale = "en"
    return floor


def hold(floor: Floor, job: Job, reason: HoldReason = HoldReason.SUPPORT) -> JobHold:
    day = calendar.local_day(floor.branch, AT)
    return holding.hold(job, day, reason, "等厂家回电", by=floor.advisor, at=AT)


def test_a_held_job_stands_in_its_lane_with_its_reason_and_not_in_the_queue(
    floor: Floor, app: object, sign_in: SignIn
) -> None:
    # given
    job = floor.plan(16)
    hold(floor, job)
    assert queries.list_queue(floor.branch) == []
    words = "Waiting for technical support: 等厂家回电 · since 10:00, 顾问甲"
    # when
    desk = sign_in(floor.controller)
    board = desk.get("/scheduling").text
    # then
    assert words in board
    assert "q-card" not in board
    assert words in desk.get(f"/orders/{job.order.no}/scheduling").text
    assert words in desk.get(f"/orders/{job.order.no}/scheduling/jobs/{job.id}/place").text
    assert words in desk.get("/scheduling/close").text


def test_one_click_releases_it_into_the_queue(floor: Floor, app: object, sign_in: SignIn) -> None:
    # given
    job = floor.plan(16)
    hold(floor, job)
    desk = sign_in(floor.controller)
    url = f"/scheduling/holds/{job.id}/release"
    assert url in desk.get("/scheduling").text
    assert sign_in(make_user(RoleName.CASHIER)).post(url).status_code == 403
    # when
    desk = sign_in(floor.controller)
    answer = desk.post(url, data={"back": "/scheduling?by=bay"})
    # then
    assert (answer.status_code, answer.location) == (302, "/scheduling?by=bay")
    kept = session.query(JobHold).one()
    assert (kept.released_by, kept.released_at) == (floor.controller, AT)
    assert [each.id for each in queries.list_queue(floor.branch)] == [job.id]
    answer = desk.post(url)
    assert answer.status_code == 409
    assert "This job is not held any more." in answer.text


def test_the_planner_leaves_a_held_job_alone_until_it_is_released(floor: Floor) -> None:
    # given
    job, other = floor.plan(16), floor.queue()
    hold(floor, job)
    cause = Cause(PlanReason.IMPROVE)
    # when
    found = situation.read(floor.branch, AT, cause)
    run = floor.ask(cause)
    # then
    assert [each.id for each in found.problem.jobs] == [f"J{other.id}"]
    assert found.left_out == [job.id]
    assert history.list_left_out(run) == [(job, held_jobs.find_hold(job))]
    # when
    holding.release(job, by=floor.advisor, at=AT)
    # then
    found = situation.read(floor.branch, AT, cause)
    assert {each.id for each in found.problem.jobs} == {f"J{job.id}", f"J{other.id}"}


def test_whoever_gives_it_a_place_by_hand_releases_it(floor: Floor) -> None:
    job = floor.plan(16)
    held = hold(floor, job)
    place = (floor.people[0], floor.bays[0], hour(9, 1))
    scheduling.assign(job, *place, by=floor.advisor, at=hour(11))
    assert (held.released_at, held.released_by_id) == (hour(11), floor.advisor.id)
    with pytest.raises(RuleBroken, match="not held any more"):
        holding.release(job, by=floor.advisor, at=hour(11))


def test_a_job_is_held_once(floor: Floor) -> None:
    job = floor.plan(16)
    held = hold(floor, job)
    with pytest.raises(RuleBroken, match="held already"):
        hold(floor, job)
    again = JobHold(
        job_id=job.id,
        day=held.day,
        reason=HoldReason.PARTS,
        held_at=AT,
        held_by_id=floor.advisor.id,
    )
    is_guarded(partial(session.add, again))


def test_a_released_hold_stays_as_it_was(floor: Floor) -> None:
    job = floor.plan(16)
    held = hold(floor, job)
    holding.release(job, by=floor.advisor, at=AT)
    is_guarded(partial(setattr, held, "released_at", hour(12)), "append-only")


def test_the_next_morning_names_what_left_the_day_and_leads_to_its_close(
    floor: Floor, app: object, sign_in: SignIn
) -> None:
    # given a Monday that nobody closes, with one job that was not done
    job = floor.plan(16)
    monday = calendar.local_day(floor.branch, AT)
    desk = sign_in(floor.controller)
    assert "was not closed" not in desk.get("/scheduling").text
    assert closing.find_left_open(floor.branch, AT) is None
    # when
    clock.freeze(hour(8.25, 1))
    page = desk.get("/scheduling").text
    # then
    assert "11-23 was not closed: jobs left it without a disposition." in page
    assert f"/scheduling/close?day={monday}#job-{job.id}" in page
    assert "11-23 was not closed" in desk.get("/scheduling/watch").text
    # when it is carried over to this very morning, not before now
    desk = sign_in(floor.advisor)
    url = f"/scheduling/close/{job.id}/carry?day={monday}"
    page = desk.get(f"/scheduling/close?day={monday}").text
    assert "To 11-24 08:15" in page
    typed = {"consent_by": "王", "consent_channel": "phone", "offered": hour(8.25, 1).isoformat()}
    answer = desk.post(url, data={f"c{job.id}-{name}": value for name, value in typed.items()})
    assert answer.status_code == 302, answer.text
    # then
    assert scheduling.get_live(session.get_one(Job, job.id)).starts_at == hour(8.25, 1)
    assert "was not closed" not in desk.get("/scheduling").text
    assert desk.post(f"/scheduling/close?day={monday}").status_code == 302


def test_what_came_after_the_close_is_named_the_next_morning_too(
    floor: Floor, app: object, sign_in: SignIn
) -> None:
    # given a day that was closed, and a car that was authorised for that evening afterwards
    monday = calendar.local_day(floor.branch, AT)
    closing.close_day(floor.branch, monday, by=floor.advisor, at=hour(17))
    job = floor.queue(promised=18)
    # when
    clock.freeze(hour(8, 1))
    desk = sign_in(floor.advisor)
    page = desk.get("/scheduling").text
    # then
    assert "After 2026-11-23 was closed, jobs were left without a disposition." in page
    assert f"/scheduling/close?day={monday}#job-{job.id}" in page
    # when it is held
    url = f"/scheduling/close/{job.id}/hold?day={monday}"
    desk.post(url, data={f"h{job.id}-reason": "parts", f"h{job.id}-note": ""})
    # then
    assert "without a disposition" not in desk.get("/scheduling").text
