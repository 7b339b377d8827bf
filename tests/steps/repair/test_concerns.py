"""What the customer came for ends in a job, a finding, or a recorded no, before the car leaves."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.databases import Database
from tests.factories import AT, make_user
from tests.steps.handover.factories import prepare
from tests.steps.quotation.factories import make_offer
from tests.steps.settlement.factories import make_settled
from workshop import db
from workshop.db import session
from workshop.errors import Conflict, Invalid, NotAllowed, RuleBroken
from workshop.orders.models import Job, RepairOrder
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.handover import delivery
from workshop.steps.handover import gates as handover
from workshop.steps.quotation import service as quotation
from workshop.steps.repair.concerns import queries, rules, service
from workshop.steps.repair.concerns.rules import Outcome

SignIn = Callable[[User], FlaskClient]
ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("text", "concerns"),
    [
        ("", []),
        (" \n；", []),
        ("刹车时有异响", ["刹车时有异响"]),
        ("1. 刹车异响\n2、空调不冷；3）保养", ["刹车异响", "空调不冷", "保养"]),
        (
            "Noise when braking; 1.5 l of oil a month",
            ["Noise when braking", "1.5 l of oil a month"],
        ),
        ("保养\n保养", ["保养"]),
    ],
)
def test_concerns_are_parted_as_people_write_them(text: str, concerns: list[str]) -> None:
    assert rules.list_concerns(text) == concerns


def car(concern: str = "刹车异响；空调不冷") -> RepairOrder:
    """Paid, and all is done for the handover but the concerns."""
    order = make_settled(concern=concern)
    prepare(order)
    for each in queries.list_concerns(order):
        assert each.answer is not None
        service.take_back(each.answer, order, by=order.advisor, at=AT)
    session.flush()
    return order


@ONE
def test_a_car_leaves_when_each_concern_ended_in_something(database: Database) -> None:
    order = car()
    by = order.advisor
    (missing,) = handover.missing_to_deliver(order)
    assert (missing.code, missing.values) == ("concerns", {"count": 2})
    with pytest.raises(RuleBroken):
        delivery.deliver(order, signer_name="王", by=by, at=AT)
    first, second = queries.list_open(order)
    job = session.scalars(select(Job).where(Job.order_id == order.id)).first()
    with pytest.raises(Invalid, match="Choose the job"):
        service.answer(order, first, Outcome.JOB, by=by, at=AT)
    with pytest.raises(Invalid, match="Say what was found"):
        service.answer(order, second, Outcome.DECLINED, note=" ", by=by, at=AT)
    service.answer(order, first, Outcome.JOB, job=job, by=by, at=AT)
    service.answer(order, second, Outcome.DECLINED, note="下次再修", by=by, at=AT)
    assert handover.missing_to_deliver(order) == []
    delivery.deliver(order, signer_name="王", by=by, at=AT)


@ONE
def test_corrected_words_are_asked_again_and_no_answer_is_given_twice(database: Database) -> None:
    order = car("刹车异响")
    by = order.advisor
    (concern,) = queries.list_open(order)
    service.answer(order, concern, Outcome.FINDING, note="正常", by=by, at=AT)
    (answered,) = queries.list_concerns(order)
    with pytest.raises(Conflict):
        service.answer(order, answered, Outcome.FINDING, note="正常", by=by, at=AT)
    order.concern = "刹车异响，尤其倒车时"
    assert [each.words for each in queries.list_open(order)] == ["刹车异响，尤其倒车时"]


@ONE
def test_a_declined_quotation_is_the_customers_no_and_no_concern_asks_nothing(
    database: Database,
) -> None:
    offered = make_offer()
    quotation.decline(offered, "太贵", by=offered.order.advisor, at=AT)
    assert queries.list_open(offered.order) == []
    assert queries.list_open(car("")) == []


@ONE
@pytest.mark.parametrize(
    ("role", "may"),
    [
        (RoleName.SERVICE_ADVISOR, True),
        (RoleName.SERVICE_MANAGER, True),
        (RoleName.QUALITY_INSPECTOR, True),
        (RoleName.WASHER, False),
        (RoleName.CASHIER, False),
    ],
)
def test_who_knows_the_car_answers(database: Database, role: RoleName, may: bool) -> None:
    order = car("刹车异响")
    (concern,) = queries.list_open(order)
    by = make_user(role)
    if not may:
        with pytest.raises(NotAllowed):
            service.answer(order, concern, Outcome.FINDING, note="正常", by=by, at=AT)
        return
    service.answer(order, concern, Outcome.FINDING, note="正常", by=by, at=AT)
    assert queries.list_open(order) == []


@ONE
def test_the_page_keeps_what_was_typed_and_leads_to_the_handover(
    database: Database, sign_in: SignIn
) -> None:
    order = car()
    no, desk = order.no, sign_in(order.advisor)
    db.commit()
    url = f"/orders/{no}/repair/concerns"
    assert url in desk.get(f"/orders/{no}/handover").text
    refused = desk.post(f"{url}/2", data={"words": "空调不冷", "note": "滤芯堵"})
    assert refused.status_code == 422
    assert "滤芯堵" in refused.text
    stale = desk.post(f"{url}/2", data={"words": "别的", "outcome": "finding", "note": "好"})
    assert stale.status_code == 404
    for number, words in ((1, "刹车异响"), (2, "空调不冷")):
        said = {"words": words, "outcome": "finding", "note": "正常"}
        assert desk.post(f"{url}/{number}", data=said).status_code == 302
    answer = queries.list_concerns(order)[0].answer
    assert answer is not None
    assert desk.post(f"{url}/{answer.id}/reopen").status_code == 302
    assert [each.number for each in queries.list_open(order)] == [1]
