"""Another plan through HTTP: who may, what is refused, and what the page says."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.factories import AT, make_user
from tests.shop.factories import hour
from tests.steps.scheduling.replanning.floor import (
    Floor,
    make_floor,
    make_shortage,
    place_of,
    start,
)
from workshop import clock, db, web
from workshop.allocation.models import Allocation
from workshop.db import session
from workshop.orders.models import Job
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.models import DayConsent
from workshop.steps.scheduling.replanning import service as replan
from workshop.steps.scheduling.replanning import supervise
from workshop.steps.scheduling.replanning.models import Failure, PlanRun, RunState
from workshop.stock.models import Backorder

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The runs whose planner would have been started."""
    runs: list[int] = []
    # A new database gives the numbers of an older one's runs again.
    monkeypatch.setattr(supervise, "_last_beats", {})
    monkeypatch.setattr(supervise, "start", lambda run_id, _host: runs.append(run_id))
    return runs


@pytest.fixture
def floor(client: FlaskClient, started: list[int]) -> Floor:
    floor = make_floor()
    for user in (floor.advisor, floor.controller):
        user.locale = "en"
    return floor


def ask(desk: FlaskClient, **typed: object) -> str:
    """Ask, and take the quick answer; the address of the run."""
    answer = desk.post("/scheduling/replan", data=typed)
    assert answer.status_code == 302, answer.text
    assert desk.post(f"{answer.location}/stop").status_code == 302
    return str(answer.location)


def test_the_board_leads_to_the_question_and_the_question_to_before_and_after(
    floor: Floor, sign_in: SignIn, started: list[int]
) -> None:
    # given
    job = floor.plan(14, promised=16)
    desk = sign_in(floor.advisor)
    assert "/scheduling/replan" in desk.get("/scheduling").text
    assert "What has happened" in desk.get("/scheduling/replan").text
    # when
    answer = desk.post(
        "/scheduling/replan",
        data={"reason": "absent", "technician_id": floor.people[0].id, "until": "", "note": ""},
    )
    # then
    run = session.scalars(select(PlanRun)).one()
    assert started == [run.id]
    assert run.state is RunState.RUNNING
    page = desk.get(answer.location).text
    assert "This is the quick answer" in page
    assert "Accept all" not in page
    assert floor.people[0].name in page
    assert floor.people[1].name in page
    assert session.get_one(Allocation, scheduling.get_live(job).id).technician_id == (
        floor.people[0].id
    )


def test_a_link_fills_in_the_question(floor: Floor, sign_in: SignIn) -> None:
    job = floor.plan(14)
    address = f"/scheduling/replan?reason=overrun&job_id={job.id}&minutes=45"
    page = sign_in(floor.controller).get(address).text
    assert 'value="overrun" checked' in page
    assert f'selected value="{job.id}"' in page
    assert 'value="45"' in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"reason": "absent"}, "Say who goes home."),
        ({"reason": "overrun", "minutes": "30"}, "Say which job."),
        ({"reason": "part_late"}, "Say which job."),
        ({"reason": "weather"}, "Not a valid choice"),
    ],
)
def test_a_question_that_is_not_whole_comes_back(
    floor: Floor, sign_in: SignIn, started: list[int], typed: dict[str, str], words: str
) -> None:
    floor.plan(14)
    answer = sign_in(floor.advisor).post("/scheduling/replan", data=typed)
    assert answer.status_code == 422
    if typed["reason"] != "weather":
        assert words in answer.text
    assert started == []


def test_an_empty_board_is_refused_in_words(floor: Floor, sign_in: SignIn) -> None:
    answer = sign_in(floor.advisor).post("/scheduling/replan", data={"reason": "improve"})
    assert answer.status_code == 409
    assert "There is no job to plan." in answer.text


def test_a_technician_may_neither_ask_nor_accept(floor: Floor, sign_in: SignIn) -> None:
    floor.plan(14)
    run = floor.ask(floor.goes_home())
    phone = sign_in(make_user(RoleName.TECHNICIAN))
    assert phone.get("/scheduling/replan").status_code == 403
    assert phone.post("/scheduling/replan", data={"reason": "improve"}).status_code == 403
    for act in ("accept", "undo", "reject", "stop", "propose"):
        assert phone.post(f"/scheduling/replan/{run.id}/{act}").status_code == 403


