"""Cards that a person has fixed: no plan moves them, and what contradicts them is named."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError

from tests.databases import Database
from tests.factories import AT, make_user
from tests.shop.factories import hour
from tests.steps.scheduling.factories import Shop
from tests.steps.scheduling.replanning.floor import Floor, make_floor, place_of, start
from workshop import db
from workshop.allocation import service as allocations
from workshop.db import session
from workshop.errors import Conflict, Invalid, NotAllowed, RuleBroken
from workshop.orders.models import Job, JobState
from workshop.planner import planning, verify
from workshop.shop.models import Absence
from workshop.staff.models import AuditEntry, User
from workshop.staff.permissions import RoleName
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.models import PinPart, PlacePin
from workshop.steps.scheduling.pinning import queries as pinned
from workshop.steps.scheduling.pinning import service as pinning
from workshop.steps.scheduling.replanning import service as replan
from workshop.steps.scheduling.replanning import situation
from workshop.steps.scheduling.replanning.models import Cause, PlanReason

SignIn = Callable[[User], FlaskClient]
IMPROVE = Cause(PlanReason.IMPROVE)
ALL = tuple(PinPart)


@pytest.fixture
def floor(database: Database) -> Floor:
    return make_floor()


def fix(floor: Floor, job: Job, *parts: PinPart) -> PlacePin:
    live = scheduling.get_live(job)
    return pinning.fix(job, parts or ALL, seen_version=live.version, by=floor.controller, at=AT)


def test_what_is_fixed_is_kept_with_who_and_when_and_tells_the_planner(floor: Floor) -> None:
    # given
    job = floor.plan(14)
    # when
    pin = fix(floor, job, PinPart.TECHNICIAN, PinPart.START)
    # then
    assert (pin.fixed_by_id, pin.fixed_at) == (floor.controller.id, AT)
    assert pin.parts == [PinPart.TECHNICIAN, PinPart.START]
    told = situation.read(floor.branch, AT, IMPROVE).problem.job_of[f"J{job.id}"].pin
    assert (told.technician, told.bay, told.start) == (f"T{floor.people[0].id}", None, 14 * 60)
    actions = [each.action for each in session.query(AuditEntry).order_by(AuditEntry.id)]
    assert actions[-1] == "scheduling.fix"


def test_a_plan_leaves_a_fixed_card_where_it_is_and_moves_it_when_it_is_released(
    floor: Floor,
) -> None:
    # given: too late for its promise, and the whole day is free before it
    job = floor.plan(16, promised=12)
    fix(floor, job)
    # then
    assert planned_start(floor, job) == 16 * 60
    # when
    live = scheduling.get_live(job)
    pinning.release(job, seen_version=live.version, by=floor.advisor, at=AT)
    # then
    assert planned_start(floor, job) == 10 * 60


def planned_start(floor: Floor, job: Job) -> int:
    problem = situation.read(floor.branch, AT, IMPROVE).problem
    plan = planning.plan(problem, seconds=3, workers=1)
    assert verify.faults(problem, plan) == []
    return next(row.start for row in plan.assignments if row.job == f"J{job.id}")


def test_whoever_moves_a_fixed_card_by_hand_takes_the_pin_along(floor: Floor) -> None:
    job = floor.plan(14)
    fix(floor, job)
    live = scheduling.get_live(job)
    scheduling.move(
        job, floor.people[1], floor.bays[1], hour(15), seen_version=live.version,
        by=floor.advisor, at=AT,
    )  # fmt: skip
    told = situation.read(floor.branch, AT, IMPROVE).problem.job_of[f"J{job.id}"].pin
    assert (told.technician, told.start) == (f"T{floor.people[1].id}", 15 * 60)


def test_a_pin_ends_with_its_place(floor: Floor) -> None:
    job = floor.plan(14)
    fix(floor, job)
    live = scheduling.get_live(job)
    scheduling.unassign(job, seen_version=live.version, by=floor.advisor, at=AT)
    assert pinned.find_pin(live) is None
    again = scheduling.assign(
        job, floor.people[0], floor.bays[0], hour(15), by=floor.advisor, at=AT
    )
    assert pinned.find_pin(again) is None


def test_the_fixed_card_of_an_absent_technician_is_named_and_not_a_fault_of_the_input(
    floor: Floor,
) -> None:
    # given
    job, other = floor.plan(14), floor.plan(15.5, who=1)
    fix(floor, job)
    fix(floor, other)
    # when
    with pytest.raises(RuleBroken) as refused:
        floor.ask(floor.goes_home())
    # then
    (clash,) = refused.value.values["clashes"]
    assert (refused.value.code, clash.job, clash.why.code) == ("pinned", job, "absent")
    # and the calendar's absence is named likewise
    away = Absence(
        user_id=floor.people[1].user_id, starts_at=hour(15), ends_at=hour(18), reason="培训"
    )
    session.add(away)
    session.flush()
    with pytest.raises(RuleBroken) as refused:
        floor.ask(IMPROVE)
    assert [each.job for each in refused.value.values["clashes"]] == [other]


def test_what_else_contradicts_a_pin_is_named_too(floor: Floor) -> None:
    # given: a start that has passed, and a technician who is not good enough any more
    late, unskilled = floor.plan(10.25), floor.plan(14, who=1)
    fix(floor, late)
    fix(floor, unskilled)
    unskilled.level = 3
    # when
    with pytest.raises(RuleBroken) as refused:
        replan.ask(floor.branch, IMPROVE, by=floor.advisor, at=hour(11))
    # then
    found = {each.job.id: each.why.code for each in refused.value.values["clashes"]}
    assert found == {late.id: "past", unskilled.id: "skill"}


def test_only_the_technician_fixed_lets_the_time_go(floor: Floor) -> None:
    # given
    job = floor.plan(14)
    fix(floor, job, PinPart.TECHNICIAN)
    # when: away until four
    run = floor.ask(
        Cause(PlanReason.ABSENT, technician_id=floor.people[0].id, until=hour(16), note="")
    )
    # then
    row = next(each for each in (run.plan or {})["assignments"] if each["job"] == f"J{job.id}")
    assert row["technician"] == f"T{floor.people[0].id}"
    assert row["start"] == 16 * 60


def test_a_card_fixed_after_the_plan_was_made_is_not_moved_by_it(floor: Floor) -> None:
    # given
    job = floor.plan(14)
    run = floor.ask(floor.goes_home())
    fix(floor, job)
    # when
    with pytest.raises(RuleBroken) as refused:
        floor.accept(run)
    # then
    assert refused.value.code == "pinned"
    assert place_of(job)[0] == floor.people[0].name


def test_what_runs_needs_no_pin_and_what_is_stale_or_empty_is_refused(floor: Floor) -> None:
    job, running = floor.plan(14), floor.plan(10.25, who=1)
    start(running, 10)
    with pytest.raises(RuleBroken):
        fix(floor, running)
    with pytest.raises(Invalid):
        pinning.fix(job, [], seen_version=1, by=floor.controller, at=AT)
    with pytest.raises(Conflict):
        pinning.fix(job, ALL, seen_version=7, by=floor.controller, at=AT)
    with pytest.raises(NotAllowed):
        pinning.fix(job, ALL, seen_version=1, by=make_user(RoleName.TECHNICIAN), at=AT)
    running.state = JobState.DONE
    allocations.finish(scheduling.get_live(running), at=AT)
    with pytest.raises(RuleBroken):
        fix(floor, running)


def test_the_database_keeps_one_live_pin_and_none_without_a_part(floor: Floor) -> None:
    job = floor.plan(14)
    pin = fix(floor, job)
    empty = PlacePin(
        allocation_id=pin.allocation_id, keeps_technician=False, keeps_bay=False,
        keeps_start=False, fixed_by_id=floor.controller.id, fixed_at=AT,
        released_at=AT, released_by_id=floor.controller.id,
    )  # fmt: skip
    second = PlacePin(
        allocation_id=pin.allocation_id, keeps_technician=True, keeps_bay=False,
        keeps_start=False, fixed_by_id=floor.controller.id, fixed_at=AT,
    )  # fmt: skip
    for wrong in (empty, second):
        with pytest.raises(IntegrityError):
            write(wrong)


def write(wrong: PlacePin) -> None:
    with session.begin_nested():
        session.add(wrong)
        session.flush()


def url(shop: Shop, act: str) -> str:
    return f"/orders/{shop.order.no}/scheduling/jobs/{shop.job.id}/{act}"


def sent(shop: Shop, *keep: str) -> dict[str, object]:
    live = queries.find_live(shop.job)
    return {"version": live.version if live else "", "keep": list(keep)}


def test_a_card_is_fixed_seen_on_the_board_released_and_that_is_undone(
    shop: Shop, sign_in: SignIn
) -> None:
    # given
    shop.assign(14)
    db.commit()
    desk = sign_in(shop.controller)
    assert "Fix here" in desk.get(url(shop, "place")).text
    # when
    answer = desk.post(url(shop, "fix"), data=sent(shop, "technician", "start"))
    # then
    assert answer.status_code == 302
    board = desk.get("/scheduling").text
    assert "Fixed by 控工乙" in board
    assert f'data-release="{url(shop, "release-pin")}"' in board
    assert "Undo the last move" in board
    assert "Release the card" in desk.get(url(shop, "place")).text
    # when
    desk.post("/scheduling/undo")
    # then
    assert pinned.find_pin(queries.find_live(shop.job)) is None
    # when
    desk.post(url(shop, "fix"), data=sent(shop, "bay"))
    assert desk.post(url(shop, "release-pin"), data=sent(shop)).status_code == 302
    assert "Fixed by 控工乙" not in desk.get("/scheduling").text
    desk.post("/scheduling/undo")
    # then
    pin = pinned.find_pin(queries.find_live(shop.job))
    assert pin is not None
    assert pin.parts == [PinPart.BAY]


def test_a_refused_pin_says_why_and_another_role_may_not(shop: Shop, sign_in: SignIn) -> None:
    shop.assign(14)
    db.commit()
    desk = sign_in(shop.controller)
    answer = desk.post(url(shop, "fix"), data=sent(shop))
    assert answer.status_code == 422
    assert "Say what shall stay" in answer.text
    stale = {"version": "99", "keep": "start"}
    assert desk.post(url(shop, "fix"), data=stale).status_code == 409
    washer = sign_in(make_user(RoleName.WASHER))
    assert washer.post(url(shop, "fix"), data=sent(shop, "start")).status_code == 403
    assert washer.post(url(shop, "release-pin"), data=sent(shop)).status_code == 403


def test_the_page_of_another_plan_names_the_card_and_releases_it(
    shop: Shop, sign_in: SignIn
) -> None:
    # given
    shop.assign(14)
    db.commit()
    desk = sign_in(shop.controller)
    desk.post(url(shop, "fix"), data=sent(shop, "technician", "bay", "start"))
    asked = {"reason": "absent", "technician_id": str(shop.technician.id)}
    # when
    answer = desk.post("/scheduling/replan", data=asked)
    # then
    assert answer.status_code == 409
    assert "Fixed cards that cannot stay where they are: 1." in answer.text
    assert f"{shop.technician.name} is not at work for all of that time." in answer.text
    assert url(shop, "release-pin") in answer.text
    # when
    back = "/scheduling/replan?reason=absent"
    answer = desk.post(url(shop, "release-pin"), data=sent(shop) | {"back": back})
    # then
    assert answer.location.endswith(back)
    assert pinned.find_pin(queries.find_live(shop.job)) is None


def test_a_job_put_back_into_the_queue_by_a_drop_returns_by_undo(
    shop: Shop, sign_in: SignIn
) -> None:
    # given
    shop.assign(14)
    db.commit()
    desk = sign_in(shop.advisor)
    # when
    answer = desk.post(url(shop, "drop-in-queue"), data=sent(shop))
    # then
    assert answer.json["done"]
    assert queries.find_live(shop.job) is None
    # when
    desk.post("/scheduling/undo")
    # then
    live = queries.find_live(shop.job)
    assert live is not None
    assert live.starts_at == hour(14)
    # and what has begun stays
    shop.job.state = JobState.RUNNING
    db.commit()
    answer = desk.post(url(shop, "drop-in-queue"), data=sent(shop))
    assert answer.status_code == 409
    assert "This job has begun; it keeps its place." in answer.json["said"]
