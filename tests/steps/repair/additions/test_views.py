"""Findings of those who look at the whole car, their price, and parts that were not needed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import AT, make_operation, make_part, make_user
from tests.steps.parts import factories as picked
from tests.steps.repair import factories as given
from tests.steps.settlement import factories as settlements
from workshop.db import session
from workshop.orders.models import RepairOrder, Urgency
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.parts import picking, service
from workshop.steps.parts import queries as parts
from workshop.steps.repair import queries
from workshop.steps.repair.additions import service as additions
from workshop.steps.scheduling import queries as scheduling

SignIn = Callable[[User], FlaskClient]


def make_issued() -> RepairOrder:
    """An order in scheduling whose two pieces of a part are with its technician."""
    order = picked.make_scheduled((make_part(on_hand=5), 2_000))
    clerk = make_user(RoleName.PARTS_CLERK)
    pick_list = service.release(order, by=order.advisor, at=AT)
    assert pick_list is not None
    (line,) = parts.list_order_lines(order)
    picking.pick(line, by=clerk, at=AT)
    job = parts.job_of(line.quotation_line)
    assert job is not None
    technician = scheduling.technician_of(job)
    assert technician is not None
    picking.issue(pick_list, technician, by=clerk, at=AT)
    return order


@pytest.mark.parametrize("role", [RoleName.TEAM_LEADER, RoleName.SERVICE_ADVISOR])
def test_a_team_leader_and_an_advisor_ask_for_additional_work(
    database: Database, sign_in: SignIn, role: RoleName
) -> None:
    # given
    (job,) = given.make_running()
    address = f"/orders/{job.order.no}/repair"
    leader = make_user(role)
    leader.locale = "en"
    browser = sign_in(leader)
    assert f"{address}/additions" in browser.get(address).text
    # when
    data = {"finding": "左前轮轴承异响", "urgency": "red", "job": str(job.id), "client_id": "f1"}
    answers = [browser.post(f"{address}/additions", data=data) for _ in range(2)]
    # then
    assert [answer.status_code for answer in answers] == [302, 302]
    (request,) = queries.list_additions(job.order)
    assert (request.finding, request.urgency) == ("左前轮轴承异响", Urgency.RED)
    assert request.by_id == leader.id


def test_a_finding_without_words_comes_back_as_it_was_typed(
    database: Database, sign_in: SignIn
) -> None:
    (job,) = given.make_running()
    leader = make_user(RoleName.TEAM_LEADER)
    leader.locale = "en"
    data = {"finding": "  ", "urgency": "yellow", "job": str(job.id)}
    answer = sign_in(leader).post(f"/orders/{job.order.no}/repair/additions", data=data)
    assert answer.status_code == 422
    assert "Say what you found, or choose the work." in answer.text
    assert 'value="yellow" checked' in answer.text
    assert not queries.list_additions(job.order)


def test_nobody_asks_for_additional_work_on_a_car_whose_bill_is_made(
    database: Database, sign_in: SignIn
) -> None:
    order = settlements.make_settled()
    leader = make_user(RoleName.TEAM_LEADER)
    leader.locale = "en"
    (job,) = queries.list_jobs(order)
    data = {"finding": "轴承异响", "urgency": "red", "job": str(job.id)}
    answer = sign_in(leader).post(f"/orders/{order.no}/repair/additions", data=data)
    assert answer.status_code == 409
    assert "is not possible while the order is “Ready”" in answer.text
    assert "轴承异响" in answer.text


def test_a_price_without_an_operation_comes_back_and_says_why(
    database: Database, sign_in: SignIn
) -> None:
    # given
    (job,) = given.make_running()
    asked = additions.request_addition(job, "轴承异响", Urgency.RED, by=given.worker(job), at=AT)
    session.flush()
    advisor = job.order.advisor
    advisor.locale = "en"
    browser = sign_in(advisor)
    address = f"/orders/{job.order.no}/repair/additions/{asked.id}/price"
    # when
    refused = browser.post(address, data={"operations": ""})
    unknown = browser.post(address, data={"operations": "999999"})
    priced = browser.post(address, data={"operations": str(make_operation().id)})
    # then
    assert refused.status_code == 422
    assert "Choose at least one operation." in refused.text
    assert unknown.status_code == 422
    assert priced.status_code == 302


def test_a_technician_reports_what_was_not_needed(database: Database, sign_in: SignIn) -> None:
    # given
    order = make_issued()
    (line,) = parts.list_order_lines(order)
    job = parts.job_of(line.quotation_line)
    assert job is not None
    technician = given.worker(job)
    technician.locale = "en"
    browser = sign_in(technician)
    assert f"/my-jobs/{job.id}/unused" in browser.get(f"/my-jobs/{job.id}").text
    address = f"/my-jobs/{job.id}/unused/{line.id}"
    # when
    too_many = browser.post(address, data={"quantity": "９９"})
    nothing = browser.post(address, data={"quantity": "viel"})
    reported = browser.post(address, data={"quantity": "１"})
    # then
    assert (too_many.status_code, nothing.status_code) == (409, 422)
    assert 'value="99"' in too_many.text
    assert "are out for this order" in too_many.text
    assert 'value="viel"' in nothing.text
    assert reported.status_code == 302
    session.refresh(line)
    assert line.unused_milli == 1000


def test_a_technician_reports_only_parts_of_the_own_job(
    database: Database, sign_in: SignIn
) -> None:
    order = make_issued()
    (line,) = parts.list_order_lines(order)
    (job,) = given.make_running()
    answer = sign_in(given.worker(job)).post(
        f"/my-jobs/{job.id}/unused/{line.id}", data={"quantity": "1"}
    )
    assert answer.status_code == 404


def test_what_does_not_fit_the_car_is_offered_with_a_reason(
    database: Database, sign_in: SignIn
) -> None:
    # given a petrol car
    (job,) = given.make_running()
    asked = additions.request_addition(job, "电池报警", Urgency.RED, by=given.worker(job), at=AT)
    electric = make_operation("H-PACK", energies=["electric"])
    browser = sign_in(job.order.advisor)
    address = f"/orders/{job.order.no}/repair/additions/{asked.id}/price"
    # when
    refused = browser.post(address, data={"operations": str(electric.id)})
    # then
    assert refused.status_code == 422
    assert "适用于纯电动；这辆车是“燃油”" in refused.text
    assert f'id="despite-{asked.id}"' in refused.text
    # when
    said = {"operations": str(electric.id), "despite": "客户加装"}
    assert browser.post(address, data=said).status_code == 302
    # then
    assert "存疑但仍报价：客户加装" in browser.get(f"/orders/{job.order.no}/quotation").text