def test_progress_is_told_only_when_it_is_news(floor: Floor, sign_in: SignIn) -> None:
    # given
    floor.plan(14)
    desk = sign_in(floor.advisor)
    address = desk.post("/scheduling/replan", data={"reason": "improve"}).location
    # when
    first = desk.get(f"{address}/progress")
    again = desk.get(f"{address}/progress", headers={"If-None-Match": first.headers["ETag"]})
    # then
    assert first.json["state"] == "running"
    assert first.json["objective"]["customers_to_call"] == 0
    assert again.status_code == 304
    # when
    desk.post(f"{address}/reject")
    # then
    stale = desk.get(f"{address}/progress", headers={"If-None-Match": first.headers["ETag"]})
    assert stale.json["state"] == "cancelled"
    assert desk.get("/scheduling/replan/999999/progress").status_code == 404


def test_accept_all_undo_and_the_reason_on_the_jobs_pages(floor: Floor, sign_in: SignIn) -> None:
    # given
    job = floor.plan(14)
    before = place_of(job)
    desk = sign_in(floor.advisor)
    address = ask(desk, reason="absent", technician_id=floor.people[0].id)
    page = desk.get(address).text
    assert "Accept all" in page
    # when
    answer = desk.post(f"{address}/accept", data={"all": "yes"})
    # then
    assert answer.status_code == 302
    page = desk.get(address).text
    assert "Moved by the plan: 1 jobs." in page
    assert "Undo the plan" in page
    for where in (
        f"/orders/{job.order.no}/scheduling",
        f"/orders/{job.order.no}/scheduling/jobs/{job.id}/place",
    ):
        assert "Why is this job here?" in desk.get(where).text
        assert "A technician goes home" in desk.get(where).text
    assert _is_marked(desk.get("/scheduling").text)
    # when
    assert desk.post(f"{address}/undo").status_code == 302
    # then
    assert not _is_marked(desk.get("/scheduling").text)
    assert place_of(session.get_one(Job, job.id)) == before
    assert desk.post(f"{address}/undo").status_code == 409


def test_a_card_that_a_person_moves_again_loses_the_mark_of_the_plan(
    floor: Floor, sign_in: SignIn
) -> None:
    # given
    job = floor.plan(14)
    desk = sign_in(floor.advisor)
    address = ask(desk, reason="absent", technician_id=floor.people[0].id)
    desk.post(f"{address}/accept", data={"all": "yes"})
    assert _is_marked(desk.get("/scheduling").text)
    # when
    again = session.get_one(Job, job.id)
    live = scheduling.get_live(again)
    scheduling.move(
        again, live.technician, live.bay, hour(16),
        seen_version=live.version, by=floor.advisor, at=AT,
    )  # fmt: skip
    db.commit()
    # then
    assert not _is_marked(desk.get("/scheduling").text)


def _is_marked(page: str) -> bool:
    return "An accepted plan has put it here" in page


def test_one_car_is_accepted_and_the_other_stays(floor: Floor, sign_in: SignIn) -> None:
    # given
    first, second = floor.plan(11), floor.plan(14)
    desk = sign_in(floor.advisor)
    address = ask(desk, reason="absent", technician_id=floor.people[0].id)
    # when
    none = desk.post(f"{address}/accept", data={})
    # then
    assert none.status_code == 409
    assert "Choose at least one car to move." in none.text
    # when
    wanted = {"order": [str(second.order_id)]}
    asked = desk.post(f"{address}/accept", data=wanted)
    seen = re.search(r'name="touched_seen" value="(\w+)"', asked.text)
    # then: the one that stays has nobody, and somebody must see to it
    assert (asked.status_code, seen is not None) == (409, True)
    assert first.order.no in asked.text
    answer = desk.post(f"{address}/accept", data=wanted | {"touched_seen": seen and seen[1]})
    assert answer.status_code == 302
    assert place_of(session.get_one(Job, first.id))[0] == floor.people[0].name
    assert place_of(session.get_one(Job, second.id))[0] == floor.people[1].name
    assert "Partly accepted" in desk.get(address).text


