"""What is signed becomes work packages: made, planned and counted in the ledger."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.databases import Database
from tests.factories import AT, make_bay, make_operation, make_part, make_skill, make_technician
from tests.steps.quotation import factories as given
from workshop.capacity import service as capacity
from workshop.capacity.models import TakeSource
from workshop.capacity.remaining import Need
from workshop.db import session
from workshop.errors import RuleBroken
from workshop.orders.models import Job
from workshop.shop.models import Skill, Technician, TechnicianSkill
from workshop.steps.quotation import queries
from workshop.steps.scheduling import queries as scheduling
from workshop.steps.scheduling.dispatch import service as dispatch


def make_mechanics(count: int = 2) -> tuple[Skill, Skill]:
    """Two skills of one group, and so many mechanics who have both, each with a lift."""
    engine, chassis = make_skill(), make_skill("chassis")
    engine.work_group = chassis.work_group = "机修"
    for _ in range(count):
        teach(make_technician(), chassis)
        make_bay()
    return engine, chassis


def teach(technician: Technician, skill: Skill, level: int = 2) -> None:
    """Give the technician another skill."""
    session.add(TechnicianSkill(technician_id=technician.id, skill_id=skill.id, level=level))
    session.flush()


def make_two(**values: object) -> list[Job]:
    """The jobs of an oil change and a brake job, signed."""
    _, chassis = make_mechanics()
    oil = make_operation(name_zh="更换机油", name_en="Oil change", book_minutes=30)
    brakes = make_operation(skill_id=chassis.id, level=2, **values)
    return scheduling.list_jobs(given.make_signed(oil, brakes).order)


def test_what_one_mechanic_does_in_one_go_is_one_job(database: Database) -> None:
    (job,) = make_two()
    assert (job.book_minutes, job.skill_id, job.level) == (90, make_skill("chassis").id, 2)
    assert job.title_zh == "更换机油、更换前制动片"
    assert job.title_en == "Oil change, Replace front brake pads"
    assert job.skills == {make_skill().id: 1, make_skill("chassis").id: 2}
    assert [each.minutes for each in job.lines] == [30, 60]
    lines = queries.list_authorised_lines(job.order)
    assert {line.job_id for line in lines} == {job.id}
    assert [each.id for each in job.lines] == [line.id for line in lines if line.is_labour]


def test_without_groups_each_line_is_a_job(database: Database) -> None:
    given.make_shop()
    signed = given.make_signed(make_operation(), make_operation())
    jobs = scheduling.list_jobs(signed.order)
    assert [len(job.lines) for job in jobs] == [1, 1]


def test_a_part_that_comes_tomorrow_does_not_hold_the_oil_change(database: Database) -> None:
    make_mechanics()
    late = given.make_brakes(part=make_part(on_hand=0, lead_days=1))
    signed = given.make_signed(make_operation("OIL"), late, make_operation("TYRE"))
    oil, brakes = scheduling.list_jobs(signed.order)
    assert [len(job.lines) for job in (oil, brakes)] == [2, 1]
    assert brakes.title_zh == "更换前制动片"


def test_the_ledger_counts_each_line_by_its_own_skill(database: Database) -> None:
    (job,) = make_two()
    takes = capacity.list_takes(TakeSource.JOB, job.id)
    needs = {Need.of(each.skill_id, each.bay_kinds).skill_id: each.minutes for each in takes}
    assert needs == {make_skill().id: 30, make_skill("chassis").id: 60}


def test_a_place_keeps_the_count_by_skill(database: Database) -> None:
    (job,) = make_two()
    mechanic = session.get_one(Technician, 1)
    tomorrow = AT + timedelta(days=1)
    dispatch.assign(job, mechanic, make_bay(), tomorrow, by=job.order.advisor, at=AT)
    takes = capacity.list_takes(TakeSource.JOB, job.id)
    assert {each.day for each in takes} == {tomorrow.date()}
    assert sorted(each.minutes for each in takes) == [30, 60]


def test_who_misses_one_of_the_skills_is_refused_and_the_skill_named(database: Database) -> None:
    (job,) = make_two()
    # given: a master of engines who knows no brakes
    other = make_technician(level=5)
    with pytest.raises(RuleBroken, match="skill") as refused:
        dispatch.assign(job, other, make_bay(), AT, by=job.order.advisor, at=AT)
    assert refused.value.values["technician"] == other.name


def test_a_low_level_in_the_second_skill_is_refused(database: Database) -> None:
    (job,) = make_two()
    learner = make_technician()
    teach(learner, make_skill("chassis"), level=1)
    with pytest.raises(RuleBroken) as refused:
        dispatch.assign(job, learner, make_bay(), AT, by=job.order.advisor, at=AT)
    assert (refused.value.values["held"], refused.value.values["level"]) == (1, 2)


def test_where_nobody_has_both_skills_the_lines_stay_apart(database: Database) -> None:
    engine, chassis = make_mechanics(0)
    for skill in (engine, chassis):
        make_technician(skill=skill)
        make_bay()
    signed = given.make_signed(make_operation(), make_operation(skill_id=chassis.id))
    assert len(scheduling.list_jobs(signed.order)) == 2


def test_one_go_saves_a_buffer(database: Database) -> None:
    engine, chassis = make_mechanics()
    operations = [make_operation(), make_operation(skill_id=chassis.id, book_minutes=30)]
    packed = given.make_offer(*operations)
    engine.work_group = chassis.work_group = None
    alone = given.make_offer(*operations)
    assert (packed.promise_why["jobs"], alone.promise_why["jobs"]) == (1, 2)
    assert packed.offered_promise_at == alone.offered_promise_at - timedelta(
        minutes=packed.order.branch.buffer_minutes
    )


def test_a_package_never_makes_the_promise_later(database: Database) -> None:
    # given: the mechanic has an hour and a quarter before something else, and then the break
    _engine, chassis = make_mechanics(1)
    mechanic, bay = session.get_one(Technician, 1), make_bay()
    order = given.make_signed(make_operation(book_minutes=45)).order
    (job,) = scheduling.list_jobs(order)
    dispatch.assign(job, mechanic, bay, AT + timedelta(minutes=75), by=order.advisor, at=AT)
    operations = [make_operation(), make_operation(skill_id=chassis.id)]
    # when: an hour now and an hour after the break is sooner than two hours after it
    offered = given.make_offer(*operations)
    # then
    assert offered.promise_why["jobs"] == 2
    assert offered.offered_promise_at == AT + timedelta(hours=4, minutes=15)
