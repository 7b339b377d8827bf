"""The pages: the phone, the record, the checks; every gate tried through HTTP."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import AT, make_operation, make_technician, make_user
from tests.steps.quotation import factories as quotations
from tests.steps.repair import factories as given
from workshop import clock
from workshop.catalogue.models import GuaranteeClass
from workshop.db import session
from workshop.orders.flow import Stage
from workshop.orders.models import Job, JobState, RepairOrder, Urgency
from workshop.shop.models import TechnicianSkill
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.parts import service as parts
from workshop.steps.repair import queries, work
from workshop.steps.repair.additions import service as additions
from workshop.steps.repair.models import WorkSession
from workshop.steps.repair.rules import Level, PauseReason

SignIn = Callable[[User], FlaskClient]


def check_data(level: Level, **values: Any) -> dict[str, Any]:
    """A filled-in checklist: everything in order."""
    given_ = given.answers(level)
    data = {f"verdict_{each.code}": "good" for each in given_}
    data |= {f"measured_{each.code}": each.measured for each in given_ if each.measured}
    return data | values


ROAD = {"road_from_km": "58000", "road_to_km": "５８００６", "road_route": "中环一圈"}


def test_the_phone_shows_one_job_and_one_huge_button(database: Database, sign_in: SignIn) -> None:
    (job,) = given.make_ready()
    page = sign_in(given.worker(job)).get("/my-jobs")
    assert page.status_code == 200
    in_sight = re.sub(r"<template.*?</template>", "", page.text, flags=re.DOTALL)
    assert in_sight.count("btn-huge") == 1
    assert f"/my-jobs/{job.id}/start" in page.text


def test_the_phone_without_jobs_or_without_a_technician_says_so(
    database: Database, sign_in: SignIn
) -> None:
    given.make_ready()
    idle = make_technician().user
    idle.locale = "en"
    assert "No job for you now" in sign_in(idle).get("/my-jobs").text
    stranger = make_user(RoleName.TECHNICIAN)
    stranger.locale = "en"
    assert "You are not on the list of technicians" in sign_in(stranger).get("/my-jobs").text


def test_the_phone_says_what_a_job_waits_for_and_a_post_is_refused_with_the_same_words(
    database: Database, sign_in: SignIn
) -> None:
    (job,) = given.make_planned()
    user = given.worker(job)
    user.locale = "en"
    client = sign_in(user)
    words = "The order is not released to the workshop yet."
    page = client.get("/my-jobs")
    assert words in page.text
    assert "aria-disabled" in page.text
    answer = client.post(f"/my-jobs/{job.id}/start")
    assert answer.status_code == 409
    assert words in answer.text
    assert session.get_one(Job, job.id).state is JobState.WAITING


def test_an_expired_certificate_is_told_on_the_phone_and_refused(
    database: Database, sign_in: SignIn
) -> None:
    # given
    (job,) = given.make_ready()
    user = given.worker(job)
    user.locale = "en"
    session.query(TechnicianSkill).update({"expires_on": AT.date() - timedelta(days=1)})
    client = sign_in(user)
    words = f"The certificate of {user.display_name} expired on 2026-11-22."
    # then
    page = client.get("/my-jobs")
    assert words in page.text
    assert "aria-disabled" in page.text
    answer = client.post(f"/my-jobs/{job.id}/start")
    assert answer.status_code == 409
    assert words in answer.text
    assert session.get_one(Job, job.id).state is JobState.WAITING


def test_a_repeated_start_with_the_same_id_is_harmless(database: Database, sign_in: SignIn) -> None:
    (job,) = given.make_ready()
    client = sign_in(given.worker(job))
    for _ in range(2):
        answer = client.post(
            f"/my-jobs/{job.id}/start", data={"client_id": "c0ffee", "back": "phone"}
        )
        assert answer.status_code == 302
        assert answer.location == "/my-jobs"
    assert len(queries.list_sessions(session.get_one(Job, job.id))) == 1
    # another tap, with an id of its own, is told that the job is running
    assert client.post(f"/my-jobs/{job.id}/start", data={"client_id": "2"}).status_code == 409


def test_another_technician_sees_and_starts_nothing(database: Database, sign_in: SignIn) -> None:
    (job,) = given.make_ready()
    client = sign_in(make_technician().user)
    assert client.get(f"/my-jobs/{job.id}").status_code == 403
    assert client.post(f"/my-jobs/{job.id}/start").status_code == 403
    assert client.get("/my-jobs/424242").status_code == 404


def test_a_pause_needs_its_reason(database: Database, sign_in: SignIn) -> None:
    (job,) = given.make_running()
    client = sign_in(given.worker(job))
    assert client.post(f"/my-jobs/{job.id}/pause", data={}).status_code == 422
    assert client.post(f"/my-jobs/{job.id}/pause", data={"reason": "nap"}).status_code == 422
    assert client.post(f"/my-jobs/{job.id}/pause", data={"reason": "parts"}).status_code == 302
    kept = session.get_one(Job, job.id)
    assert kept.state is JobState.PAUSED
    assert kept.order.stage is Stage.PAUSED


def test_a_job_is_walked_on_the_phone_from_start_to_finish(
    database: Database, sign_in: SignIn
) -> None:
    # given
    (job,) = given.make_ready()
    user = given.worker(job)
    user.locale = "en"
    client = sign_in(user)
    url = f"/my-jobs/{job.id}"
    client.post(f"{url}/start")
    # when nothing is ticked, the finish is refused and names the first point
    refused = client.post(f"{url}/finish")
    assert refused.status_code == 409
    assert "Protective covers in place" in refused.text
    assert "The self-check has not been made." in refused.text
    # when
    for number, point in enumerate(("protection", "process", "off_floor", "additions")):
        clock.freeze(AT + timedelta(minutes=5 * number + 5))
        assert client.post(f"{url}/points/{point}").status_code == 302
    assert client.post(f"{url}/self-check", data=check_data(Level.SELF_CHECK)).status_code == 302
    assert client.post(f"{url}/finish").location == "/my-jobs"
    # then
    kept = session.get_one(Job, job.id)
    assert kept.order.stage is Stage.QUALITY_CHECK
    assert queries.clocked_minutes(kept) == 20


def test_an_unfinished_self_check_comes_back_with_what_was_chosen(
    database: Database, sign_in: SignIn
) -> None:
    (job,) = given.make_running()
    client = sign_in(given.worker(job))
    data = check_data(Level.SELF_CHECK, note_works="试了三次")
    del data["verdict_complete"]
    answer = client.post(f"/my-jobs/{job.id}/self-check", data=data)
    assert answer.status_code == 422
    assert "试了三次" in answer.text
    assert answer.text.count('value="good" checked') == 4


def test_a_tick_can_be_undone_for_ten_seconds(database: Database, sign_in: SignIn) -> None:
    (job,) = given.make_running()
    client = sign_in(given.worker(job))
    url = f"/my-jobs/{job.id}/points/protection"
    client.post(url)
    assert f"{url}/undo" in client.get(f"/my-jobs/{job.id}").text
    clock.freeze(AT + timedelta(seconds=11))
    assert f"{url}/undo" not in client.get(f"/my-jobs/{job.id}").text
    assert client.post(f"{url}/undo").status_code == 409
    assert client.post(f"/my-jobs/{job.id}/points/nonsense").status_code == 404


def test_the_job_page_shows_the_concern_word_for_word_and_no_price(
    database: Database, sign_in: SignIn
) -> None:
    (job,) = given.make_running()
    job.order.concern = "倒车时“吱吱”响 <早上>"
    answer = sign_in(given.worker(job)).get(f"/my-jobs/{job.id}")
    assert "倒车时“吱吱”响 &lt;早上&gt;" in answer.text
    assert "¥" not in answer.text


def test_something_found_reaches_the_advisor_with_its_photo(
    database: Database, sign_in: SignIn
) -> None:
    # given
    (job,) = given.make_running()
    order_no, advisor = job.order.no, job.order.advisor
    advisor.locale = "en"
    client = sign_in(given.worker(job))
    url = f"/my-jobs/{job.id}/found"
    # when
    assert client.post(url, data={"finding": "球头松旷"}).status_code == 422
    bad = {"urgency": "red", "finding": "球头松旷", "photo": (io.BytesIO(b"no picture"), "a.jpg")}
    answer = client.post(url, data=bad)
    assert answer.status_code == 422
    assert "球头松旷" in answer.text
    good = {**bad, "photo": (io.BytesIO(given.picture()), "a.jpg")}
    assert client.post(url, data=good).status_code == 302
    # then
    (request,) = queries.list_additions(session.get_one(RepairOrder, job.order_id))
    photo = client.get(f"/my-jobs/{job.id}/photos/{request.photo_id}")
    assert photo.mimetype == "image/jpeg"
    listed = sign_in(advisor).get("/repair")
    assert "球头松旷" in listed.text
    assert "Price it" in listed.text
    assert "Waiting for the price" in sign_in(advisor).get(f"/orders/{order_no}/repair").text


def test_the_advisor_prices_or_dismisses_a_request_and_an_inspector_may_not(
    database: Database, sign_in: SignIn
) -> None:
    # given
    (job,) = given.make_running()
    order = job.order
    request = additions.request_addition(job, "球头松旷", Urgency.RED, by=given.worker(job), at=AT)
    operation = make_operation()
    url = f"/orders/{order.no}/repair/additions/{request.id}"
    # then
    inspector = make_user(RoleName.QUALITY_INSPECTOR)
    assert sign_in(inspector).post(f"{url}/price").status_code == 403
    client = sign_in(order.advisor)
    assert client.post(f"{url}/price", data={}).status_code == 422
    empty = client.post(f"{url}/dismiss", data={"reason": ""})
    assert empty.status_code == 422
    priced = client.post(f"{url}/price", data={"operations": str(operation.id)})
    assert priced.location == f"/orders/{order.no}/quotation"
    assert client.post(f"{url}/dismiss", data={"reason": "太晚"}).status_code == 409


def test_a_quality_check_is_recorded_on_the_order_s_page(
    database: Database, sign_in: SignIn
) -> None:
    # given
    order = given.make_checked_in()
    inspector = make_user(RoleName.QUALITY_INSPECTOR)
    client = sign_in(inspector)
    url = f"/orders/{order.no}/repair"
    assert "verdict_torque" in client.get(url).text
    # when the road test is missing
    answer = client.post(
        f"{url}/quality-check", data=check_data(Level.QUALITY_CHECK, measured_torque="110 N·m")
    )
    # then
    assert answer.status_code == 422
    assert "110 N·m" in answer.text
    # when
    passed = client.post(f"{url}/quality-check", data=check_data(Level.QUALITY_CHECK, **ROAD))
    # then
    assert passed.status_code == 302
    kept = session.get_one(RepairOrder, order.id)
    assert kept.stage is Stage.FINAL_CHECK
    assert "58000–58006" in client.get(url).text


def test_a_technician_of_the_order_is_refused_as_its_inspector(
    database: Database, sign_in: SignIn
) -> None:
    order = given.make_checked_in()
    worker = given.worker(queries.list_jobs(order)[0])
    worker.roles = [*worker.roles, *make_user(RoleName.TEAM_LEADER).roles]
    worker.locale = "en"
    client = sign_in(worker)
    url = f"/orders/{order.no}/repair"
    assert "You worked on this car." in client.get(url).text
    answer = client.post(f"{url}/quality-check", data=check_data(Level.QUALITY_CHECK, **ROAD))
    assert answer.status_code == 403


def test_a_failed_check_wants_its_cause_and_opens_rework(
    database: Database, sign_in: SignIn
) -> None:
    # given
    order = given.make_checked_in()
    job = queries.list_jobs(order)[0]
    client = sign_in(make_user(RoleName.TEAM_LEADER))
    url = f"/orders/{order.no}/repair/quality-check"
    failed = check_data(Level.QUALITY_CHECK, **ROAD, verdict_torque="bad", note_torque="松")
    # when
    answer = client.post(url, data=failed)
    # then
    assert answer.status_code == 422
    assert "松" in answer.text
    # when
    fault = {"cause": "workmanship", "job": str(job.id), "complaint": "重打扭力", "minutes": "20"}
    assert client.post(url, data=failed | fault).status_code == 302
    # then
    kept = session.get_one(RepairOrder, order.id)
    assert kept.stage is Stage.REWORK
    assert "RW20261123-0001" in client.get(f"/orders/{order.no}/repair").text
    assert "RW20261123-0001" in client.get("/repair").text


def test_the_final_check_before_the_quality_check_is_refused(
    database: Database, sign_in: SignIn
) -> None:
    order = given.make_checked_in()
    order.advisor.locale = "en"
    answer = sign_in(order.advisor).post(
        f"/orders/{order.no}/repair/final-check", data=check_data(Level.FINAL_CHECK)
    )
    assert answer.status_code == 409
    assert "Quality check" in answer.text
    assert session.get_one(RepairOrder, order.id).stage is Stage.QUALITY_CHECK


def test_the_advisor_s_final_check_sends_the_car_to_the_wash(
    database: Database, sign_in: SignIn
) -> None:
    # given
    order = given.make_checked_in()
    url = f"/orders/{order.no}/repair"
    inspector = sign_in(make_user(RoleName.QUALITY_INSPECTOR))
    inspector.post(f"{url}/quality-check", data=check_data(Level.QUALITY_CHECK, **ROAD))
    # when somebody else tries
    stranger = sign_in(make_user(RoleName.SERVICE_ADVISOR))
    answer = stranger.post(f"{url}/final-check", data=check_data(Level.FINAL_CHECK))
    assert answer.status_code == 403
    # when
    data = check_data(Level.FINAL_CHECK, wash="y")
    assert sign_in(order.advisor).post(f"{url}/final-check", data=data).status_code == 302
    # then
    assert session.get_one(RepairOrder, order.id).stage is Stage.WASH


def test_a_car_with_nothing_left_is_sent_to_the_check_by_hand(
    database: Database, sign_in: SignIn
) -> None:
    (job,) = given.make_running()
    url = f"/orders/{job.order.no}/repair/send-to-check"
    client = sign_in(job.order.advisor)
    assert client.post(url).status_code == 409


def test_a_forgotten_clock_is_stopped_by_the_controller(
    database: Database, sign_in: SignIn
) -> None:
    (job,) = given.make_running()
    url = f"/orders/{job.order.no}/repair/jobs/{job.id}/pause"
    cashier = sign_in(make_user(RoleName.CASHIER))
    assert cashier.post(url, data={"reason": "break"}).status_code == 403
    controller = sign_in(make_user(RoleName.JOB_CONTROLLER))
    assert controller.post(url, data={"reason": "break"}).status_code == 302
    (stopped,) = queries.list_sessions(session.get_one(Job, job.id))
    assert stopped.pause_reason is PauseReason.BREAK


def test_the_floor_lists_clocks_and_flags_the_overrun(database: Database, sign_in: SignIn) -> None:
    given.make_running()
    leader = make_user(RoleName.TEAM_LEADER)
    leader.locale = "en"
    assert "is-warn" not in sign_in(leader).get("/repair").text
    clock.freeze(AT + timedelta(minutes=90))
    assert "30 min over" in sign_in(leader).get("/repair").text


def test_the_floor_is_empty_in_words(database: Database, sign_in: SignIn) -> None:
    leader = make_user(RoleName.TEAM_LEADER)
    leader.locale = "en"
    assert "Nothing waits on the floor" in sign_in(leader).get("/repair").text


@pytest.mark.parametrize("role", [RoleName.WASHER, RoleName.GREETER, RoleName.TECHNICIAN])
def test_roles_without_the_right_see_neither_floor_nor_record(
    database: Database, sign_in: SignIn, role: RoleName
) -> None:
    order = given.make_checked_in()
    client = sign_in(make_user(role))
    assert client.get("/repair").status_code == 403
    assert client.get(f"/orders/{order.no}/repair").status_code == 403
    assert client.get(f"/orders/{order.no}/repair/inspection.pdf").status_code == 403


def test_papers_are_printed_and_the_certificate_only_where_it_is_due(
    database: Database, sign_in: SignIn
) -> None:
    # given
    order = given.make_checked_in()
    client = sign_in(make_user(RoleName.QUALITY_INSPECTOR))
    url = f"/orders/{order.no}/repair"
    record = client.get(f"{url}/inspection.pdf")
    assert record.mimetype == "application/pdf"
    assert record.data.startswith(b"%PDF")
    # a minor repair needs none
    assert client.get(f"{url}/certificate.pdf").status_code == 409


def test_a_certified_class_gets_its_certificate_after_the_final_check(
    database: Database, sign_in: SignIn
) -> None:
    operation = make_operation(guarantee=GuaranteeClass.LEVEL_2_MAINTENANCE)
    signed = quotations.make_signed(operation)
    order = signed.order
    client = sign_in(order.advisor)
    url = f"/orders/{order.no}/repair"
    assert client.get(f"{url}/certificate.pdf").status_code == 409
    (job,) = queries.list_jobs(order)
    given.assign(job, make_technician())
    parts.release(order, by=order.advisor, at=AT)
    work.start(job, given.worker(job), AT)
    given.complete(job, AT)
    inspector = sign_in(make_user(RoleName.QUALITY_INSPECTOR))
    inspector.post(f"{url}/quality-check", data=check_data(Level.QUALITY_CHECK, **ROAD))
    client = sign_in(order.advisor)
    client.post(f"{url}/final-check", data=check_data(Level.FINAL_CHECK))
    assert client.get(f"{url}/certificate.pdf").data.startswith(b"%PDF")


def test_a_ready_car_is_sent_back_from_its_page(database: Database, sign_in: SignIn) -> None:
    order = given.make_checked_in()
    url = f"/orders/{order.no}/repair"
    sign_in(make_user(RoleName.QUALITY_INSPECTOR)).post(
        f"{url}/quality-check", data=check_data(Level.QUALITY_CHECK, **ROAD)
    )
    client = sign_in(order.advisor)
    client.post(f"{url}/final-check", data=check_data(Level.FINAL_CHECK))
    assert session.get_one(RepairOrder, order.id).stage is Stage.READY
    assert client.post(f"{url}/send-back", data={"complaint": "划痕"}).status_code == 422
    job = queries.list_jobs(session.get_one(RepairOrder, order.id))[0]
    data = {"complaint": "划痕", "cause": "workmanship", "job": str(job.id), "minutes": "15"}
    assert client.post(f"{url}/send-back", data=data).status_code == 302
    assert session.get_one(RepairOrder, order.id).stage is Stage.REWORK


def test_a_work_session_never_stays_open_after_the_finish(database: Database) -> None:
    order = given.make_checked_in(2)
    assert not [
        each
        for job in queries.list_jobs(order)
        for each in queries.list_sessions(job)
        if each.ended_at is None
    ]
    assert session.query(WorkSession).count() == 2


def test_every_value_that_was_not_measured_is_named_at_once(
    database: Database, sign_in: SignIn
) -> None:
    # given
    order = given.make_checked_in()
    typed = check_data(Level.QUALITY_CHECK, measured_torque="", measured_brakes=" ", **ROAD)
    # when
    answer = sign_in(make_user(RoleName.QUALITY_INSPECTOR)).post(
        f"/orders/{order.no}/repair/quality-check", data=typed
    )
    # then
    assert answer.status_code == 422
    assert answer.text.count('<p class="field-error">') == 2
    assert answer.text.count('aria-invalid="true"') == 2
    assert 'value="7.5"' in answer.text