def test_another_day_is_refused_without_the_consent_and_kept_with_it(
    floor: Floor, sign_in: SignIn
) -> None:
    # given
    job = floor.plan(14, promised=17 + 24 * 3)
    floor.people[1].active = False
    desk = sign_in(floor.advisor)
    address = ask(desk, reason="absent", technician_id=floor.people[0].id)
    assert "Do you agree to that?" in desk.get(address).text
    # when
    refused = desk.post(f"{address}/accept", data={"all": "yes"})
    # then
    assert refused.status_code == 409
    assert "goes to another day: say how, when and who agreed." in refused.text
    # when
    prefix = f"o{job.order_id}-consent_"
    typed = {"all": "yes", f"{prefix}by": "王小明", f"{prefix}channel": "phone"}
    wrong = desk.post(f"{address}/accept", data=typed | {f"{prefix}at": "2026-11-23T18:00"})
    # then: what was typed is still there
    assert wrong.status_code == 422
    assert "The consent cannot lie in the future." in wrong.text
    assert 'value="王小明"' in wrong.text
    # when
    answer = desk.post(f"{address}/accept", data=typed | {f"{prefix}at": "2026-11-23T09:30"})
    # then
    assert answer.status_code == 302
    consent = session.scalars(select(DayConsent)).one()
    assert (consent.agreed_by, consent.agreed_at) == ("王小明", hour(9.5))


def test_a_stale_plan_shows_both_versions_and_is_out_of_date(floor: Floor, sign_in: SignIn) -> None:
    # given
    job = floor.plan(14)
    desk = sign_in(floor.advisor)
    address = ask(desk, reason="absent", technician_id=floor.people[0].id)
    live = scheduling.get_live(session.get_one(Job, job.id))
    scheduling.move(
        live_job := session.get_one(Job, job.id),
        floor.people[0],
        floor.bays[0],
        hour(16),
        seen_version=live.version,
        by=floor.advisor,
        at=AT,
    )
    # when
    answer = desk.post(f"{address}/accept", data={"all": "yes"})
    # then
    assert answer.status_code == 409
    assert "Saved meanwhile" in answer.text
    assert "2026-11-23 16:00" in answer.text
    assert "Ask for a new one" in desk.get(address).text
    assert desk.post(f"{address}/accept", data={"all": "yes"}).status_code == 409
    assert live_job.id == job.id


def test_undo_is_refused_kindly_when_work_has_begun(floor: Floor, sign_in: SignIn) -> None:
    job = floor.plan(11)
    desk = sign_in(floor.advisor)
    address = ask(desk, reason="absent", technician_id=floor.people[0].id)
    desk.post(f"{address}/accept", data={"all": "yes"})
    start(session.get_one(Job, job.id), 10)
    answer = desk.post(f"{address}/undo")
    assert answer.status_code == 409
    assert "has begun since" in answer.text


def test_the_controller_proposes_and_the_advisor_finds_it_on_the_board(
    floor: Floor, sign_in: SignIn
) -> None:
    # given
    floor.plan(14)
    desk = sign_in(floor.controller)
    address = ask(desk, reason="absent", technician_id=floor.people[0].id)
    page = desk.get(address).text
    assert "Propose to the advisor" in page
    assert "Accept all" not in page
    # when
    refused = desk.post(f"{address}/accept", data={"all": "yes"})
    # then
    assert refused.status_code == 403
    assert (
        "You may propose another time, and somebody who may change times confirms it."
        in refused.text
    )
    # when
    assert desk.post(f"{address}/propose").status_code == 302
    # then
    advisor = sign_in(floor.advisor)
    assert "proposes another plan" in advisor.get("/scheduling").text
    assert advisor.post(f"{address}/accept", data={"all": "yes"}).status_code == 302


