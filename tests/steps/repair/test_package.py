"""A job with several lines in it: one clock, one self-check; each line can go or be at fault."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import AT, make_operation, make_technician, make_user
from tests.steps.quotation import factories as quotations
from tests.steps.quotation.test_work_packages import make_mechanics, teach
from tests.steps.repair import factories as given
from workshop.capacity import service as capacity
from workshop.capacity.models import TakeSource
from workshop.errors import Invalid
from workshop.orders.models import Job, JobKind, JobState
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.parts import service as parts
from workshop.steps.quotation import queries as quotation
from workshop.steps.quotation.answers import Answer
from workshop.steps.quotation.taking_off import queries as taking_off
from workshop.steps.repair import queries, work
from workshop.steps.repair.changing import foresight
from workshop.steps.repair.changing import taking_off as changing
from workshop.steps.repair.changing.foresight import Wish
from workshop.steps.repair.changing.taking_off import Wanted
from workshop.steps.repair.phone import page as phone
from workshop.steps.repair.quality import rework
from workshop.steps.repair.rules import Cause, Fault
from workshop.steps.scheduling import queries as plan

SignIn = Callable[[User], FlaskClient]

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def make_package(*, parted: bool = False) -> Job:
    """An oil change of half an hour and an hour of brakes: one planned job."""
    _, chassis = make_mechanics()
    oil = make_operation(name_zh="更换机油", name_en="Oil change", book_minutes=30)
    brakes = quotations.make_brakes() if parted else make_operation()
    brakes.skill_id, brakes.level = chassis.id, 2
    (job,) = queries.list_jobs(quotations.make_signed(oil, brakes).order)
    mechanic = make_technician()
    teach(mechanic, chassis)
    given.assign(job, mechanic)
    parts.release(job.order, by=job.order.advisor, at=AT)
    return job


def take_off(job: Job, *places: int, at: object = AT) -> None:
    """The customer wants these lines of the job no more."""
    wishes = {job.lines[place].id: Wish() for place in places}
    wanted = Wanted(wishes, "时间来不及")  # type: ignore[arg-type]
    by = job.order.advisor
    changing.take_off(job.order, wanted, Answer("王小明"), shown_at=at, by=by, at=at)  # type: ignore[arg-type]


def test_one_line_that_goes_makes_the_job_shorter(database: Database) -> None:
    job = make_package()
    # when
    take_off(job, 0)
    # then
    assert (job.state, job.book_minutes, job.title_zh) == (JobState.WAITING, 60, "更换前制动片")
    live = plan.find_live(job)
    assert live is not None
    assert live.minutes == 60
    assert [each.minutes for each in capacity.list_takes(TakeSource.JOB, job.id)] == [60]
    assert len(quotation.list_authorised_lines(job.order)) == 1


def test_all_lines_that_go_end_the_job(database: Database) -> None:
    job = make_package()
    order = job.order
    other = foresight.foresee(order, {each.id: Wish() for each in job.lines if each.id}, AT)
    assert other.stops
    take_off(job, 0, 1)
    assert job.state is JobState.CANCELLED
    assert capacity.list_takes(TakeSource.JOB, job.id) == []
    assert plan.find_live(job) is None


def test_the_clock_is_shared_by_book_time_when_a_line_goes(database: Database) -> None:
    job = make_package()
    work.start(job, given.worker(job), AT)
    # when: 30 of 90 minutes on the clock, a third of which is the oil
    take_off(job, 0, at=AT + timedelta(minutes=30))
    # then
    (line,) = taking_off.list_off(job.order)
    assert (line.done, line.done_fen) == (10, 4_000)
    assert (job.state, job.book_minutes) == (JobState.RUNNING, 70)
    assert queries.find_open_session(job) is not None


def test_a_line_of_a_running_job_goes_without_stopping_the_clock_on_the_page(
    database: Database, sign_in: SignIn
) -> None:
    job = make_package()
    work.start(job, given.worker(job), AT)
    advisor = job.order.advisor
    advisor.locale = "en"
    page = sign_in(advisor).get(f"/orders/{job.order.no}/change?take={job.lines[0].id}")
    assert "the other work of this job goes on" in page.text
    assert "Its clock stops" not in page.text


def test_rework_says_which_line_is_at_fault(database: Database) -> None:
    job = make_package()
    work.start(job, given.worker(job), AT)
    given.complete(job, AT)
    order, oil = job.order, job.lines[0]
    fault = Fault(job.id, Cause.WORKMANSHIP, "放油螺塞渗油", 20)
    by = order.advisor
    with pytest.raises(Invalid, match="done again"):
        rework.open_internal(order, fault, check=None, by=by, at=AT)
    # when
    fault = Fault(job.id, Cause.WORKMANSHIP, "放油螺塞渗油", 20, oil.id)
    opened = rework.open_internal(order, fault, check=None, by=by, at=AT)
    # then
    mend = next(each for each in queries.list_jobs(order) if each.kind is JobKind.REWORK)
    assert (opened.at_fault_line_id, opened.responsible_job_id) == (oil.id, job.id)
    assert (mend.title_zh, mend.skill_id, mend.level) == ("返修：更换机油", oil.skill_id, 1)


def test_the_check_s_form_offers_each_line(database: Database, sign_in: SignIn) -> None:
    job = make_package()
    work.start(job, given.worker(job), AT)
    given.complete(job, AT)
    page = sign_in(make_user(RoleName.TEAM_LEADER)).get(f"/orders/{job.order.no}/repair")
    for line in job.lines:
        assert f'value="{job.id}-{line.id}"' in page.text


def test_the_phone_shows_the_lines_with_their_parts(database: Database, sign_in: SignIn) -> None:
    job = make_package(parted=True)
    user = given.worker(job)
    user.locale = "en"
    oil, brakes = phone.list_lines(job)
    assert (len(oil.parts), len(brakes.parts)) == (0, 1)
    page = sign_in(user).get(f"/my-jobs/{job.id}")
    assert "In one go" in page.text
    assert "<span>Oil change</span>" in page.text
    # when
    take_off(job, 0)
    page = sign_in(user).get(f"/my-jobs/{job.id}")
    assert "<del>Oil change</del>" in page.text


def test_points_and_self_check_are_made_once(database: Database) -> None:
    job = make_package()
    work.start(job, given.worker(job), AT)
    given.complete(job, AT)
    assert job.state is JobState.DONE
    assert len(queries.list_points(job)) == 6
    # The hours of both lines are used, on the day of the work.
    assert capacity.list_takes(TakeSource.JOB, job.id) == []
