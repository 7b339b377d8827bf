"""The board as the planner's problem."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from tests.databases import Database
from tests.factories import AT, make_part
from tests.shop.factories import hour, skill_of
from tests.steps.scheduling.replanning.floor import Floor, make_floor, quick, start
from workshop.allocation import service as allocations
from workshop.db import session
from workshop.orders.flow import Stage
from workshop.orders.models import JobState
from workshop.planner import problem as planning
from workshop.planner import reading, verify
from workshop.shop import calendar
from workshop.shop.models import Absence
from workshop.steps.scheduling.dispatch import more_time
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.replanning import situation
from workshop.steps.scheduling.replanning.models import Cause, PlanReason
from workshop.steps.scheduling.rules import MoreTimeReason
from workshop.stock.models import Backorder

IMPROVE = Cause(PlanReason.IMPROVE)


@pytest.fixture
def floor(database: Database) -> Floor:
    return make_floor()


def read(floor: Floor, cause: Cause = IMPROVE) -> planning.Problem:
    found = situation.read(floor.branch, AT, cause).problem
    assert reading.faults_of(planning.as_json(found)) == []
    assert reading.read(planning.as_json(found)) == found
    assert verify.faults(found, quick(found)) == []
    return found


def test_a_planned_job_is_a_row_of_the_plan_in_force_in_minutes_from_midnight(floor: Floor) -> None:
    # given
    job = floor.plan(14, promised=16, stays=True, repeat_repair=True)
    waiting = floor.queue(promised=17.5)
    # when
    problem = read(floor)
    # then
    assert problem.now == 600
    row = problem.current_of[f"J{job.id}"]
    assert (row.start, row.end) == (14 * 60, 15 * 60)
    assert situation.id_of(row.technician) == floor.people[0].id
    order = problem.order_of[f"R{job.order_id}"]
    assert (order.promised, order.waiting, order.comeback) == (16 * 60, True, True)
    assert f"J{waiting.id}" not in problem.current_of
    assert problem.job_of[f"J{waiting.id}"].minutes == 60


def test_three_open_days_with_breaks_and_absences_taken_out(floor: Floor) -> None:
    # given: the second one is away on Tuesday morning
    absent = Absence(
        user_id=floor.people[1].user_id, starts_at=hour(8, 1), ends_at=hour(12, 1), reason="培训"
    )
    session.add(absent)
    floor.queue()
    # when
    first, second = read(floor).technicians
    # then
    day = 24 * 60
    assert first.shifts == tuple(
        (day * n + a * 60, day * n + b * 60) for n in range(3) for a, b in ((8, 12), (13, 18))
    )
    assert set(first.shifts) - set(second.shifts) == {(day + 8 * 60, day + 12 * 60)}


def test_a_certificate_that_expires_tonight_counts_today_only(floor: Floor) -> None:
    # given
    skill_of(floor.people[0]).expires_on = date(2026, 11, 23)
    skill_of(floor.people[1]).expires_on = date(2026, 11, 22)
    job = floor.queue()
    # when
    problem = read(floor)
    # then
    able = [each for each in problem.technicians if each.can(problem.job_of[f"J{job.id}"])]
    assert [situation.id_of(each.id) for each in able] == [floor.people[0].id]
    assert {end for _, end in able[0].shifts} <= {12 * 60, 18 * 60}


def test_work_that_runs_is_a_fact_until_its_forecast_end(floor: Floor) -> None:
    # given: planned from 9:30 to 10:30, begun at 9:40
    job = floor.queue()
    scheduling.assign(job, floor.people[0], floor.bays[0], hour(9.5), by=floor.advisor, at=hour(9))
    start(job, 9 + 2 / 3)
    # when
    problem = read(floor)
    longer = read(floor, Cause(PlanReason.OVERRUN, job_id=job.id, minutes=60))
    # then
    assert problem.running[0].end == 10 * 60 + 40
    assert longer.running[0].end == 11 * 60 + 40


def test_minutes_that_a_technician_asks_for_are_planned_for_before_anybody_grants_them(
    floor: Floor,
) -> None:
    # given: at work since half past nine, one hour long
    job = floor.queue()
    scheduling.assign(job, floor.people[0], floor.bays[0], hour(9.5), by=floor.advisor, at=hour(9))
    start(job, 9.5)
    before = situation.read(floor.branch, AT, IMPROVE).problem.job_of[f"J{job.id}"]
    user = floor.people[0].user
    # when
    more_time.ask(job, 40, MoreTimeReason.STUCK, by=user, at=AT)
    # then: an overrun of the same job told by the controller is not added to it
    cause = Cause(PlanReason.OVERRUN, job_id=job.id, minutes=30)
    for each in (IMPROVE, cause):
        now = situation.read(floor.branch, AT, each).problem.job_of[f"J{job.id}"]
        assert now.minutes == before.minutes + 40


def test_a_running_job_rests_over_lunch(floor: Floor) -> None:
    # given: two hours of work from eleven on end at two
    job = floor.queue(minutes=180)
    scheduling.assign(job, floor.people[0], floor.bays[0], hour(9), by=floor.advisor, at=hour(8.9))
    start(job, 9)
    # when
    longer = read(floor, Cause(PlanReason.OVERRUN, job_id=job.id, minutes=30))
    # then
    assert longer.running[0].end == 13 * 60 + 30


def test_a_pause_stays_in_its_bay_unless_its_technician_goes_home(floor: Floor) -> None:
    # given
    job = floor.queue(minutes=120)
    scheduling.assign(job, floor.people[0], floor.bays[0], hour(9), by=floor.advisor, at=hour(8.9))
    start(job, 9)
    job.state = JobState.PAUSED
    # when
    problem, without = read(floor), read(floor, floor.goes_home())
    # then
    assert problem.job_of[f"J{job.id}"].is_running
    rest = without.job_of[f"J{job.id}"]
    assert not rest.is_running
    assert rest.minutes == 60


def test_who_goes_home_has_no_more_time_today(floor: Floor) -> None:
    floor.queue()
    first, second = read(floor, floor.goes_home()).technicians
    assert first.shifts[0] == (8 * 60, 10 * 60)
    assert first.shifts[1][0] > 24 * 60
    assert second.shifts[:2] == ((8 * 60, 12 * 60), (13 * 60, 18 * 60))


def test_parts_say_when_a_job_can_begin_and_without_a_date_it_is_left_out(floor: Floor) -> None:
    # given
    late, never, kept = floor.queue(), floor.queue(), floor.plan(14)
    for job, expected_at in ((late, hour(15)), (never, None), (kept, None)):
        session.add(_backorder(floor, job.order_id, expected_at))
    session.flush()
    # when
    found = situation.read(floor.branch, AT, IMPROVE)
    # then
    assert found.problem.job_of[f"J{late.id}"].ready_at == 15 * 60
    assert found.left_out == [never.id]
    assert found.problem.job_of[f"J{kept.id}"].ready_at is None
    # when
    cause = Cause(PlanReason.PART_LATE, job_id=kept.id, until=hour(16))
    # then
    assert read(floor, cause).job_of[f"J{kept.id}"].ready_at == 16 * 60


def test_a_job_longer_than_a_shift_rests_at_noon_and_never_over_the_night(floor: Floor) -> None:
    # given
    job = floor.queue(minutes=480)
    # when
    problem = read(floor)
    # then
    assert problem.job_of[f"J{job.id}"].splittable
    assert len(problem.technicians) == 6
    row = quick(problem).assignments[0]
    assert situation.id_of(row.technician) in {each.id for each in floor.people}
    assert (row.start - 1440, row.end - 1440) == (8 * 60, 17 * 60)


def test_work_that_has_just_ended_still_holds_its_buffer(floor: Floor) -> None:
    # given
    job = floor.queue()
    live = scheduling.assign(
        job, floor.people[0], floor.bays[0], hour(9), by=floor.advisor, at=hour(8.9)
    )
    allocations.finish(live, at=hour(9.95))
    job.state = JobState.DONE
    floor.queue()
    # when
    first = read(floor).technicians[0]
    # then
    assert first.shifts[1] == (10 * 60 + 15, 12 * 60)


def test_an_order_in_the_quality_check_is_none_of_the_planners(floor: Floor) -> None:
    job = floor.plan(14)
    for stage in (Stage.REPAIR, Stage.QUALITY_CHECK):
        job.order.move_to(stage, floor.advisor, AT)
    session.flush()
    assert not situation.read(floor.branch, AT, IMPROVE).problem.jobs


def test_a_change_of_the_clocks_is_a_day_of_another_length(floor: Floor) -> None:
    # given: Berlin puts its clocks back on the night before Sunday, 25 October 2026
    floor.branch.zone = "Europe/Berlin"
    at = calendar.day_span(floor.branch, date(2026, 10, 24))[0] + timedelta(hours=9)
    floor.queue()
    # when
    problem = situation.read(floor.branch, at, IMPROVE).problem
    # then: Saturday, then Monday, 49 hours after Saturday's midnight
    starts = [start for start, _ in problem.technicians[0].shifts]
    assert starts[0] == 8 * 60
    assert starts[2] == (48 + 1 + 8) * 60


def _backorder(floor: Floor, order_id: int, expected_at: datetime | None) -> Backorder:
    return Backorder(
        branch_id=floor.branch.id,
        part_id=make_part().id,
        order_id=order_id,
        quantity_milli=1000,
        expected_at=expected_at,
        noted_at=AT,
        noted_by_id=floor.advisor.id,
    )
