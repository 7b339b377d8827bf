"""A closed day takes nothing any more: by hand, by the planner, by undo, in the database."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from flask.testing import FlaskClient

from tests.allocation.factories import make_allocation
from tests.databases import Database
from tests.factories import AT, make_user
from tests.shop.factories import hour
from tests.steps.scheduling.replanning.floor import Floor, is_guarded, make_floor
from workshop import clock, db
from workshop.allocation import free_time
from workshop.allocation import queries as allocated
from workshop.allocation.models import DayClose
from workshop.customers.models import Channel
from workshop.db import session
from workshop.errors import Invalid, NotAllowed, RuleBroken
from workshop.orders.models import Job, JobState
from workshop.shop import calendar
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.closing import service as closing
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.dispatch import suggestion
from workshop.steps.scheduling.replanning import acceptance, situation
from workshop.steps.scheduling.replanning.models import Cause, PlanReason

SignIn = Callable[[User], FlaskClient]
CLOSED = "The day .* is closed; nothing is planned into it any more"


@pytest.fixture
def floor(database: Database) -> Floor:
    """Nothing is left of the Monday, and it is closed at ten."""
    floor = make_floor()
    floor.advisor.locale = "en"
    return floor


def close(floor: Floor, hours: float = 10) -> DayClose:
    at = hour(hours)
    day = calendar.local_day(floor.branch, at)
    return closing.close_day(floor.branch, day, by=floor.advisor, at=at)


def test_nothing_is_assigned_to_a_closed_day(floor: Floor) -> None:
    close(floor)
    with pytest.raises(RuleBroken, match=CLOSED) as refused:
        floor.plan(11)
    assert refused.value.field == "starts_at"
    assert refused.value.values["nearest"] == hour(8, 1)


def test_a_card_of_another_day_is_not_moved_or_swapped_into_a_closed_one(floor: Floor) -> None:
    # given
    job = floor.queue(promised=41)
    place = (floor.people[0], floor.bays[0])
    scheduling.assign(job, *place, hour(9, 1), by=floor.advisor, at=AT)
    close(floor, 10)
    live = scheduling.get_live(job)
    agreed = scheduling.Consent(Channel.PHONE, "王", AT)
    # when
    with pytest.raises(RuleBroken, match=CLOSED):
        scheduling.move(
            job,
            *place,
            hour(11),
            seen_version=live.version,
            consent=agreed,
            by=floor.advisor,
            at=AT,
        )
    # then
    session.rollback()


def test_a_card_dropped_on_a_closed_day_goes_back_and_gets_the_nearest_slot(
    app: object, floor: Floor, sign_in: SignIn
) -> None:
    # given
    job = floor.queue(promised=41)
    close(floor)
    # when
    desk = sign_in(floor.advisor)
    url = f"/orders/{job.order.no}/scheduling/jobs/{job.id}/drop"
    dropped = {"technician_id": str(floor.people[0].id), "starts_at": hour(11).isoformat()}
    answer = desk.post(url, data=dropped)
    # then
    assert answer.status_code == 409
    assert "The day 2026-11-23 is closed" in answer.json["said"]
    assert "11-24 08:00" in answer.json["html"]
    assert queries.find_live(session.get_one(Job, job.id)) is None


def test_whoever_looks_for_time_passes_a_closed_day_over(floor: Floor) -> None:
    job = floor.queue(promised=41)
    before = suggestion.suggest(job, AT)
    assert before is not None
    assert before.starts_at == AT
    close(floor)
    found = suggestion.suggest(job, AT)
    assert found is not None
    assert found.starts_at == hour(8, 1)
    piece = queries.piece_of(job)
    assert free_time.earliest_finish(floor.branch, [piece], AT) == hour(9, 1)


def test_the_planner_has_no_hours_on_a_closed_day(floor: Floor) -> None:
    # given
    job = floor.queue(promised=41)
    close(floor)
    # when
    found = situation.read(floor.branch, AT, Cause(PlanReason.IMPROVE)).problem
    run = floor.ask(Cause(PlanReason.IMPROVE))
    # then
    starts = [start for each in found.technicians for start, _ in each.shifts]
    assert min(starts) >= 24 * 60
    assert min(start for each in found.bays for start, _ in each.open) >= 24 * 60
    floor.accept(run)
    assert scheduling.get_live(job).starts_at == hour(8, 1)


def test_a_plan_of_before_the_close_is_not_accepted_after_it(floor: Floor) -> None:
    job = floor.queue(promised=16)
    run = floor.ask(Cause(PlanReason.IMPROVE))
    job.order.promised_at = hour(17, 1)
    close(floor)
    with pytest.raises(RuleBroken, match=CLOSED):
        floor.accept(run)


def test_an_accepted_plan_is_not_undone_into_a_closed_day(floor: Floor) -> None:
    # given a job that a plan has put on tomorrow, with consent
    job = floor.plan(16)
    cause = Cause(PlanReason.PART_LATE, job_id=job.id, until=hour(8, 1))
    run = floor.ask(cause)
    floor.accept(run, consents={job.order_id: scheduling.Consent(Channel.PHONE, "王", AT)})
    assert scheduling.get_live(job).starts_at >= hour(8, 1)
    close(floor)
    # when
    with pytest.raises(RuleBroken, match=CLOSED):
        acceptance.undo(run, by=floor.advisor, at=AT)


def test_today_is_opened_again_with_a_reason_and_closed_once_more(floor: Floor) -> None:
    # given
    day = calendar.local_day(floor.branch, AT)
    with pytest.raises(RuleBroken, match="not closed"):
        closing.reopen_day(floor.branch, day, "x", by=floor.advisor, at=AT)
    close(floor)
    with pytest.raises(Invalid, match="Say why"):
        closing.reopen_day(floor.branch, day, " ", by=floor.advisor, at=AT)
    with pytest.raises(NotAllowed):
        closing.reopen_day(floor.branch, day, "x", by=floor.controller, at=AT)
    with pytest.raises(RuleBroken, match="it stays closed"):
        closing.reopen_day(floor.branch, day, "x", by=floor.advisor, at=hour(9, 1))
    # when
    closing.reopen_day(floor.branch, day, "来了急修", by=floor.advisor, at=AT)
    # then
    job = floor.plan(11)
    assert allocated.find_day_close(floor.branch, day) is None
    with pytest.raises(RuleBroken, match="is not finished"):
        close(floor)
    job.state, job.finished_at = JobState.DONE, hour(12)
    again = close(floor, 17)
    assert allocated.find_day_close(floor.branch, day) == again


def test_the_database_keeps_work_out_of_a_closed_day(floor: Floor) -> None:
    job = floor.queue(promised=41)
    close(floor)
    for starts_at in (hour(0), hour(23.75)):
        is_guarded(
            partial(make_allocation, floor.people[0], floor.bays[0], starts_at, job_id=job.id),
            "closed-day",
        )
    make_allocation(floor.people[0], floor.bays[0], hour(0, 1), job_id=job.id)


def test_the_database_closes_no_day_over_unfinished_work(floor: Floor) -> None:
    # given
    job = floor.plan(16)
    day = calendar.local_day(floor.branch, AT)
    begins_at, ends_at = calendar.day_span(floor.branch, day)

    def write() -> DayClose:
        written = DayClose(
            branch_id=floor.branch.id,
            day=day,
            begins_at=begins_at,
            ends_at=ends_at,
            finished=0,
            carried=0,
            held=0,
            closed_at=AT,
            closed_by_id=floor.advisor.id,
        )
        session.add(written)
        session.flush()
        return written

    # when
    for state in (JobState.WAITING, JobState.RUNNING, JobState.PAUSED):
        job.state = state
        session.flush()
        is_guarded(write, "unfinished-day")
    # then
    job.state = JobState.DONE
    session.flush()
    written = write()
    # and what was written stays, but for the one end
    for name, value in (("finished", 7), ("closed_at", hour(11)), ("reopen_reason", "x")):
        is_guarded(partial(setattr, written, name, value))
        session.refresh(written)
    is_guarded(partial(session.delete, written), "append-only")


def test_the_page_opens_a_closed_day_again(floor: Floor, app: object, sign_in: SignIn) -> None:
    # given
    close(floor)
    clock.freeze(hour(17.5))
    desk = sign_in(floor.advisor)
    assert "Open the day again" in desk.get("/scheduling/close").text
    # when
    answer = desk.post("/scheduling/close/reopen", data={"reason": ""})
    assert answer.status_code == 422
    assert "Say why." in answer.text
    answer = desk.post("/scheduling/close/reopen", data={"reason": "来了急修"})
    # then
    assert answer.status_code == 302
    page = desk.get(answer.location).text
    assert "Opened again at 17:30 by 顾问甲: 来了急修" in page
    assert sign_in(make_user(RoleName.CASHIER)).post("/scheduling/close/reopen").status_code == 403


def test_a_closed_day_says_so_on_the_board(floor: Floor, app: object, sign_in: SignIn) -> None:
    close(floor)
    page = sign_in(floor.advisor).get("/scheduling").text
    assert "This day is closed" in page
    db.rollback()