def test_phones_are_for_those_who_may_see_customers(floor: Floor, sign_in: SignIn) -> None:
    # given: the only one who could do it goes home, so the promise breaks
    job = floor.plan(14, promised=15.5)
    floor.people[1].active = False
    address = ask(sign_in(floor.advisor), reason="absent", technician_id=floor.people[0].id)
    phone = job.order.customer.phone
    # when / then
    assert f"tel:{phone}" in sign_in(floor.advisor).get(address).text
    page = sign_in(floor.controller).get(address).text
    assert phone not in page
    assert "has the number" in page


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (Failure.KILLED, "The planner was stopped: from outside, or for want of memory."),
        (Failure.TIMEOUT, "The planner did not answer in time and was stopped."),
        (Failure.MEMORY, "The planner ran out of memory."),
        (Failure.LOST, "The server was restarted while the planner was at work."),
        (Failure.FAULTY, "answer broke a rule of the board, so it is not shown."),
        (Failure.NO_PLAN, "The planner found no plan in the time that it had."),
        (Failure.REFUSED, "The planner could not read the board."),
    ],
)
def test_a_failed_run_says_why_and_that_nothing_moved(
    floor: Floor, sign_in: SignIn, failure: Failure, words: str
) -> None:
    # given
    floor.plan(14)
    run = replan.ask(floor.branch, floor.goes_home(), by=floor.advisor, at=AT)
    run.state, run.failure = RunState.FAILED, failure
    # when
    page = sign_in(floor.advisor).get(f"/scheduling/replan/{run.id}").text
    # then
    assert words in page
    assert "the plan in force stays as it is" in page
    assert "Accept all" not in page


def test_another_branchs_plan_is_not_found(floor: Floor, sign_in: SignIn) -> None:
    assert sign_in(floor.advisor).get("/scheduling/replan/424242").status_code == 404


def test_after_a_plan_that_breaks_a_promise_each_customer_is_one_click_away(
    floor: Floor, sign_in: SignIn
) -> None:
    # given a job that takes so long that its promise of twelve breaks
    job = floor.plan(11, promised=12.5)
    floor.plan(14)
    desk = sign_in(floor.advisor)
    address = ask(desk, reason="overrun", job_id=job.id, minutes=120)
    assert "Promises to change" not in desk.get(address).text
    desk.post(f"{address}/accept", data={"all": "yes"})
    # when
    page = desk.get(address).text
    # then
    assert "Promises to change" in page
    ends_at = scheduling.get_live(session.get_one(Job, job.id)).ends_at
    ready = (ends_at + timedelta(minutes=15)).isoformat().replace("+", "%2B")
    link = re.search(rf'href="(/orders/{job.order.no}/scheduling\?[^"]+#promise)"', page)
    assert link is not None
    assert f"promise={ready}" in link[1].replace("&amp;", "&")
    # when the link is followed
    form = desk.get(link[1].replace("&amp;", "&")).text
    # then the time and the reason stand there, and the way back
    assert 'value="The work on your car takes longer than we thought."' in form
    assert f'name="back" value="{address}"' in form
    when = web.local(ends_at + timedelta(minutes=15))
    assert f'value="{when:%H:%M}"' in form
    # when nobody says how the customer was told
    typed = {"day": f"{when:%Y-%m-%d}", "time": f"{when:%H:%M}", "reason": "拖长", "back": address}
    url = f"/orders/{job.order.no}/scheduling/promise"
    refused = desk.post(url, data=typed | {"told_how": ""})
    assert refused.status_code == 422
    assert "Say how the customer was told." in refused.text
    assert f'name="back" value="{address}"' in refused.text
    # when
    answer = desk.post(url, data=typed | {"told_how": "phone"})
    # then
    assert (answer.status_code, answer.location) == (302, address)
    page = desk.get(address).text
    assert "Promise changed" in page
    assert "customer told: Phone" in page
    assert f"{url}?promise" not in page
    # and only the advisor does it
    assert sign_in(floor.controller).post(url, data=typed).status_code == 403


