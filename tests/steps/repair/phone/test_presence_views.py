"""The time clock on the phone: first of all come in; one tap each; through a dead spot as well."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import AT, make_technician, make_user
from tests.steps.repair import factories as given
from tests.steps.repair.phone.test_line import minutes, send
from workshop import clock
from workshop.attendance import presence
from workshop.attendance.presence import State
from workshop.db import session
from workshop.orders.models import Job, JobState
from workshop.phone.models import AppliedAction
from workshop.shop.models import Technician
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.repair import queries
from workshop.steps.repair.rules import PauseReason

SignIn = Callable[[User], FlaskClient]


def enter(sign_in: SignIn, who: Technician) -> FlaskClient:
    who.user.locale = "en"
    return sign_in(who.user)


def test_who_has_not_come_sees_the_clock_in_first(database: Database, sign_in: SignIn) -> None:
    who = make_technician(here_since=None)
    (job,) = given.make_ready(same=who)
    client = enter(sign_in, who)
    page = client.get("/my-jobs").text
    assert "Not clocked in" in page
    bar = page.rpartition('<div class="bar"')[2].partition("<template")[0]
    assert "Clock in" in bar
    assert "Clock in and start" in bar
    # the plain start is refused in the same words
    refused = client.post(f"/my-jobs/{job.id}/start")
    assert refused.status_code == 409
    assert "is not clocked in. First comes “Clock in”." in refused.text
    # when
    assert client.post("/my-jobs/clock-in").location == "/my-jobs"
    # then
    page = client.get("/my-jobs").text
    assert "Clocked in since 10:00" in page
    assert client.post(f"/my-jobs/{job.id}/start").status_code == 302


def test_one_tap_clocks_in_and_starts(database: Database, sign_in: SignIn) -> None:
    who = make_technician(here_since=None)
    (job,) = given.make_ready(same=who)
    client = enter(sign_in, who)
    answer = client.post(f"/my-jobs/{job.id}/start", data={"arrive": "yes", "back": "phone"})
    assert answer.status_code == 302
    assert session.get_one(Job, job.id).state is JobState.RUNNING
    assert presence.of(who, AT).is_here


def test_a_start_that_is_refused_clocks_nobody_in(database: Database, sign_in: SignIn) -> None:
    who = make_technician(here_since=None)
    (job,) = given.make_planned(same=who)
    client = enter(sign_in, who)
    assert client.post(f"/my-jobs/{job.id}/start", data={"arrive": "yes"}).status_code == 409
    assert presence.of(who, AT).state is State.OUT


def test_a_break_says_which_car_pauses_and_one_tap_goes_on(
    database: Database, sign_in: SignIn
) -> None:
    # given
    (job,) = given.make_running()
    who = given.plan.technician_of(job)
    assert who is not None
    client = enter(sign_in, who)
    plate = job.order.vehicle.plate
    assert f"{plate[:2]}·{plate[2:]} pauses" in client.get("/my-jobs").text
    # when
    clock.freeze(minutes(30))
    assert client.post("/my-jobs/break").status_code == 302
    # then
    page = client.get("/my-jobs").text
    assert "On break since 10:30" in page
    assert "Back, go on" in page
    (stretch,) = queries.list_sessions(session.get_one(Job, job.id))
    assert stretch.pause_reason is PauseReason.BREAK
    assert client.post(f"/my-jobs/{job.id}/resume").status_code == 409
    # when
    clock.freeze(minutes(60))
    answer = client.post(f"/my-jobs/{job.id}/resume", data={"arrive": "yes"})
    # then
    assert answer.status_code == 302
    assert session.get_one(Job, job.id).state is JobState.RUNNING
    assert presence.of(who, minutes(60)).state is State.IN


def test_the_figures_of_the_day_are_apart_with_their_formulas(
    database: Database, sign_in: SignIn
) -> None:
    (job,) = given.make_running()
    who = given.plan.technician_of(job)
    assert who is not None
    given.complete(job, AT + timedelta(minutes=10))
    clock.freeze(minutes(60))
    page = enter(sign_in, who).get("/my-jobs").text
    assert "from clock-in to clock-out, less breaks" in page
    assert "while your clock ran on a car" in page
    assert "flat-rate time of the jobs finished today: 1" in page
    hours = page.partition('<dl class="day-hours">')[2].partition("</dl>")[0]
    figures = [each.partition("</dd>")[0] for each in hours.split('<dd class="num">')[1:]]
    assert figures == ["3 h", "40 min", "1 h"]


def test_without_a_job_one_clocks_in_and_out_as_well(database: Database, sign_in: SignIn) -> None:
    client = enter(sign_in, make_technician(here_since=None))
    page = client.get("/my-jobs").text
    assert "No job for you now" in page
    assert "Clock in" in page
    client.post("/my-jobs/clock-in")
    assert "Clock out" in client.get("/my-jobs").text
    client.post("/my-jobs/clock-out")
    assert "Gone home 10:00" in client.get("/my-jobs").text
    assert client.post("/my-jobs/clock-out").status_code == 409


def test_a_day_of_taps_from_a_dead_spot_has_their_times(
    database: Database, sign_in: SignIn
) -> None:
    # given: all of it comes at once, two hours later
    who = make_technician(here_since=None)
    (job,) = given.make_ready(same=who)
    client = enter(sign_in, who)
    clock.freeze(minutes(120))
    # when
    sent = [
        send(client, "clock-in", minutes(5)),
        send(client, f"{job.id}/start", minutes(6)),
        send(client, "break", minutes(30)),
        send(client, f"{job.id}/resume", minutes(50), arrive="yes"),
        send(client, "clock-out", minutes(90)),
    ]
    # then
    assert [each.status_code for each in sent] == [200] * 5
    (stay,) = presence.list_stays([who], (AT - timedelta(hours=12), minutes(120)))
    assert (stay.started_at, stay.ended_at) == (minutes(5), minutes(90))
    (pause,) = stay.breaks
    assert (pause.started_at, pause.ended_at) == (minutes(30), minutes(50))
    found = queries.list_sessions(session.get_one(Job, job.id))
    assert [(each.started_at, each.ended_at) for each in found] == [
        (minutes(6), minutes(30)),
        (minutes(50), minutes(90)),
    ]


def test_a_tap_that_comes_twice_counts_once(database: Database, sign_in: SignIn) -> None:
    client = enter(sign_in, make_technician(here_since=None))
    first = send(client, "clock-in", minutes(0), client_id="tap")
    clock.freeze(minutes(5))
    again = send(client, "clock-in", minutes(0), client_id="tap")
    assert first.json == again.json
    assert session.query(AppliedAction).count() == 1


def test_a_tap_before_what_is_known_of_the_person_counts_from_now(
    database: Database, sign_in: SignIn
) -> None:
    # given: the controller has clocked somebody out at half past ten
    who = make_technician()
    clock.freeze(minutes(30))
    controller = make_user(RoleName.JOB_CONTROLLER)
    home = {"home-reason": "发烧", "home-until": "2026-11-23T18:00"}
    sign_in(controller).post(f"/repair/attendance/{who.id}/home", data=home)
    client = enter(sign_in, who)
    # when: a break from a quarter past ten arrives after that
    clock.freeze(minutes(40))
    answer = send(client, "break", minutes(15))
    # then
    assert answer.status_code == 409
    assert answer.json["detail"].endswith("is not clocked in.")
    assert send(client, "clock-in", minutes(20)).json["at"] == minutes(40).isoformat()


def test_nobody_else_has_the_time_clock(database: Database, sign_in: SignIn) -> None:
    for path in ("clock-in", "break", "back", "clock-out"):
        assert sign_in(make_user(RoleName.CASHIER)).post(f"/my-jobs/{path}").status_code == 403
        stranger = make_user(RoleName.TECHNICIAN)
        assert sign_in(stranger).post(f"/my-jobs/{path}").status_code == 409
