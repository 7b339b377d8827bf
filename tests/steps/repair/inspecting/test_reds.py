"""A finding goes to the customer in one touch, and every red line ends before the car leaves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError

from tests import walks
from tests.databases import Database
from tests.factories import AT, make_operation, make_order
from tests.inspections.factories import GREEN, RED, line, make_sold, make_template, said
from tests.steps.repair import factories as repairs
from workshop import db
from workshop.db import session
from workshop.errors import Invalid, NotAllowed, RuleBroken
from workshop.inspections import ending, queries, service
from workshop.inspections.models import InspectionAnswer, RedEnd
from workshop.inspections.rules import Ending, Where
from workshop.orders import history
from workshop.orders.models import Job, JobState, Urgency
from workshop.staff.models import User
from workshop.steps.handover import gates as handover
from workshop.steps.quotation import queries as quotation
from workshop.steps.quotation import service as quoting
from workshop.steps.quotation.models import ConsentChannel
from workshop.steps.repair.additions import service as additions
from workshop.steps.repair.inspecting import asking, gates
from workshop.steps.repair.inspecting import queries as reds

SignIn = Callable[[User], FlaskClient]
MINUTE = timedelta(minutes=1)
TODAY = date(2026, 11, 23)


def found_red() -> tuple[Job, InspectionAnswer]:
    """A running job on whose car the pipes are red; an operation mends them."""
    checklist = make_template()
    job = make_sold(checklist)
    make_operation("PIPES", name_zh="更换制动软管", name_en="Replace a brake hose")
    by = repairs.worker(job)
    inspection = service.begin(job.order, checklist, by=by, at=AT)
    item = next(each for each in inspection.version.items if each.code == "pipes")
    what = said(RED, note="渗漏", photo=repairs.picture())
    answer = service.answer(inspection, item.id, what, Where.BAY, by=by, at=AT)
    return job, answer


def test_a_red_line_is_asked_for_with_its_work_its_picture_and_its_urgency(
    database: Database,
) -> None:
    job, answer = found_red()
    asked = asking.ask(answer, job, by=repairs.worker(job), at=AT + MINUTE)
    assert (asked.urgency, asked.photo_id) == (Urgency.RED, answer.photo_id)
    assert asked.finding == "项目 pipes 渗漏"
    assert asking.ask(answer, job, by=repairs.worker(job), at=AT + 2 * MINUTE) is asked
    # Its price and its time are known without another word of the advisor.
    operation = session.get_one(type(make_operation()), asked.operation_id)
    offer = additions.price(asked, [operation], by=job.order.advisor, at=AT + 3 * MINUTE)
    assert offer.total_fen > 0
    assert offer.photo_id == answer.photo_id


def test_what_is_in_order_is_not_asked_for(database: Database) -> None:
    job, answer = found_red()
    by = repairs.worker(job)
    green = service.answer(
        answer.inspection, answer.item_id, said(GREEN), Where.BAY, by=by, at=AT + MINUTE
    )
    with pytest.raises(RuleBroken) as refused:
        asking.ask(green, job, by=by, at=AT + MINUTE)
    assert refused.value.code == "in_order"


def test_nothing_red_leaves_the_shop_without_an_answer(database: Database) -> None:
    job, answer = found_red()
    (missing,) = gates.missing_of_reds(job.order)
    assert missing.code == "red_pipes"
    assert "red_pipes" in [each.code for each in handover.missing_to_deliver(job.order)]
    service.answer(
        answer.inspection,
        answer.item_id,
        said(GREEN),
        Where.BAY,
        by=repairs.worker(job),
        at=AT + MINUTE,
    )
    assert gates.missing_of_reds(job.order) == []


def test_the_agreed_work_ends_it_when_it_is_done(database: Database) -> None:
    job, answer = found_red()
    _decide(job, answer, agreed=True)
    assert [each.ending for each in reds.list_reds(job.order)] == [None]
    (line_of_it,) = quotation.list_lines(quotation.list_additions(job.order)[0])
    session.get_one(Job, line_of_it.job_id).state = JobState.DONE
    assert [each.ending for each in reds.list_reds(job.order)] == [Ending.DONE]


def test_a_signed_no_ends_it_and_one_on_the_telephone_does_not(database: Database) -> None:
    for channel, ended in (
        (ConsentChannel.IN_PERSON, Ending.DECLINED),
        (ConsentChannel.PHONE, None),
    ):
        job, answer = found_red()
        _decide(job, answer, agreed=False, channel=channel)
        assert [each.ending for each in reds.list_reds(job.order)] == [ended]
        db.rollback()


def _decide(
    job: Job,
    answer: InspectionAnswer,
    *,
    agreed: bool,
    channel: ConsentChannel = ConsentChannel.IN_PERSON,
) -> None:
    by = job.order.advisor
    asked = asking.ask(answer, job, by=by, at=AT + MINUTE)
    operation = session.get_one(type(make_operation()), asked.operation_id)
    offer = additions.price(asked, [operation], by=by, at=AT + MINUTE)
    quoting.answer_addition(
        offer,
        {each.id: agreed for each in quotation.list_lines(offer)},
        channel=channel,
        evidence="王先生 10:20",
        signer_name="王先生",
        by=by,
        at=AT + 2 * MINUTE,
    )


def test_it_is_put_off_to_a_day_or_a_mileage_ahead_and_the_next_visit_knows(
    database: Database,
) -> None:
    job, answer = found_red()
    order, by = job.order, job.order.advisor
    order.mileage_km = 50_000
    for wrong, field in (
        ({"due_on": None, "due_km": None}, "due_on"),
        ({"due_on": TODAY, "due_km": None}, "due_on"),
        ({"due_on": None, "due_km": 50_000}, "due_km"),
    ):
        with pytest.raises(Invalid) as refused:
            ending.defer(answer, **wrong, reason="下月", today=TODAY, by=by, at=AT)
        assert refused.value.field == field
    end = ending.defer(
        answer, due_on=date(2026, 12, 24), due_km=51_000, reason="下月", today=TODAY, by=by, at=AT
    )
    assert gates.missing_of_reds(order) == []
    (deferred,) = history.list_deferred(order.vehicle)
    assert (deferred.urgency, deferred.reason) == (Urgency.RED, "下月")
    assert queries.due_of([deferred.id])[deferred.id] is end


def test_a_no_is_signed_once_and_may_be_taken_back(database: Database) -> None:
    job, answer = found_red()
    by = job.order.advisor
    with pytest.raises(Invalid):
        ending.decline(answer, signer_name=" ", signature=None, by=by, at=AT)
    with pytest.raises(NotAllowed):
        ending.decline(answer, signer_name="王", signature=None, by=repairs.worker(job), at=AT)
    ending.decline(answer, signer_name="王先生", signature=None, by=by, at=AT)
    with pytest.raises(RuleBroken) as refused:
        ending.decline(answer, signer_name="王先生", signature=None, by=by, at=AT)
    assert refused.value.code == "ended"
    ending.take_back(answer, by=by, at=AT + MINUTE)
    assert [each.ending for each in reds.list_reds(job.order)] == [None]
    ending.decline(answer, signer_name="王先生", signature=None, by=by, at=AT + 2 * MINUTE)
    # What waits for the next visit stands there once.
    assert len(history.list_deferred(job.order.vehicle)) == 1


def test_the_database_knows_one_end_of_a_red_line(database: Database) -> None:
    job, answer = found_red()
    end = ending.decline(answer, signer_name="王", signature=None, by=job.order.advisor, at=AT)
    twin = RedEnd(
        answer_id=answer.id,
        kind=Ending.DECLINED,
        signer_name="李",
        deferred_id=end.deferred_id,
        at=AT,
        by_id=end.by_id,
    )
    session.add(twin)
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_car_without_a_red_line_leaves_as_before(database: Database) -> None:
    assert reds.list_reds(make_order()) == []


def test_the_advisor_answers_a_red_line_on_its_page(app: object, sign_in: SignIn) -> None:
    job, answer = found_red()
    order = job.order
    db.commit()
    client, address = sign_in(order.advisor), f"/orders/{order.no}/repair/findings/{answer.id}"
    answered = client.post(f"{address}/defer", data={"defer-reason": "没空"})
    assert answered.status_code == 422
    client.post(f"{address}/decline", data={"decline-signature_typed": "王先生"})
    page = client.get(f"/orders/{order.no}/repair/inspections").get_data(as_text=True)
    assert "已签字拒绝" in walks.words(page)
    client.post(f"{address}/reopen")
    assert "未处理" in client.get(f"/orders/{order.no}/repair/inspections").get_data(as_text=True)
    client.post(f"{address}/ask")
    assert reds.find_request(answer) is not None


def test_the_technician_sends_a_finding_in_one_tap(app: object, sign_in: SignIn) -> None:
    job, answer = found_red()
    checklist = answer.inspection.checklist
    db.commit()
    address = f"/my-jobs/{job.id}/inspection/{checklist.id}/lines/{line(checklist, 'pipes')}/ask"
    client = sign_in(repairs.worker(job))
    for _ in range(2):
        client.post(address, data={"client_id": "tap"}, headers={"Accept": "application/json"})
    asked = reds.find_request(answer)
    assert asked is not None
    assert asked.finding == "项目 pipes 渗漏"
