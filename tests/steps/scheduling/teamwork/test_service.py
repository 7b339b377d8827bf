"""A second technician on a job: the services, the plan and the forecast."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.databases import Database
from tests.factories import AT, make_bay, make_job, make_skill, make_technician, make_user
from tests.shop.factories import hour, skill_of
from tests.steps.scheduling.factories import Shop, make_shop
from tests.steps.scheduling.replanning.floor import Floor, make_floor, quick, start
from workshop.allocation import queries as allocated
from workshop.allocation.models import AllocationStatus, Assistance
from workshop.capacity import ledger
from workshop.capacity.remaining import Need
from workshop.customers.models import Channel
from workshop.db import session
from workshop.errors import NotAllowed, RuleBroken
from workshop.orders.models import Job, JobState
from workshop.planner import problem as planning
from workshop.planner import reading, verify
from workshop.shop import absences, calendar
from workshop.shop.models import Absence
from workshop.staff.permissions import RoleName
from workshop.steps.scheduling.closing import holding
from workshop.steps.scheduling.closing.models import HoldReason
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.replanning import situation
from workshop.steps.scheduling.replanning.models import Cause, PlanReason
from workshop.steps.scheduling.teamwork import service as teamwork
from workshop.steps.scheduling.watch import outlook

IMPROVE = Cause(PlanReason.IMPROVE)


@pytest.fixture
def shop(database: Database) -> Shop:
    return make_shop()


@pytest.fixture
def floor(database: Database) -> Floor:
    return make_floor(3)


def help_with(shop: Shop, **values: object) -> Assistance:
    live = scheduling.get_live(shop.job)
    return teamwork.add(
        shop.job, make_technician(), 40, seen_version=live.version, by=shop.controller, at=AT
    )


def team_up(floor: Floor, job: Job, who: int) -> Assistance:
    live = scheduling.get_live(job)
    return teamwork.add(
        job, floor.people[who], seen_version=live.version, by=floor.controller, at=AT
    )


# ---- Services ----


def test_the_controller_puts_a_second_technician_on_a_job_without_its_skill(shop: Shop) -> None:
    # given somebody with another skill
    shop.assign(14)
    other = make_technician(skill=make_skill("body"))
    # when
    version = scheduling.get_live(shop.job).version
    helping = teamwork.add(shop.job, other, seen_version=version, by=shop.controller, at=AT)
    # then
    assert (helping.technician, helping.share_percent) == (other, 50)


def test_a_technician_puts_nobody_on_a_job(shop: Shop) -> None:
    live = shop.assign(14)
    with pytest.raises(NotAllowed):
        teamwork.add(
            shop.job,
            make_technician(),
            seen_version=live.version,
            by=make_user(RoleName.TECHNICIAN),
            at=AT,
        )


def test_nobody_helps_with_a_job_without_a_time(shop: Shop) -> None:
    with pytest.raises(RuleBroken, match="no time yet"):
        teamwork.add(shop.job, make_technician(), seen_version=1, by=shop.controller, at=AT)


def test_high_voltage_work_is_for_certified_people_beside_the_lead_too(shop: Shop) -> None:
    # given
    skill = make_skill("high_voltage")
    shop.job.skill_id = skill.id
    lead, certified = make_technician(skill=skill), make_technician(skill=skill, level=1)
    live = scheduling.assign(shop.job, lead, shop.bay, hour(14), by=shop.advisor, at=AT)
    # then
    with pytest.raises(RuleBroken, match="only for certified people"):
        teamwork.add(shop.job, make_technician(), seen_version=live.version, by=shop.advisor, at=AT)
    teamwork.add(shop.job, certified, seen_version=live.version, by=shop.advisor, at=AT)
    # and a certificate that expires before the day closes the other day to both
    skill_of(certified).expires_on = (AT + timedelta(days=1)).date()
    consent = scheduling.Consent(Channel.PHONE, "王小明", AT)
    with pytest.raises(RuleBroken, match="expired"):
        scheduling.move(
            shop.job,
            lead,
            shop.bay,
            hour(14, 2),
            seen_version=live.version,
            consent=consent,
            by=shop.advisor,
            at=AT,
        )


def test_a_move_takes_both_and_so_does_the_queue(shop: Shop) -> None:
    # given
    live = shop.assign(14)
    helping = help_with(shop)
    # when
    scheduling.move(
        shop.job,
        shop.technician,
        shop.bay,
        hour(15),
        minutes=90,
        seen_version=live.version,
        by=shop.advisor,
        at=AT,
    )
    # then
    assert (helping.starts_at, helping.ends_at) == (hour(15), hour(16.5))
    # and
    scheduling.unassign(shop.job, seen_version=live.version, by=shop.advisor, at=AT)
    assert helping.status is AllocationStatus.CANCELLED


def test_the_rest_of_paused_work_is_for_the_same_two(shop: Shop) -> None:
    # given work that rests after half an hour
    live = shop.assign(14)
    helping = help_with(shop)
    shop.job.state, shop.job.started_at = JobState.PAUSED, hour(14)
    # when
    rest = scheduling.move(
        shop.job,
        shop.technician,
        shop.bay,
        hour(16),
        seen_version=live.version,
        by=shop.advisor,
        at=hour(14.5),
    )
    # then
    assert helping.status is AllocationStatus.DONE
    along = allocated.find_assistance(rest)
    assert along is not None
    assert (along.technician_id, along.share_percent) == (helping.technician_id, 40)
    assert (along.starts_at, along.ends_at) == (rest.starts_at, rest.ends_at)


def test_a_job_on_hold_keeps_nobody(shop: Shop) -> None:
    shop.assign(14)
    helping = help_with(shop)
    day = calendar.local_day(shop.branch, AT)
    holding.hold(shop.job, day, HoldReason.PARTS, "", by=shop.advisor, at=AT)
    assert helping.status is AllocationStatus.CANCELLED


def test_the_book_time_is_taken_once(shop: Shop) -> None:
    # given
    shop.assign(14)
    day = calendar.local_day(shop.branch, AT)
    need = Need.of(shop.job.skill_id, shop.job.bay_kinds)

    def free() -> int:
        return ledger.Ledger(shop.branch, day, day, at=AT).free(day, need, with_reserve=True)

    helper = make_technician()
    before = free()
    # when
    version = scheduling.get_live(shop.job).version
    teamwork.add(shop.job, helper, seen_version=version, by=shop.controller, at=AT)
    # then
    assert free() == before


def test_the_choices_say_who_can_help_and_why_the_others_cannot(shop: Shop) -> None:
    # given
    free, busy, away = make_technician(), make_technician(), make_technician()
    shop.assign(14)
    other = make_job(shop.order)
    scheduling.assign(other, busy, make_bay(), hour(14.5), by=shop.advisor, at=AT)
    absences.add_absence(away.user, hour(13), hour(18), "ill", by=shop.advisor, at=AT)
    # when
    choices = teamwork.list_choices(shop.job, scheduling.get_live(shop.job), AT)
    # then
    missing = {each.technician.id: [one.code for one in each.missing] for each in choices}
    assert missing == {free.id: [], busy.id: ["taken"], away.id: ["away"]}
    assert choices[0].technician is free


# ---- The plan ----


def read(floor: Floor, cause: Cause = IMPROVE) -> situation.Situation:
    found = situation.read(floor.branch, AT, cause)
    assert reading.faults_of(planning.as_json(found.problem)) == []
    assert verify.faults(found.problem, quick(found.problem)) == []
    return found


def minutes_of(problem: planning.Problem, technician_id: int) -> int:
    spans = {
        span
        for one in problem.technicians
        if situation.id_of(one.id) == technician_id
        for span in one.shifts
    }
    return sum(end - begin for begin, end in spans)


def test_a_team_stays_where_a_person_put_it(floor: Floor) -> None:
    # given
    job, queued = floor.plan(14), floor.queue()
    before = minutes_of(read(floor).problem, floor.people[1].id)
    team_up(floor, job, 1)
    # when
    problem = read(floor).problem
    # then
    row = problem.current_of[f"J{job.id}"]
    assert problem.job_of[f"J{job.id}"].pin == planning.Pin(row.technician, row.bay, 14 * 60)
    assert problem.job_of[f"J{queued.id}"].pin == planning.Pin()
    # and the second technician has no other time then, buffers included
    assert before - minutes_of(problem, floor.people[1].id) == 15 + 60 + 15


@pytest.mark.parametrize("who", [0, 1])
def test_a_team_of_which_one_goes_home_is_left_to_people(floor: Floor, who: int) -> None:
    # given
    job, queued = floor.plan(14), floor.queue()
    team_up(floor, job, 1)
    # when
    found = read(floor, floor.goes_home(who))
    # then
    assert found.left_out == [job.id]
    assert [each.id for each in found.problem.jobs] == [f"J{queued.id}"]


def test_a_team_in_the_way_of_longer_work_is_left_to_people(floor: Floor) -> None:
    # given
    running, job = floor.plan(11, minutes=45), floor.plan(13)
    floor.queue()
    team_up(floor, job, 1)
    start(running, 10)
    # when
    overrun = Cause(PlanReason.OVERRUN, job_id=running.id, minutes=180)
    found = read(floor, overrun)
    # then its time is nobody else's
    assert found.left_out == [job.id]
    assert f"J{job.id}" not in found.problem.current_of


def test_a_running_team_takes_the_time_of_both_until_it_ends(floor: Floor) -> None:
    # given
    job = floor.plan(10, minutes=120)
    floor.queue()
    whole = minutes_of(read(floor).problem, floor.people[1].id)
    helping = team_up(floor, job, 1)
    start(job, 10)
    assert helping.starts_at == AT
    # when
    found = read(floor, Cause(PlanReason.OVERRUN, job_id=job.id, minutes=60))
    # then until one, after the break, and the buffer
    assert found.problem.job_of[f"J{job.id}"].is_running
    assert whole - minutes_of(found.problem, floor.people[1].id) > 120


def test_the_planner_keeps_the_team_and_plans_around_it(floor: Floor) -> None:
    # given
    job = floor.plan(14)
    team_up(floor, job, 1)
    others = [floor.queue(promised=15) for _ in range(6)]
    # when
    problem = read(floor).problem
    plan = quick(problem)
    # then
    row = next(each for each in plan.assignments if each.job == f"J{job.id}")
    assert (row.start, situation.id_of(row.technician)) == (14 * 60, floor.people[0].id)
    helper = [
        each for each in plan.assignments if situation.id_of(each.technician) == floor.people[1].id
    ]
    assert all(each.end <= 14 * 60 - 15 or each.start >= 15 * 60 + 15 for each in helper)
    assert len(plan.assignments) == 1 + len(others)


# ---- The forecast ----


def test_what_a_team_overruns_pushes_the_next_job_of_both(floor: Floor) -> None:
    # given work that was to end at eleven, and the helper's next job after it
    job, after = floor.plan(10), floor.plan(11.25, 1, minutes=30)
    team_up(floor, job, 1)
    start(job, 10)
    # when at half past eleven it still goes on
    seen = outlook.look(floor.branch, hour(11.5))
    # then
    assert seen.spans[job.id][1] == hour(11.5)
    assert seen.spans[after.id][0] >= hour(11.75)


def test_a_helper_who_is_away_is_named(floor: Floor) -> None:
    # given
    job = floor.plan(14)
    team_up(floor, job, 1)
    absent = Absence(
        user_id=floor.people[1].user_id, starts_at=hour(13), ends_at=hour(18), reason="病"
    )
    session.add(absent)
    # when
    seen = outlook.look(floor.branch, hour(14.25))
    # then
    assert seen.helpers == {job.id: floor.people[1].id}
    assert floor.people[1].id in seen.away