def test_the_date_of_a_part_is_the_counters_and_the_plan_says_so(
    floor: Floor, sign_in: SignIn
) -> None:
    # given a part that the counter expects at noon
    job = floor.plan(11)
    short = make_shortage(job, hour(12))
    desk = sign_in(floor.advisor)
    # when somebody counts on another time
    address = ask(desk, reason="part_late", job_id=job.id, until="2026-11-23T14:00")
    # then
    page = desk.get(address).text
    assert "The parts counter expects the part at 11-23 12:00, this plan at 11-23 14:00." in page
    assert f"/orders/{job.order.no}/parts" in page
    # when nobody names a time, the counter's counts
    address = ask(desk, reason="part_late", job_id=job.id)
    page = desk.get(address).text
    assert "comes at 11-23 12:00" in page
    assert "The parts counter expects" not in page
    # when the counter has no date, or no shortage
    short.expected_at = None
    page = desk.get(ask(desk, reason="part_late", job_id=job.id, until="2026-11-23T14:00")).text
    assert "The parts counter has no date for the part." in page
    nowhere = desk.post("/scheduling/replan", data={"reason": "part_late", "job_id": job.id})
    assert nowhere.status_code == 422
    assert "Say when the part comes" in nowhere.text
    session.delete(session.get_one(Backorder, short.id))
    page = desk.get(ask(desk, reason="part_late", job_id=job.id, until="2026-11-23T14:00")).text
    assert "The parts counter has noted no shortage for this car." in page
    # and the plan itself wrote nothing down in parts
    assert session.scalars(select(Backorder)).all() == []


def test_the_shortage_in_parts_leads_to_the_planner_with_its_date(
    floor: Floor, sign_in: SignIn
) -> None:
    # given
    job = floor.plan(14)
    short = make_shortage(job, hour(13))
    desk = sign_in(floor.advisor)
    parts = f"/orders/{job.order.no}/parts"
    assert "/scheduling/replan" not in desk.get(parts).text
    # when it comes later than the work
    short.expected_at = hour(15.5)
    # then
    asked = f"/scheduling/replan?reason=part_late&amp;job_id={job.id}&amp;until=2026-11-23T15:30"
    assert asked in desk.get(parts).text.replace("%3A", ":")
    assert "/scheduling/replan" not in sign_in(make_user(RoleName.PARTS_CLERK)).get(parts).text


def test_a_car_that_is_late_where_it_stands_is_to_be_told_too(
    floor: Floor, sign_in: SignIn
) -> None:
    # given work that has begun ten minutes late, with a promise that knows no such minutes
    job = floor.plan(10, promised=11.25)
    start(job, 10 + 10 / 60)
    floor.queue()
    clock.freeze(hour(10.25))
    desk = sign_in(floor.advisor)
    # when another car gets its place
    address = ask(desk, reason="improve")
    assert desk.post(f"{address}/accept", data={"all": "yes"}).status_code == 302
    # then
    page = desk.get(address).text
    assert "Promises to change" in page
    assert "promised 11-23 11:15" in page
    assert f"/orders/{job.order.no}/scheduling?promise=2026-11-23T03:30" in page


def test_a_plan_kept_from_before_claims_only_what_was_proved_of_it(
    floor: Floor, sign_in: SignIn
) -> None:
    # given: a proved plan, and the same as it was written while jobs came before customers
    floor.plan(14, promised=16)
    desk = sign_in(floor.advisor)
    address = ask(desk, reason="absent", technician_id=floor.people[0].id, until="", note="")
    run = session.scalars(select(PlanRun)).one()
    assert run.plan is not None
    cost = run.plan["objective"]
    proved = {**run.plan, "bound": cost, "proof": "optimal"}
    jobs_first = {
        "unplaced": cost["unplaced"],
        **{k: v for k, v in cost.items() if k != "unplaced"},
    }
    for objective, words in (
        (cost, "Proved: no plan calls fewer customers."),
        (jobs_first, "Proved: no plan that places as many jobs calls fewer customers."),
    ):
        # when
        run.plan = {**proved, "objective": objective}
        db.commit()
        # then
        assert words in desk.get(address).text
