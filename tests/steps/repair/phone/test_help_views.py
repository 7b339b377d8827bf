"""The phone of who helps, and the record of what two have done, through HTTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.factories import AT, make_technician
from tests.paper.samples import pages_of
from tests.steps.repair import factories as repairs
from workshop import clock, db
from workshop.orders.models import Job
from workshop.shop.models import Technician
from workshop.staff.models import User
from workshop.steps.repair import help_clocks, work
from workshop.steps.repair.rules import PauseReason
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.teamwork import service as teamwork

SignIn = Callable[[User], FlaskClient]
JSON = {"Accept": "application/json"}


@pytest.fixture
def job(client: FlaskClient) -> Job:
    return repairs.make_ready()[0]


@pytest.fixture
def helper(job: Job) -> Technician:
    helper, live = make_technician(), scheduling.get_live(job)
    helper.user.display_name, live.technician.user.display_name = "王师傅", "李师傅"
    for user in (helper.user, live.technician.user, job.order.advisor):
        user.locale = "en"
    by = job.order.advisor
    teamwork.add(job, helper, 40, seen_version=live.version, by=by, at=AT)
    db.commit()
    return helper


def begin(job: Job) -> None:
    work.start(job, repairs.worker(job), AT)
    db.commit()


def test_the_helper_sees_whom_he_helps_and_why_he_cannot_yet(
    job: Job, helper: Technician, sign_in: SignIn
) -> None:
    phone = sign_in(helper.user)
    for page in (phone.get("/my-jobs").text, phone.get(f"/my-jobs/{job.id}").text):
        assert "You help 李师傅" in page
        assert "The lead&#39;s clock does not run" in page
        assert 'aria-disabled="true"' in page
    refused = phone.post(f"/my-jobs/{job.id}/help", data={"back": "phone"})
    assert refused.status_code == 409


def test_the_helper_starts_and_stops_the_own_clock(
    job: Job, helper: Technician, sign_in: SignIn
) -> None:
    # given
    begin(job)
    phone = sign_in(helper.user)
    assert 'data-kind="help"' in phone.get("/my-jobs").text
    # when
    assert phone.post(f"/my-jobs/{job.id}/help", data={"back": "phone"}).status_code == 302
    page = phone.get("/my-jobs").text
    assert "Stop helping" in page
    assert "your own clock" in page
    # then the points are nowhere on the page
    page = phone.get(f"/my-jobs/{job.id}").text
    assert "Self-check" not in page
    assert "self-check and the finish are done by 李师傅" in page
    # and
    answer = phone.post(f"/my-jobs/{job.id}/stop-helping", data={})
    assert answer.location.endswith(f"/my-jobs/{job.id}")
    assert help_clocks.find_open(job) is None


def test_a_tap_from_a_dead_spot_is_applied_once_with_its_time(
    job: Job, helper: Technician, sign_in: SignIn
) -> None:
    # given
    begin(job)
    phone = sign_in(helper.user)
    clock.freeze(AT + timedelta(minutes=30))
    tapped = (AT + timedelta(minutes=10)).isoformat()
    data = {"client_id": "a1", "tapped_at": tapped, "user": str(helper.user.id)}
    # when it comes twice
    for _ in range(2):
        answer = phone.post(f"/my-jobs/{job.id}/help", data=data, headers=JSON)
        assert answer.json["act"] == "help"
    # then
    [helped] = help_clocks.list_of(job)
    assert helped.started_at == AT + timedelta(minutes=10)
    # and what the lead did meanwhile is told, not overwritten
    work.pause(job, PauseReason.BREAK, repairs.worker(job), AT + timedelta(minutes=20))
    db.commit()
    stop = {"client_id": "a2", "tapped_at": (AT + timedelta(minutes=25)).isoformat()}
    refused = phone.post(f"/my-jobs/{job.id}/stop-helping", data=stop, headers=JSON)
    assert refused.status_code == 409


@pytest.mark.parametrize("what", ["help", "stop-helping"])
def test_nobody_else_helps(job: Job, helper: Technician, sign_in: SignIn, what: str) -> None:
    begin(job)
    stranger = make_technician().user
    db.commit()
    assert sign_in(stranger).post(f"/my-jobs/{job.id}/{what}").status_code == 403
    assert sign_in(job.order.advisor).post(f"/my-jobs/{job.id}/{what}").status_code == 403


def test_the_helper_does_none_of_the_leads_acts(
    job: Job, helper: Technician, sign_in: SignIn
) -> None:
    begin(job)
    phone = sign_in(helper.user)
    acts = ("pause", "finish", "points/protection", "self-check")
    for act in acts:
        data = {"reason": "break"}
        assert phone.post(f"/my-jobs/{job.id}/{act}", data=data).status_code in (403, 409), act


def test_the_record_names_both_with_shares_and_clocks(
    job: Job, helper: Technician, sign_in: SignIn, tmp_path: Path
) -> None:
    # given
    begin(job)
    desk = sign_in(helper.user)
    desk.post(f"/my-jobs/{job.id}/help")
    repairs.complete(job, AT)
    db.commit()
    # when
    desk = sign_in(job.order.advisor)
    record = desk.get(f"/orders/{job.order.no}/repair").text
    # then
    assert "Second technician" in record
    assert "60 %" in record
    assert "40 %" in record
    assert "王师傅 · helped" in record
    assert "王师傅" in desk.get(f"/orders/{job.order.no}").text
    for sheet in ("repair/inspection.pdf", "scheduling/jobcard.pdf"):
        pdf = desk.get(f"/orders/{job.order.no}/{sheet}").data
        assert "王师傅" in "".join("".join(pages_of(pdf, tmp_path)).split()), sheet
