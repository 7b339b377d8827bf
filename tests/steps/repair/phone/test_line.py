"""Acts from a dead spot: applied once, in order, with the time of the tap, refused in words."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import AT, make_technician, make_user
from tests.steps.repair import factories as given
from tests.steps.repair.test_views import check_data
from workshop import clock
from workshop.db import session
from workshop.orders.flow import Stage
from workshop.orders.models import Job, JobState
from workshop.phone.models import AppliedAction
from workshop.phone.rules import act_time
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.repair import queries, rules, work
from workshop.steps.repair.rules import Level, PauseReason

SignIn = Callable[[User], FlaskClient]
_ids = itertools.count(1)


def minutes(count: float) -> datetime:
    return AT + timedelta(minutes=count)


def send(client: FlaskClient, path: str, tapped_at: datetime | None = None, **data: Any) -> Any:
    """What the phone's queue sends: the form, its id, the time of the tap; it wants JSON."""
    data = {"client_id": f"tap{next(_ids)}", "back": "phone"} | data
    if tapped_at is not None:
        data["tapped_at"] = tapped_at.isoformat()
    return client.post(f"/my-jobs/{path}", data=data, headers={"Accept": "application/json"})


@pytest.mark.parametrize(
    ("tapped", "previous", "wanted"),
    [
        (minutes(5), None, minutes(5)),
        (minutes(5), minutes(5), minutes(5)),
        (minutes(5), minutes(6), minutes(30)),
        (minutes(31), minutes(6), minutes(30)),
        (minutes(30), minutes(6), minutes(30)),
    ],
)
def test_a_tap_counts_neither_in_the_future_nor_before_the_previous_act(
    tapped: datetime, previous: datetime | None, wanted: datetime
) -> None:
    assert act_time(tapped, previous, minutes(30)) == wanted


def test_what_was_tapped_in_a_dead_spot_has_the_times_of_the_taps(
    database: Database, sign_in: SignIn
) -> None:
    # given: taps of half an hour, sent at once when the line is back
    (job,) = given.make_ready()
    client = sign_in(given.worker(job))
    clock.freeze(minutes(40))
    # when
    start = send(client, f"{job.id}/start", minutes(5))
    send(client, f"{job.id}/points/protection", minutes(7))
    send(client, f"{job.id}/pause", minutes(15), reason="parts")
    send(client, f"{job.id}/resume", minutes(25))
    # then
    assert start.status_code == 200
    assert start.json == {
        "act": "start",
        "at": minutes(5).isoformat(),
        "url": "/my-jobs",
    }
    kept = session.get_one(Job, job.id)
    assert kept.started_at == minutes(5)
    assert queries.clocked_minutes(kept, minutes(40)) == 10 + 15
    assert {each.ticked_at for each in queries.list_points(kept)} == {minutes(5), minutes(7)}
    # and what nobody can have tapped counts from now
    send(client, f"{job.id}/points/process", minutes(90))
    send(client, f"{job.id}/points/off_floor", minutes(1))
    client.post(f"/my-jobs/{job.id}/points/additions", data={"tapped_at": "soon"})
    late = [each for each in queries.list_points(kept) if each.ticked_at == minutes(40)]
    assert len(late) == 3


def test_a_start_is_never_earlier_than_the_release(database: Database, sign_in: SignIn) -> None:
    (job,) = given.make_ready()
    client = sign_in(given.worker(job))
    clock.freeze(minutes(10))
    assert send(client, f"{job.id}/start", minutes(-20)).json["at"] == minutes(10).isoformat()


