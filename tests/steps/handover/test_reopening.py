"""A finished car goes back to work: what was done for its leaving is taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import AT, make_order, make_user
from tests.steps.handover.factories import prepare
from tests.steps.quotation import factories as quotations
from tests.steps.settlement.factories import DAY, make_settled, make_settlement
from workshop.customers.models import Channel
from workshop.db import session
from workshop.errors import Invalid, NotAllowed, RuleBroken
from workshop.orders import history
from workshop.orders.flow import Stage
from workshop.orders.models import JobState, RepairOrder
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.handover import queries, worklist
from workshop.steps.handover import service as handover
from workshop.steps.handover.reopening import effects, service
from workshop.steps.quotation import queries as quotation_queries
from workshop.steps.quotation import service as quotation
from workshop.steps.quotation.models import ConsentChannel, Quotation, QuotationState
from workshop.steps.repair import queries as repair
from workshop.steps.settlement import balances, paying
from workshop.steps.settlement import queries as settlements
from workshop.steps.settlement import service as settlement
from workshop.steps.settlement.balances import Why

_WHY = "还要换刮水片"
LATER = AT + timedelta(minutes=30)


def manager() -> User:
    return make_user(RoleName.SERVICE_MANAGER)


def messages(order: RepairOrder) -> list[str]:
    return [each.message % each.values for each in effects.list_effects(order, "")]


def test_a_paid_and_prepared_car_goes_back_to_the_final_check(database: Database) -> None:
    # given
    order = prepare(make_settled())
    bill, before = settlements.get_live(order), len(queries.list_checks(order))
    handover.tell_ready(order, Channel.PHONE, reached=True, by=order.advisor, at=AT)
    told = messages(order)
    # when
    service.reopen(order, _WHY, by=manager(), at=LATER)
    # then: what the page had said is so
    assert told == [
        f"The settlement list {bill.no} over ¥620.00 is taken back by a red letter.",
        "¥620.00 received stays with the order. What the new list does not need is owed to the "
        "customer, and stays under open money until it is given back.",
        "The car does not count as ready any more; it gets a final check.",
        f"The handover begins again: {before} ticks and the walk round the car.",
        "The customer was told that the car is ready: call them.",
    ]
    assert settlements.find_live(order) is None
    assert (order.stage, order.ready_at, order.settled_at) == (Stage.FINAL_CHECK, None, None)
    record = queries.find_handover(order)
    assert not queries.list_checks(order)
    assert record is not None
    assert record.walked_at is None
    # and the money is in the list of what we owe
    (row,) = balances.load(order.branch).to_give
    assert (row.order.id, row.owed_fen, row.why) == (order.id, 62_000, Why.DEPOSIT)


def test_nothing_has_changed_so_it_is_billed_again_and_nothing_is_open(database: Database) -> None:
    # given
    order, by = make_settled(), manager()
    service.reopen(order, _WHY, by=by, at=LATER)
    # when
    order.move_to(Stage.WASH, by, LATER)
    handover.finish_wash(order, by=order.advisor, at=LATER)
    bill = settlement.make_settlement(order, by=by, at=LATER)
    settlement.close_settlement(bill, by=by, at=LATER)
    # then
    assert order.stage is Stage.READY
    assert not balances.load(order.branch).to_give


def test_work_is_added_after_the_bill_and_only_the_rest_is_paid(database: Database) -> None:
    # given
    order, by = make_settled(), manager()
    service.reopen(order, _WHY, by=by, at=LATER)
    added = quotations.make_addition(order)
    # when
    quotation.answer_addition(
        added,
        quotations.yes_to_all(added),
        channel=ConsentChannel.IN_PERSON,
        signer_name="王小明",
        by=order.advisor,
        at=AT,
    )
    # then
    assert order.stage is Stage.AUTHORISED
    assert [job.state for job in repair.list_unfinished(order)] == [JobState.WAITING]


def test_the_customer_is_told_again_when_it_is_ready_again(database: Database) -> None:
    # given
    order, by = make_settled(), manager()
    handover.tell_ready(order, Channel.PHONE, reached=True, by=order.advisor, at=AT)
    assert order.id in worklist.list_told_ids(order.branch)
    # when
    service.reopen(order, _WHY, by=by, at=LATER)
    order.move_to(Stage.WASH, by, LATER)
    handover.finish_wash(order, by=order.advisor, at=LATER)
    # then
    assert order.id not in worklist.list_told_ids(order.branch)
    (row,) = [each for each in worklist.list_waiting(order.branch) if each.order.id == order.id]
    assert row.told is None


def test_a_paid_bill_is_not_taken_back_by_the_advisor(database: Database) -> None:
    order = make_settled()
    with pytest.raises(NotAllowed):
        service.reopen(order, _WHY, by=order.advisor, at=LATER)


def test_an_open_bill_is(database: Database) -> None:
    order = make_settlement().order
    service.reopen(order, _WHY, by=order.advisor, at=LATER)
    assert order.stage is Stage.FINAL_CHECK


def test_a_reason_is_asked(database: Database) -> None:
    order = make_settlement().order
    with pytest.raises(Invalid, match="what the customer wants"):
        service.reopen(order, "  ", by=order.advisor, at=LATER)


def test_a_credit_that_is_being_decided_comes_first(database: Database) -> None:
    bill = make_settlement()
    by = make_user(RoleName.CASHIER)
    paying.ask_credit(bill, DAY + timedelta(days=30), "老客户", by=by, at=AT)
    with pytest.raises(RuleBroken, match="credit request waits"):
        service.reopen(bill.order, _WHY, by=bill.order.advisor, at=LATER)


@pytest.mark.parametrize("stage", [Stage.REPAIR, Stage.DELIVERED])
def test_other_stages_need_it_not(database: Database, stage: Stage) -> None:
    order = make_order(stage, ready_at=AT, delivered_at=AT if stage is Stage.DELIVERED else None)
    with pytest.raises(RuleBroken, match="not possible while"):
        service.reopen(order, _WHY, by=order.advisor, at=LATER)


def test_the_page_to_change_the_work_leads_there(
    database: Database, sign_in: Callable[[User], FlaskClient], at: datetime
) -> None:
    # given
    order, boss = make_settled(), manager()
    boss.locale = order.advisor.locale = "en"
    address = f"/orders/{order.no}"
    no = order.no
    # when: the advisor reads who may
    advisor = sign_in(order.advisor)
    assert f'href="{address}/reopen"' in advisor.get(f"{address}/change").text
    assert "A paid bill has to be taken back." in advisor.get(f"{address}/reopen").text
    # and the manager does it
    client = sign_in(boss)
    refused = client.post(f"{address}/reopen", data={"reason": ""})
    done = client.post(f"{address}/reopen", data={"reason": _WHY})
    page = client.get(done.location).text
    # then
    assert refused.status_code == 422
    assert done.location == f"{address}/change"
    assert "Work can be added and taken off again." in page
    assert session.query(RepairOrder).filter_by(no=no).one().stage is Stage.FINAL_CHECK


# ---- Declined, and let go already ----


def current(order: RepairOrder) -> Quotation:
    found = quotation_queries.find_current(order)
    assert found is not None
    return found


def released() -> RepairOrder:
    """The customer wanted nothing, and the car stands ready without a bill."""
    offered = quotations.make_offer()
    order = offered.order
    quotation.decline(offered, "太贵", by=order.advisor, at=AT)
    handover.release_declined(order, by=order.advisor, at=AT)
    return order


def test_a_declined_car_that_was_released_is_offered_again_and_signed(database: Database) -> None:
    # given
    order = released()
    handover.tell_ready(order, Channel.PHONE, reached=True, by=order.advisor, at=AT)
    before = current(order)
    told = messages(order)
    # when
    service.reopen(order, "还是做刹车", by=order.advisor, at=LATER)
    # then
    assert told == [
        "The car does not count as ready any more. What was declined stands in a new version of "
        "the quotation; nothing is done before the customer has signed it.",
        "The customer was told that the car is ready: call them.",
    ]
    new = current(order)
    assert (order.stage, order.ready_at) == (Stage.QUOTED, None)
    assert (new.is_draft, new.version_no) == (True, before.version_no + 1)
    assert new.total_fen == before.total_fen
    assert before.state is QuotationState.SUPERSEDED
    assert order.id not in worklist.list_told_ids(order.branch)
    # when
    quotation.offer(order, by=order.advisor, at=LATER)
    quotation.authorise(
        new, quotations.yes_to_all(new), signer_name="王小明", by=order.advisor, at=LATER
    )
    # then: the work is planned, and nothing of it is deferred any more
    assert order.stage is Stage.AUTHORISED
    assert repair.list_unfinished(order)
    assert history.list_deferred(order.vehicle) == []


def test_it_may_be_declined_and_released_again(database: Database) -> None:
    order = released()
    service.reopen(order, "还是做刹车", by=order.advisor, at=LATER)
    again = quotation.offer(order, by=order.advisor, at=LATER)
    quotation.decline(again, "还是不做", by=order.advisor, at=LATER)
    handover.release_declined(order, by=order.advisor, at=LATER)
    assert (order.stage, order.ready_at) == (Stage.READY, LATER)
    assert len(history.list_deferred(order.vehicle)) == 1


def test_the_handover_leads_there_and_says_who_may(
    database: Database, sign_in: Callable[[User], FlaskClient]
) -> None:
    # given
    order, boss = released(), manager()
    greeter = make_user(RoleName.CASHIER)
    for each in (boss, order.advisor, greeter):
        each.locale = "en"
    address, advisor = f"/orders/{order.no}", order.advisor
    session.commit()
    # then
    page = sign_in(greeter).get(f"{address}/reopen")
    assert page.status_code == 403
    assert "may do it" in page.text
    # when
    client = sign_in(advisor)
    assert f'href="{address}/reopen"' in client.get(f"{address}/handover").text
    assert "a new version of the quotation" in client.get(f"{address}/reopen").text
    assert client.post(f"{address}/reopen", data={"reason": " "}).status_code == 422
    done = client.post(f"{address}/reopen", data={"reason": "还是做刹车"})
    # then
    assert done.location == f"{address}/quotation"
    assert "A new version of the quotation is begun." in client.get(done.location).text
    assert client.post(f"{address}/reopen", data={"reason": "x"}).status_code == 409


def test_after_a_charge_for_the_diagnosis_the_work_is_added(database: Database) -> None:
    # given
    offered = quotations.make_offer()
    order = offered.order
    quotation.decline(offered, "太贵", by=order.advisor, at=AT)
    handover.charge_diagnosis(order, 20_000, signer_name="王", by=order.advisor, at=AT)
    # when
    service.reopen(order, "还是做刹车", by=order.advisor, at=LATER)
    added = quotations.make_addition(order)
    quotation.answer_addition(
        added,
        quotations.yes_to_all(added),
        channel=ConsentChannel.IN_PERSON,
        signer_name="王小明",
        by=order.advisor,
        at=LATER,
    )
    # then
    assert (order.stage, order.ready_at) == (Stage.AUTHORISED, None)
    assert repair.list_unfinished(order)
