"""The second technician at work: the own clock, and what each is credited with."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from tests.databases import Database
from tests.factories import AT, make_technician, make_user
from tests.steps.repair import factories as repairs
from workshop import db
from workshop.allocation.models import TeamRole
from workshop.db import session
from workshop.errors import NotAllowed, RuleBroken
from workshop.orders.models import Job, JobState
from workshop.shop.models import Technician
from workshop.staff.permissions import RoleName
from workshop.steps.repair import (
    attending,
    car_clock,
    help_clocks,
    helping,
    overview,
    queries,
    work,
)
from workshop.steps.repair.models import WorkSession
from workshop.steps.repair.phone import agenda
from workshop.steps.repair.quality import gates as quality_gates
from workshop.steps.repair.quality import service as quality
from workshop.steps.repair.rules import Level, PauseReason
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.teamwork import service as teamwork

TEN = timedelta(minutes=10)


@pytest.fixture
def job(database: Database) -> Job:
    return repairs.make_ready()[0]


@pytest.fixture
def helper(job: Job) -> Technician:
    return ask(job, make_technician())


def ask(job: Job, helper: Technician, percent: int = 40) -> Technician:
    live = scheduling.get_live(job)
    by = job.order.advisor
    teamwork.add(job, helper, percent, seen_version=live.version, by=by, at=AT)
    return helper


def begin(job: Job) -> None:
    work.start(job, repairs.worker(job), AT)


def test_the_helper_has_a_clock_of_the_own_beside_the_leads(job: Job, helper: Technician) -> None:
    # given
    begin(job)
    # when
    helping.start(job, helper.user, AT + TEN)
    helping.stop(job, helper.user, AT + 3 * TEN)
    # then
    lead = scheduling.get_live(job).technician
    assert help_clocks.clocked_by(job, helper) == 20
    assert queries.clocked_minutes(job, AT + 3 * TEN) == 30
    assert help_clocks.clocked_by(job, lead, AT + 3 * TEN) == 30
    assert job.state is JobState.RUNNING


def test_nobody_helps_before_the_lead_works(job: Job, helper: Technician) -> None:
    with pytest.raises(RuleBroken, match="lead's clock does not run"):
        helping.start(job, helper.user, AT)


def test_only_who_was_asked_helps(job: Job, helper: Technician) -> None:
    begin(job)
    for user in (make_technician().user, repairs.worker(job)):
        with pytest.raises(NotAllowed):
            helping.start(job, user, AT + TEN)


def test_who_helps_works_on_nothing_else(job: Job, helper: Technician) -> None:
    # given a job of the helper's own that runs
    other = repairs.make_planned()[0]
    begin(job)
    session.add(
        WorkSession(job_id=other.id, technician_id=helper.id, started_at=AT, role=TeamRole.LEAD)
    )
    session.flush()
    # then
    with pytest.raises(RuleBroken, match="Your clock is running"):
        helping.start(job, helper.user, AT + TEN)


def test_the_points_and_the_finish_stay_with_the_lead(job: Job, helper: Technician) -> None:
    begin(job)
    helping.start(job, helper.user, AT + TEN)
    for act in (
        lambda: work.finish(job, helper.user, AT + TEN),
        lambda: work.pause(job, PauseReason.BREAK, helper.user, AT + TEN),
        lambda: quality.self_check(
            job, repairs.answers(Level.SELF_CHECK), by=helper.user, at=AT + TEN
        ),
    ):
        with pytest.raises((NotAllowed, RuleBroken)):
            act()
    assert help_clocks.find_open(job) is not None


def test_the_leads_pause_stops_the_help(job: Job, helper: Technician) -> None:
    # given
    begin(job)
    helping.start(job, helper.user, AT + TEN)
    # when
    work.pause(job, PauseReason.PARTS, repairs.worker(job), AT + 2 * TEN)
    # then
    assert help_clocks.find_open(job) is None
    assert help_clocks.clocked_by(job, helper) == 10
    assert [each.session.job_id for each in overview.list_running(job.order.branch_id, AT)] == []
    [paused] = overview.list_paused(job.order.branch_id)
    assert paused.role is TeamRole.LEAD


def test_the_leads_finish_stops_the_help_and_frees_both(job: Job, helper: Technician) -> None:
    # given
    begin(job)
    helping.start(job, helper.user, AT + TEN)
    [running] = overview.list_running(job.order.branch_id, AT + TEN)
    assert running.helper is helper
    # when
    repairs.complete(job, AT + TEN)
    db.commit()
    # then
    assert help_clocks.find_open(job) is None
    given = helping.find_help(job, helper.user)
    assert given is not None
    assert given.ends_at == AT + timedelta(minutes=40)


def test_the_book_time_is_credited_by_share_and_once(job: Job, helper: Technician) -> None:
    # given
    begin(job)
    helping.start(job, helper.user, AT)
    repairs.complete(job, AT)
    # when
    lead, second = helping.team_of(job)
    # then
    assert (lead.role, second.role) == (TeamRole.LEAD, TeamRole.ASSISTANT)
    assert (lead.share_percent, second.share_percent) == (60, 40)
    assert lead.credited_minutes + second.credited_minutes == job.book_minutes
    assert (lead.clocked_minutes, second.clocked_minutes) == (30, 30)


def test_who_works_alone_is_no_team(job: Job) -> None:
    begin(job)
    assert helping.team_of(job) == []


@pytest.mark.parametrize("has_helped", [True, False])
def test_who_was_taken_off_is_credited_for_what_the_clock_knows(
    job: Job, helper: Technician, has_helped: bool
) -> None:
    # given
    begin(job)
    if has_helped:
        helping.start(job, helper.user, AT + TEN)
    given = helping.require_my_help(job, helper.user)
    # when
    by = job.order.advisor
    teamwork.take_off(job, seen_version=given.version, by=by, at=AT + 2 * TEN)
    # then the clock can still be stopped
    if has_helped:
        helping.stop(job, helper.user, AT + 2 * TEN)
    assert len(helping.team_of(job)) == (2 if has_helped else 0)
    with pytest.raises(NotAllowed):
        helping.start(job, helper.user, AT + 3 * TEN)


def test_the_phone_lists_what_is_to_be_helped_with_behind_the_own_running_job(
    job: Job, helper: Technician
) -> None:
    # given a job whose lead has not begun
    [planned] = agenda.list_my_jobs(helper, AT)
    assert (planned.job, planned.lead) == (job, scheduling.get_live(job).technician)
    assert planned.bay is scheduling.get_live(job).bay
    # when the help has begun, it comes first
    begin(job)
    helping.start(job, helper.user, AT + TEN)
    assert agenda.list_my_jobs(helper, AT + TEN)[0].job is job
    # and the lead sees the job as the own
    [own] = agenda.list_my_jobs(scheduling.get_live(job).technician, AT)
    assert own.lead is None


def test_who_helped_checks_nothing_of_the_car(job: Job, helper: Technician) -> None:
    # given one who inspects, and has helped
    inspector = make_user(RoleName.QUALITY_INSPECTOR)
    helper.user_id = inspector.id
    session.flush()
    begin(job)
    repairs.complete(job, AT)
    # then
    refusal = quality_gates.find_refusal(job.order, Level.QUALITY_CHECK, inspector, AT)
    assert refusal is not None
    assert refusal.code == "quality_not_work"


def test_the_controller_stops_a_forgotten_clock(job: Job, helper: Technician) -> None:
    begin(job)
    helping.start(job, helper.user, AT + TEN)
    with pytest.raises(NotAllowed):
        helping.stop(job, make_technician().user, AT + 2 * TEN)
    helping.stop(job, make_user(RoleName.JOB_CONTROLLER), AT + 2 * TEN)
    assert help_clocks.find_open(job) is None


def test_the_database_lets_one_help_at_a_time(job: Job, helper: Technician) -> None:
    begin(job)
    helping.start(job, helper.user, AT + TEN)
    second = WorkSession(
        job_id=job.id,
        technician_id=make_technician().id,
        started_at=AT + TEN,
        role=TeamRole.ASSISTANT,
    )
    session.add(second)
    with pytest.raises(IntegrityError):
        session.flush()


def test_the_helpers_break_ends_the_help_and_not_the_job(job: Job, helper: Technician) -> None:
    # given
    begin(job)
    helping.start(job, helper.user, AT + TEN)
    # when
    attending.take_break(helper.user, AT + 2 * TEN)
    # then
    assert help_clocks.find_open(job) is None
    assert job.state is JobState.RUNNING
    # and nobody helps from the table
    with pytest.raises(RuleBroken, match="on a break"):
        helping.start(job, helper.user, AT + 2 * TEN)


def test_the_days_book_time_goes_by_share_and_the_clocks_stay_apart(
    job: Job, helper: Technician
) -> None:
    # given
    lead = scheduling.get_live(job).technician
    begin(job)
    helping.start(job, helper.user, AT + TEN)
    repairs.complete(job, AT)
    # when
    hours = car_clock.hours([lead.id, helper.id], (AT, AT + 4 * TEN))
    # then
    assert hours[lead.id].book_minutes + hours[helper.id].book_minutes == job.book_minutes
    assert hours[helper.id].book_minutes == job.book_minutes * 40 // 100
    assert (hours[lead.id].clocked_minutes, hours[helper.id].clocked_minutes) == (30, 20)