def test_a_repeated_id_gets_the_first_answer_and_does_nothing(
    database: Database, sign_in: SignIn
) -> None:
    # given
    (job,) = given.make_ready()
    client = sign_in(given.worker(job))
    clock.freeze(minutes(10))
    first = send(client, f"{job.id}/start", minutes(5), client_id="one")
    send(client, f"{job.id}/pause", minutes(6), reason="parts", client_id="two")
    # when the same taps come again much later
    clock.freeze(minutes(50))
    again = send(client, f"{job.id}/start", minutes(5), client_id="one")
    # then
    assert again.status_code == 200
    assert again.json == first.json
    kept = session.get_one(Job, job.id)
    assert kept.state is JobState.PAUSED
    assert len(queries.list_sessions(kept)) == 1
    assert session.query(AppliedAction).count() == 2
    # another act under a known id is refused, and so is an id of somebody else's tap
    assert send(client, f"{job.id}/resume", client_id="one").status_code == 409


def test_a_conflict_is_told_in_words_and_the_act_may_be_tried_again(
    database: Database, sign_in: SignIn
) -> None:
    # given: the job controller has stopped the clock meanwhile
    (job,) = given.make_running()
    user = given.worker(job)
    user.locale = "en"
    client = sign_in(user)
    clock.freeze(minutes(20))
    work.pause(job, PauseReason.SUPPORT, job.order.advisor, minutes(10))
    # when
    refused = send(client, f"{job.id}/pause", minutes(8), reason="parts", client_id="late")
    # then
    assert refused.status_code == 409
    assert refused.mimetype == "application/problem+json"
    assert refused.json["detail"] == "The job is not running."
    assert session.query(AppliedAction).count() == 0
    # when the job runs again, the same act goes through: nothing of it was kept
    send(client, f"{job.id}/resume")
    assert send(client, f"{job.id}/pause", reason="parts", client_id="late").status_code == 200


def test_a_tap_of_somebody_else_waits_for_that_person(database: Database, sign_in: SignIn) -> None:
    (job,) = given.make_ready()
    other = make_technician().user
    other.locale = "en"
    answer = send(sign_in(other), f"{job.id}/start", user=str(given.worker(job).id))
    assert answer.status_code == 403
    assert answer.json["code"] == "other_person"
    assert "Somebody else has signed in" in answer.json["detail"]


def test_a_wrong_form_is_refused_in_words_for_the_queue(
    database: Database, sign_in: SignIn
) -> None:
    (job,) = given.make_running()
    user = given.worker(job)
    user.locale = "en"
    client = sign_in(user)
    answer = send(client, f"{job.id}/pause")
    assert answer.status_code == 422
    assert answer.json["detail"] == "Why do you pause?: Choose a reason."
    assert send(client, f"{job.id}/self-check").status_code == 422


def test_a_whole_job_can_be_sent_at_once(database: Database, sign_in: SignIn) -> None:
    (job,) = given.make_ready()
    client = sign_in(given.worker(job))
    clock.freeze(minutes(60))
    send(client, f"{job.id}/start", minutes(1))
    for number, point in enumerate(rules.POINTS_BY_HAND):
        send(client, f"{job.id}/points/{point.value}", minutes(10 + number))
    checked = send(client, f"{job.id}/self-check", minutes(40), **check_data(Level.SELF_CHECK))
    done = send(client, f"{job.id}/finish", minutes(45))
    assert (checked.status_code, done.status_code) == (200, 200)
    kept = session.get_one(Job, job.id)
    assert kept.finished_at == minutes(45)
    assert queries.clocked_minutes(kept) == 44
    assert kept.order.stage is Stage.QUALITY_CHECK


def test_the_phone_looks_whether_the_line_is_back(database: Database, sign_in: SignIn) -> None:
    (job,) = given.make_ready()
    user = given.worker(job)
    client = sign_in(user)
    answer = client.get("/my-jobs/line").json
    assert answer["user"] == user.id
    assert datetime.fromisoformat(answer["now"]) == AT
    assert answer["speed"] == 0
    worker = client.get("/my-jobs/worker.js")
    assert worker.mimetype == "text/javascript"
    assert worker.headers["Service-Worker-Allowed"] == "/my-jobs"
    assert sign_in(make_user(RoleName.CASHIER)).get("/my-jobs/line").status_code == 403
