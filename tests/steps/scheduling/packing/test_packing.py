"""Jobs are split and joined by hand, with a reason; each undoes the other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import AT, make_bay, make_operation, make_skill, make_technician, make_user
from tests.steps.quotation import factories as quotations
from tests.steps.quotation.test_work_packages import make_mechanics, make_two, teach
from workshop.allocation.models import Allocation
from workshop.capacity import service as capacity
from workshop.capacity.models import TakeSource
from workshop.db import session
from workshop.errors import Invalid, NotAllowed, RuleBroken
from workshop.orders.flow import Stage
from workshop.orders.models import Job, JobState
from workshop.shop.models import BayKind, Technician
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.quotation import queries as quotation
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.dispatch import service as dispatch
from workshop.steps.scheduling.packing import gates, service

SignIn = Callable[[User], FlaskClient]
WHY = "另一位技师先做制动"


def make_apart() -> tuple[Job, Job]:
    """Two jobs of one order that could be done in one go: a group was given later."""
    engine, chassis = make_mechanics()
    engine.work_group = chassis.work_group = None
    oil = make_operation(name_zh="更换机油", name_en="Oil change", book_minutes=30)
    order = quotations.make_signed(oil, make_operation(skill_id=chassis.id, level=2)).order
    first, second = queries.list_jobs(order)
    return first, second


def place(job: Job, hours: float = 3, technician: Technician | None = None) -> Allocation:
    """Plan the job with the first mechanic."""
    who = technician or session.get_one(Technician, 1)
    at = AT + timedelta(hours=hours)
    return dispatch.assign(job, who, make_bay(), at, by=job.order.advisor, at=AT)


def split(job: Job, *places: int, why: str = WHY, by: User | None = None) -> Job:
    ids = [job.lines[each].id or 0 for each in places]
    return service.split(job, ids, why, by=by or job.order.advisor, at=AT)


def join(job: Job, other: Job, why: str = "一位技师一起做") -> Job:
    return service.join(job, other, why, by=job.order.advisor, at=AT)


def jobs_of_lines(job: Job) -> dict[str, int | None]:
    lines = quotation.list_authorised_lines(job.order)
    return {line.title_zh: line.job_id for line in lines}


def test_a_split_line_is_a_job_of_its_own_and_waits(database: Database) -> None:
    (job,) = make_two()
    place(job)
    assert job.order.stage is Stage.SCHEDULED
    # when
    made = split(job, 1)
    # then
    assert (job.title_zh, job.book_minutes) == ("更换机油", 30)
    assert (made.title_zh, made.book_minutes, made.skill_id) == (
        "更换前制动片",
        60,
        make_skill("chassis").id,
    )
    assert jobs_of_lines(job) == {"更换机油": job.id, "更换前制动片": made.id}
    live = queries.find_live(job)
    assert live is not None
    assert live.minutes == 30
    assert queries.find_live(made) is None
    assert job.order.stage is Stage.AUTHORISED
    assert [each.minutes for each in capacity.list_takes(TakeSource.JOB, job.id)] == [30]
    assert [each.minutes for each in capacity.list_takes(TakeSource.JOB, made.id)] == [60]


def test_joining_takes_the_split_back(database: Database) -> None:
    (job,) = make_two()
    place(job)
    before = (job.title_zh, job.book_minutes, job.skills, job.bay_kinds, job.work_lines)
    made = split(job, 1)
    # when
    join(job, made)
    # then
    assert (job.title_zh, job.book_minutes, job.skills, job.bay_kinds, job.work_lines) == before
    assert set(jobs_of_lines(job).values()) == {job.id}
    assert made.state is JobState.CANCELLED
    assert capacity.list_takes(TakeSource.JOB, made.id) == []
    live = queries.find_live(job)
    assert live is not None
    assert live.minutes == 90
    assert job.order.stage is Stage.SCHEDULED


def test_two_that_were_planned_apart_become_one(database: Database) -> None:
    first, second = make_apart()
    place(first)
    place(second, 4)
    # when: the second gives its time back, and the first is planned for both
    join(first, second)
    # then
    assert [job.id for job in queries.list_jobs(first.order)] == [first.id]
    live = queries.find_live(first)
    assert live is not None
    assert live.minutes == 90
    takes = capacity.list_takes(TakeSource.JOB, first.id)
    assert sorted(each.minutes for each in takes) == [30, 60]


def test_a_joined_job_goes_to_the_queue_where_its_time_is_too_short(database: Database) -> None:
    first, second = make_apart()
    place(first)
    other = quotations.make_signed(make_operation(bay_kinds=[])).order
    (stranger,) = queries.list_jobs(other)
    place(stranger, 3.75)
    # when
    join(first, second)
    # then
    assert queries.find_live(first) is None
    assert first.order.stage is Stage.AUTHORISED


def test_a_joined_job_goes_to_the_queue_when_its_technician_knows_only_half(
    database: Database,
) -> None:
    first, second = make_apart()
    place(first, technician=make_technician())
    join(first, second)
    assert queries.find_live(first) is None


def test_jobs_from_before_jobs_kept_lines_can_be_joined_and_split(database: Database) -> None:
    first, second = make_apart()
    first.work_lines = second.work_lines = []
    session.flush()
    assert gates.missing_to_split(first)
    # when
    join(first, second)
    split(first, 0)
    # then
    assert first.title_zh == "更换前制动片"


def test_the_missing_skill_is_named(database: Database) -> None:
    engine, chassis = make_skill(), make_skill("chassis")
    for skill in (engine, chassis):
        make_technician(skill=skill)
        make_bay()
    order = quotations.make_signed(make_operation(), make_operation(skill_id=chassis.id)).order
    first, second = queries.list_jobs(order)
    with pytest.raises(RuleBroken, match="Nobody has all the skills") as refused:
        join(first, second)
    assert refused.value.values["skill"] in (engine, chassis)
    # and when somebody learns it
    teach(make_technician(skill=engine), chassis)
    join(first, second)


@pytest.mark.parametrize("state", [JobState.RUNNING, JobState.PAUSED, JobState.DONE])
def test_nothing_changes_once_work_has_begun(database: Database, state: JobState) -> None:
    (job,) = make_two()
    job.state, job.started_at = state, AT
    session.flush()
    with pytest.raises(RuleBroken, match="has begun"):
        split(job, 0)


def test_two_that_share_no_bay_stay_apart(database: Database) -> None:
    make_mechanics()
    make_bay(BayKind.PAINT)
    order = quotations.make_signed(make_operation(), make_operation(bay_kinds=["paint"])).order
    first, second = queries.list_jobs(order)
    hands = gates.read_hands(first.order.branch)
    assert [each.code for each in gates.missing_to_join(first, second, hands, AT.date())] == ["bay"]


def test_a_reason_is_needed_and_something_stays(database: Database) -> None:
    (job,) = make_two()
    with pytest.raises(Invalid, match="why"):
        split(job, 0, why="  ")
    with pytest.raises(Invalid, match="own"):
        split(job, 0, 1)
    with pytest.raises(Invalid, match="own"):
        split(job)


def test_who_may_not_plan_does_not_split(database: Database) -> None:
    (job,) = make_two()
    with pytest.raises(NotAllowed):
        split(job, 0, by=make_user(RoleName.TECHNICIAN))


def test_who_may_not_change_times_does_not_split_what_is_planned(database: Database) -> None:
    (job,) = make_two()
    place(job)
    job.order.branch.controller_moves_alone = False
    controller = make_user(RoleName.JOB_CONTROLLER)
    with pytest.raises(NotAllowed, match="propose"):
        split(job, 0, by=controller)


def test_split_and_join_on_the_page(database: Database, sign_in: SignIn) -> None:
    (job,) = make_two()
    advisor = job.order.advisor
    advisor.locale = "en"
    client = sign_in(advisor)
    url = f"/orders/{job.order.no}/scheduling"
    assert "Split or join…" in client.get(url).text
    page = f"{url}/jobs/{job.id}"
    assert "There is no other open job of this order." in client.get(f"{page}/lines").text
    line = job.lines[1].id
    # when: without a reason what was chosen comes back
    refused = client.post(f"{page}/split", data={"lines": line})
    assert refused.status_code == 422
    assert f'value="{line}" checked' in refused.text
    assert client.post(f"{page}/split", data={"lines": line, "reason": WHY}).status_code == 302
    _first, made = queries.list_jobs(session.get_one(Job, job.id).order)
    answer = client.post(f"{page}/join", data={"other": made.id, "why": WHY})
    # then
    assert answer.status_code == 302
    (kept,) = queries.list_jobs(session.get_one(Job, job.id).order)
    assert kept.book_minutes == 90
