"""What a shop needs for a job is named: on the planner's page, in the dialog, on standard error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from flask_babel import force_locale

from tests.databases import Database
from tests.factories import AT, make_bay, make_skill, make_technician
from tests.shop.factories import hour
from tests.steps.scheduling.replanning.floor import Floor, make_floor, quick
from workshop import web
from workshop.orders.models import Job, JobKind
from workshop.planner import reading, unplaced
from workshop.planner.problem import Problem
from workshop.shop import absences
from workshop.shop.models import BayKind
from workshop.staff.models import User
from workshop.steps.scheduling.dispatch import suggestion
from workshop.steps.scheduling.replanning.comparison import Comparison
from workshop.steps.scheduling.replanning.models import Cause, PlanReason

SHOP: dict[str, Any] = {
    "now": 100,
    "buffer_minutes": 15,
    "delivery_minutes": 15,
    "technicians": [
        {"id": "T1", "skills": {"engine": 2}, "shifts": [[0, 240], [300, 540]]},
        {"id": "T2", "skills": {"paint": 3}, "shifts": [[0, 90]]},
    ],
    "bays": [
        {"id": "B1", "kind": "lift", "open": [[0, 540]]},
        {"id": "B2", "kind": "booth", "open": [[0, 100]]},
    ],
    "orders": [{"id": "R1", "promised": 300}, {"id": "R2"}],
    "jobs": [],
    "current": [],
}


def problem(**job: Any) -> Problem:
    """The shop with one job of an hour of the engine."""
    asked = {"id": "J1", "order": "R1", "minutes": 60, "skill": "engine", "bay_kinds": []} | job
    return reading.read({**SHOP, "jobs": [asked]})


@pytest.mark.parametrize(
    ("job", "line"),
    [
        (
            {"also": {"paint": 2}},
            "no technician has the skill 'paint' at level 2 together with the others",
        ),
        (
            {"also": {"paint": 4}},
            "no technician has the skill 'paint' at level 4 (the best has level 3)",
        ),
        ({"skill": "brakes"}, "no technician has the skill 'brakes' at level 1"),
        (
            {"level": 3},
            "no technician has the skill 'engine' at level 3 (the best has level 2)",
        ),
        ({"skill": "paint"}, "nobody with the skill 'paint' at level 1 is on shift"),
        ({"bay_kinds": ["pit", "booth"]}, "no bay of the kind 'pit' or 'booth' is open"),
        ({"ready_at": 540}, "cannot start before minute 540, after the last shift"),
        ({"minutes": 300}, "takes 300 minutes; the longest shift has 240"),
    ],
)
def test_a_job_that_nobody_could_do_names_the_missing_thing(job: dict[str, Any], line: str) -> None:
    asked = problem(**job)
    plan = quick(asked)
    assert plan.unplaced == ("J1",)
    assert unplaced.lines(asked, plan) == [f"unplaced 'J1': {line}"]


def test_a_job_behind_one_without_a_place_and_a_full_day_are_told_apart() -> None:
    jobs = [
        {"id": "J1", "order": "R1", "minutes": 60, "skill": "brakes", "bay_kinds": []},
        {"id": "J2", "order": "R1", "minutes": 60, "bay_kinds": [], "after": ["J1"]},
        {"id": "J3", "order": "R2", "minutes": 240, "skill": "engine", "bay_kinds": []},
        {"id": "J4", "order": "R2", "minutes": 240, "skill": "engine", "bay_kinds": []},
    ]
    asked = reading.read({**SHOP, "jobs": jobs})
    plan = replace(quick(asked), unplaced=("J2", "J4"))
    assert unplaced.lines(asked, replace(plan, unplaced=("J1", "J2", "J4")))[1:] == [
        "unplaced 'J2': waits for 'J1', which has no place",
        "unplaced 'J4': no time is left for it, unless another car gives way",
    ]


def test_nobody_on_shift_is_named_too() -> None:
    asked = reading.read(
        {**SHOP, "now": 600, "jobs": [{"id": "J1", "order": "R1", "minutes": 5, "bay_kinds": []}]}
    )
    assert unplaced.lines(asked, quick(asked)) == ["unplaced 'J1': nobody is on shift"]


@pytest.fixture
def floor(database: Database) -> Iterator[Floor]:
    with force_locale("en"):
        yield make_floor()


def why(floor: Floor, job: Job) -> str:
    """What the page of a plan says about a job without a place."""
    run = floor.ask(Cause(PlanReason.IMPROVE))
    move = next(each for each in Comparison(run).moves if each.job.id == job.id)
    assert move.why is not None
    return web.missing_words(move.why)


def in_dialog(job: Job) -> str:
    """What the dialog “Move…” says about it."""
    assert suggestion.suggest(job, AT) is None
    return web.error_words(suggestion.why_none(job, AT))


def test_the_missing_skill_is_named_by_the_planner_and_in_the_dialog(floor: Floor) -> None:
    job = floor.queue()
    job.skill = make_skill("glass")
    job.skill_id, job.level = job.skill.id, 2
    name = f"{job.skill.name_zh} / {job.skill.name_en}"
    assert why(floor, job) == f"No such skill on any shift: “{name}” at level 2."
    assert in_dialog(job) == f"Nobody here has the skill “{name}” at level 2 today."
    # and the level that is there
    make_technician(skill=job.skill, level=1)
    assert why(floor, job).endswith("at level 2; the best has level 1.")


def test_the_missing_bay_is_named_by_the_planner_and_in_the_dialog(floor: Floor) -> None:
    job = floor.queue()
    job.bay_kinds = [BayKind.PAINT.value, BayKind.BODY.value]
    assert why(floor, job) == "No bay here is fit for this work: Paint booth, Body bay."
    assert in_dialog(job) == "No bay here is fit for this work: Paint booth, Body bay."
    make_bay(kind=BayKind.PAINT)
    assert suggestion.suggest(job, AT) is not None


def test_a_skill_whose_holders_are_away_is_no_missing_skill(floor: Floor) -> None:
    job = floor.queue()
    for each in floor.people:
        absences.add_absence(each.user, AT, hour(0, 5), "病假", by=floor.advisor, at=AT)
    assert "at level 1 is at work." in why(floor, job)


def test_rework_behind_a_job_without_a_place_says_which(floor: Floor) -> None:
    job, again = floor.queue(), floor.queue()
    job.bay_kinds = [BayKind.PAINT.value]
    again.order_id, again.order = job.order_id, job.order
    again.kind, again.rework_of_id = JobKind.REWORK, job.id
    title = f"{job.title_zh} / {job.title_en}"
    assert why(floor, again) == f"It waits for {title}, which has no place."


def test_the_dialog_and_the_page_of_a_plan_say_it(
    floor: Floor, app: object, sign_in: Callable[[User], FlaskClient]
) -> None:
    # given
    floor.advisor.locale = "en"
    job = floor.queue()
    job.bay_kinds = [BayKind.PAINT.value]
    run = floor.ask(Cause(PlanReason.IMPROVE))
    words = "No bay here is fit for this work: Paint booth."
    # when
    desk = sign_in(floor.advisor)
    # then
    assert words in desk.get(f"/orders/{job.order.no}/scheduling/jobs/{job.id}/place").text
    assert words in desk.get(f"/scheduling/replan/{run.id}").text
